from django.urls import path

from network.themes import views

app_name = "themes"
urlpatterns = [
    path("", views.theme_list, name="theme_list"),
    path("<slug:slug>/", views.theme_detail, name="theme_detail"),
]
