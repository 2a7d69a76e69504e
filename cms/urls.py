from django.urls import path
from django.views.generic import RedirectView

from cms import views
from cms.standard_pages import KEYS

app_name = "cms"

urlpatterns = [
    path("", views.home, name="home"),
    *[path(f"{key}/", views.standard_page, {"key": key}, name=key) for key in KEYS],
    # Wagtail's own form for signing in: there is one way in, and this is not it.
    path(
        "_util/login/",
        RedirectView.as_view(pattern_name="account_login", query_string=True),
    ),
    path("knowledge/", views.work_list, name="work_list"),
    path("knowledge/<int:page_id>/use/", views.lesson_use, name="lesson_use"),
    path("knowledge/use/<int:pk>/remove/", views.use_remove, name="use_remove"),
]
