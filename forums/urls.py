from django.urls import path

from forums.views import (
    attachments,
    bookmarks,
    discuss,
    drafts,
    feeds,
    flags,
    forums,
    history,
    live,
    marks,
    posts,
    printing,
    reactions,
    reviews,
    rooms,
    settings,
    similar,
    threads,
)

app_name = "forums"
urlpatterns = [
    path("", forums.forum_list, name="forum_list"),
    path("similar/", similar.similar, name="similar"),
    path("threads/", forums.thread_list, name="thread_list"),
    path("threads/news/", live.thread_list_news, name="thread_list_news"),
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
    path("bookmarks/", bookmarks.bookmark_list, name="bookmark_list"),
    path("bookmarks/<int:pk>/", bookmarks.bookmark_edit, name="bookmark_edit"),
    path(
        "bookmarks/<int:pk>/remove/", bookmarks.bookmark_remove, name="bookmark_remove"
    ),
    path(
        "bookmarks/<int:pk>/restore/",
        bookmarks.bookmark_restore,
        name="bookmark_restore",
    ),
    path("feeds/", feeds.feed_list, name="feed_list"),
    path("feeds/renew/", feeds.feeds_renew, name="feeds_renew"),
    path("feeds/forum/<int:pk>/", feeds.forum_feed, name="forum_feed"),
    path("feeds/thread/<int:pk>/", feeds.thread_feed, name="thread_feed"),
    path("feeds/<str:token>/forum/<int:pk>/", feeds.forum_feed, name="own_forum_feed"),
    path(
        "feeds/<str:token>/thread/<int:pk>/", feeds.thread_feed, name="own_thread_feed"
    ),
    path("attachment/", attachments.attachment_new, name="attachment_new"),
    path("read/", marks.forums_read, name="forums_read"),
    path("read/undo/", marks.forums_unread, name="forums_unread"),
    path("discuss/", discuss.discuss, name="discuss"),
    path("review/", reviews.review_list, name="review_list"),
    path("review/<int:pk>/", reviews.review_detail, name="review_detail"),
    path("review/<int:pk>/claim/", reviews.review_claim, name="review_claim"),
    path("review/<int:pk>/release/", reviews.review_release, name="review_release"),
    path("decisions/", reviews.decision_list, name="decision_list"),
    path("rooms/", rooms.room_list, name="room_list"),
    path("rooms/new/", rooms.room_new, name="room_new"),
    path("rooms/countries/", rooms.room_countries, name="room_countries"),
    path("rooms/<int:pk>/", rooms.room_edit, name="room_edit"),
    path("rooms/<int:pk>/archive/", rooms.room_archive, name="room_archive"),
    path("rooms/<int:pk>/unarchive/", rooms.room_unarchive, name="room_unarchive"),
    path(
        "rooms/partnership/<slug:slug>/",
        rooms.room_of_partnership,
        name="room_of_partnership",
    ),
    path("rooms/round/<int:pk>/", rooms.room_of_round, name="room_of_round"),
    path("thread/<int:pk>/reply/", threads.thread_reply, name="thread_reply"),
    path("thread/<int:pk>/news/", threads.thread_news, name="thread_news"),
    path("thread/<int:pk>/unread/", threads.thread_unread, name="thread_unread"),
    path("thread/<int:pk>/here/", live.thread_here, name="thread_here"),
    path("thread/<int:pk>/near/", threads.thread_near, name="thread_near"),
    path("thread/<int:pk>/close/", threads.thread_close, name="thread_close"),
    path("thread/<int:pk>/reopen/", threads.thread_reopen, name="thread_reopen"),
    path("thread/<int:pk>/move/", threads.thread_move, name="thread_move"),
    path(
        "thread/<int:pk>/bookmark/", bookmarks.thread_bookmark, name="thread_bookmark"
    ),
    path("thread/<int:pk>/print/", printing.thread_print, name="thread_print"),
    path("thread/<int:pk>/settings/", settings.thread_settings, name="thread_settings"),
    path("thread/<int:pk>/pin/", settings.thread_pin, name="thread_pin"),
    path("thread/<int:pk>/unpin/", settings.thread_unpin, name="thread_unpin"),
    path("thread/<int:pk>/<int:number>/", posts.post_detail, name="post_detail"),
    path("thread/<int:pk>/<int:number>/edit/", posts.post_edit, name="post_edit"),
    path("thread/<int:pk>/<int:number>/flag/", flags.post_flag, name="post_flag"),
    path("thread/<int:pk>/<int:number>/hide/", posts.post_hide, name="post_hide"),
    path(
        "thread/<int:pk>/<int:number>/restore/", posts.post_restore, name="post_restore"
    ),
    path(
        "thread/<int:pk>/<int:number>/history/",
        history.post_history,
        name="post_history",
    ),
    path(
        "thread/<int:pk>/<int:number>/history/<int:version>/remove/",
        history.version_remove,
        name="version_remove",
    ),
    path(
        "thread/<int:pk>/<int:number>/bookmark/",
        bookmarks.post_bookmark,
        name="post_bookmark",
    ),
    path(
        "thread/<int:pk>/<int:number>/react/", reactions.post_react, name="post_react"
    ),
    path(
        "thread/<int:pk>/<int:number>/reactions/",
        reactions.post_reactions,
        name="post_reactions",
    ),
    path("thread/<int:pk>/<int:number>/accept/", posts.post_accept, name="post_accept"),
    path("thread/<int:pk>-<slug:slug>/", threads.thread_detail, name="thread_detail"),
    path("<slug:slug>/", forums.forum_detail, name="forum_detail"),
    path("<slug:slug>/read/", marks.forum_read, name="forum_read"),
    path("<slug:slug>/new/", threads.thread_new, name="thread_new"),
]
