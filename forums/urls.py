from django.urls import path

from forums.views import attachments, drafts, forums, posts, threads

app_name = "forums"
urlpatterns = [
    path("", forums.forum_list, name="forum_list"),
    path("threads/", forums.thread_list, name="thread_list"),
    path("drafts/", drafts.draft_list, name="draft_list"),
    path("drafts/<slug:kind>/<int:pk>/save/", drafts.draft_save, name="draft_save"),
    path(
        "drafts/<slug:kind>/<int:pk>/discard/",
        drafts.draft_discard,
        name="draft_discard",
    ),
    path(
        "drafts/<slug:kind>/<int:pk>/restore/",
        drafts.draft_restore,
        name="draft_restore",
    ),
    path("attachment/", attachments.attachment_new, name="attachment_new"),
    path("thread/<int:pk>/reply/", threads.thread_reply, name="thread_reply"),
    path("thread/<int:pk>/news/", threads.thread_news, name="thread_news"),
    path("thread/<int:pk>/unread/", threads.thread_unread, name="thread_unread"),
    path("thread/<int:pk>/near/", threads.thread_near, name="thread_near"),
    path("thread/<int:pk>/close/", threads.thread_close, name="thread_close"),
    path("thread/<int:pk>/reopen/", threads.thread_reopen, name="thread_reopen"),
    path("thread/<int:pk>/move/", threads.thread_move, name="thread_move"),
    path("thread/<int:pk>/<int:number>/", posts.post_detail, name="post_detail"),
    path("thread/<int:pk>/<int:number>/edit/", posts.post_edit, name="post_edit"),
    path("thread/<int:pk>/<int:number>/hide/", posts.post_hide, name="post_hide"),
    path(
        "thread/<int:pk>/<int:number>/restore/", posts.post_restore, name="post_restore"
    ),
    path("thread/<int:pk>/<int:number>/accept/", posts.post_accept, name="post_accept"),
    path("thread/<int:pk>-<slug:slug>/", threads.thread_detail, name="thread_detail"),
    path("<slug:slug>/", forums.forum_detail, name="forum_detail"),
    path("<slug:slug>/new/", threads.thread_new, name="thread_new"),
]
