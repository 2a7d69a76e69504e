from django.urls import path

from forums import views

app_name = "forums"
urlpatterns = [
    path("", views.forum_list, name="forum_list"),
    path("threads/", views.thread_list, name="thread_list"),
    path("thread/<int:pk>/reply/", views.thread_reply, name="thread_reply"),
    path("thread/<int:pk>/news/", views.thread_news, name="thread_news"),
    path("thread/<int:pk>/unread/", views.thread_unread, name="thread_unread"),
    path("thread/<int:pk>/near/", views.thread_near, name="thread_near"),
    path("thread/<int:pk>/close/", views.thread_close, name="thread_close"),
    path("thread/<int:pk>/reopen/", views.thread_reopen, name="thread_reopen"),
    path("thread/<int:pk>/move/", views.thread_move, name="thread_move"),
    path("thread/<int:pk>/<int:number>/", views.post_detail, name="post_detail"),
    path("thread/<int:pk>/<int:number>/edit/", views.post_edit, name="post_edit"),
    path("thread/<int:pk>/<int:number>/hide/", views.post_hide, name="post_hide"),
    path(
        "thread/<int:pk>/<int:number>/restore/", views.post_restore, name="post_restore"
    ),
    path("thread/<int:pk>/<int:number>/accept/", views.post_accept, name="post_accept"),
    path("thread/<int:pk>-<slug:slug>/", views.thread_detail, name="thread_detail"),
    path("<slug:slug>/", views.forum_detail, name="forum_detail"),
    path("<slug:slug>/new/", views.thread_new, name="thread_new"),
]
