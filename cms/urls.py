from django.urls import path

from cms import views
from cms.standard_pages import KEYS

app_name = "cms"

urlpatterns = [
    path("", views.home, name="home"),
    *[path(f"{key}/", views.standard_page, {"key": key}, name=key) for key in KEYS],
    path("knowledge/", views.work_list, name="work_list"),
    path("file/<path:name>", views.file, name="file"),
]
