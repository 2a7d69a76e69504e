from django.contrib import admin
from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls

from network import views
from network.files import file

urlpatterns = [
    path("healthz/", views.healthz, name="healthz"),
    path("file/<path:name>", file, name="file"),
    path("favicon.ico", views.favicon),
    path("language/", views.set_language, name="set_language"),
    path("account/", include("network.people.account_urls")),
    path("themes/", include("network.themes.urls")),
    path("people/", include("network.people.urls")),
    path("", include("network.exchange.urls")),
    path("inbox/", include("network.notifications.urls")),
    path("forums/", include("forums.urls")),
    path("search/", include("search.urls")),
    path("", include("cms.urls")),
    path("editor/login/", views.editor_login),
    path("editor/", include(wagtailadmin_urls)),
    path("admin/", admin.site.urls),
    path("", include(wagtail_urls)),
]
