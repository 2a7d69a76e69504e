from django.urls import path

from network.notifications import views

app_name = "notifications"
urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("bell/", views.bell, name="bell"),
    path("read/", views.inbox_read, name="inbox_read"),
    path("unread/", views.inbox_unread, name="inbox_unread"),
    path("follow/", views.follow, name="follow"),
    path("stop/<str:signed>/", views.unsubscribe, name="unsubscribe"),
    path("<int:pk>/", views.notification_open, name="notification_open"),
    path("<int:pk>/read/", views.notification_read, name="notification_read"),
]
