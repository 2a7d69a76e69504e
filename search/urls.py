from django.urls import path

from search import views

app_name = "search"

urlpatterns = [
    path("", views.search, name="search"),
    path("suggest/", views.suggest, name="suggest"),
    path("explorer/", views.explorer, name="explorer"),
    path("explorer/thin/", views.explorer_thin, name="explorer_thin"),
]
