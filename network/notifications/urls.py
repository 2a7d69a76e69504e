from django.urls import path

from network.notifications.views import inbox, settings, subscriptions

app_name = "notifications"
urlpatterns = [
    path("", inbox.inbox, name="inbox"),
    path("news/", inbox.inbox_news, name="inbox_news"),
    path("bell/", inbox.bell, name="bell"),
    path("read/", inbox.inbox_read, name="inbox_read"),
    path("unread/", inbox.inbox_unread, name="inbox_unread"),
    path("follow/", inbox.follow, name="follow"),
    path("following/", subscriptions.subscription_list, name="subscription_list"),
    path(
        "following/change/",
        subscriptions.subscription_change,
        name="subscription_change",
    ),
    path("settings/", settings.inbox_settings, name="inbox_settings"),
    path("settings/pause/", settings.inbox_pause, name="inbox_pause"),
    path("settings/zone/", settings.inbox_zone, name="inbox_zone"),
    path("stop/<str:signed>/", settings.unsubscribe, name="unsubscribe"),
    path("<int:pk>/", inbox.notification_open, name="notification_open"),
    path("<int:pk>/read/", inbox.notification_read, name="notification_read"),
]
