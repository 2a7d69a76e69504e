from django.urls import path

from cms import views

app_name = "cms"

urlpatterns = [
    path("", views.home, name="home"),
    path("knowledge/", views.work_list, name="work_list"),
    path("file/<path:name>", views.file, name="file"),
]
