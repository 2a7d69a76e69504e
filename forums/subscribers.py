from functools import partial

from django.db import transaction
from django.db.models import F
from django.db.models.signals import post_delete
from django.dispatch import receiver
from django.utils import timezone

from forums.audiences import seen_by
from forums.events import (
    AnswerAccepted,
    ForumAudienceChanged,
    ForumMade,
    PeopleAsked,
    PostChanged,
    ReactionChanged,
    ReplyPosted,
    ThreadChanged,
    ThreadHidden,
    ThreadMoved,
    ThreadStarted,
)
from forums.followers import follow_room, follow_rooms_of, people_of
from forums.models import Attachment, Forum, Post, ReadMark, Thread
from forums.reactions import tell_author
from forums.shown import PERSON
from forums.targets import (
    ACCEPTED,
    ASKED,
    MENTIONED,
    REPLIED,
    STARTED,
    THREADS,
)
from network import live
from network.audience import can_see
from network.events import subscribe
from network.exchange.events import MembershipChanged, PlacementChanged
from network.notifications.actions import (
    follow_by_rule,
    notify,
    notify_followers,
    read_about,
    take_back,
)
from network.notifications.models import Notification
from network.notifications.targets import kind_of
from network.people.models import User


@subscribe(ThreadStarted)
def notify_of_thread(event):
    post = post_of(event)
    if post:
        notify_followers(STARTED, post.thread, actor=post.author)
        leave_as_read(post)


@subscribe(ReplyPosted)
def notify_of_reply(event):
    post = post_of(event)
    if post:
        notify_followers(REPLIED, post, actor=post.author)
        leave_as_read(post)


def leave_as_read(post: Post) -> None:
    """Whoever had it before their eyes by now hears no news of it."""
    marks = ReadMark.objects.filter(thread=post.thread_id, number__gte=post.number)
    row = told_of(post)
    news = {kind_of(row): [row.pk]}
    told = Notification.objects.unread().about(news)
    told = told.filter(recipient__in=marks.values("user")).values("recipient")
    for reader in User.objects.filter(pk__in=told):
        read_about(reader, news)


@subscribe(ThreadStarted, ReplyPosted, PostChanged)
def tell_mentioned(event):
    """Whom a post names, once; who may not see it now is asked again when it changes.

    One who is named where a thread begins hears of the thread, and of nothing twice.
    """
    post = post_of(event)
    if post is None:
        return
    for mention in post.mentions.filter(told_at=None).select_related("person"):
        if mention.person_id == post.author_id or not can_see(mention.person, post):
            continue
        if notify([mention.person_id], MENTIONED, told_of(post), actor=post.author):
            follow_by_rule(mention.person, post.thread, "mentioned")
        mention.told_at = timezone.now()
        mention.save(update_fields=["told_at"])
    if isinstance(event, PostChanged):
        forget_mentions(post)
    else:
        leave_as_read(post)


def forget_mentions(post: Post) -> None:
    """Of whom it names no longer; that it was written, followers hear all the same."""
    named, row = PERSON.findall(post.html), told_of(post)
    others = post.mentions.exclude(told_at=None).exclude(person__in=named)
    told = Notification.objects.about({kind_of(row): [row.pk]}).filter(verb=MENTIONED)
    never_knew = take_back(told.filter(recipient__in=others.values("person")))
    if never_knew:
        others.filter(person__in=never_knew).update(told_at=None)
        verb = REPLIED if post.is_reply else STARTED
        notify_followers(verb, row, actor=post.author, among=never_knew)


def post_of(event) -> Post | None:
    posts = Post.objects.select_related("thread__forum", "author")
    if isinstance(event, ThreadStarted):
        return posts.filter(thread=event.thread, number=1).first()
    return posts.filter(pk=event.post).first()


def told_of(post: Post) -> Post | Thread:
    return post if post.is_reply else post.thread


@subscribe(AnswerAccepted)
def notify_of_acceptance(event):
    post = Post.objects.select_related("thread").filter(pk=event.post).first()
    if post and post.author_id and post.thread.accepted_post_id == post.pk:
        by = User.objects.filter(pk=event.by).first()
        notify([post.author_id], ACCEPTED, post, actor=by)


@subscribe(ThreadChanged)
def forget_acceptance(event):
    """Of answers that are not accepted any more."""
    answers = Post.objects.filter(thread=event.thread, number__gt=1)
    others = answers.exclude(thread__accepted_post=F("pk"))
    told = Notification.objects.filter(verb=ACCEPTED, target_kind="post")
    told = told.filter(recipient__in=others.values("author"))
    take_back(told.filter(target_id__in=others.values("pk")))


@subscribe(PeopleAsked)
def notify_who_is_asked(event):
    threads = Thread.objects.select_related("author", "forum")
    thread = threads.filter(pk=event.thread).first()
    if thread:
        asked = thread.asks.values_list("asked", flat=True)
        notify(asked, ASKED, thread, actor=thread.author)


@subscribe(ReactionChanged)
def notify_of_reaction(event):
    posts = Post.objects.select_related("thread").exclude(author=None)
    post = posts.filter(pk=event.post, hidden_at=None).first()
    if post:
        tell_author(post, event.user, event.reaction)


@subscribe(ReplyPosted, PostChanged, lane="nudge")
def nudge_thread_of_post(event):
    post = Post.objects.select_related("thread").filter(pk=event.post).first()
    if post:
        thread, by = post.thread, [post.author_id, post.thread.author_id]
        live.nudge(f"thread.{thread.pk}", by=by, revision=thread.revision)


@subscribe(ThreadStarted, ReplyPosted, ThreadMoved, lane="nudge")
def nudge_lists(event):
    """Lists in which a thread stands: of its forum, and of all forums."""
    if isinstance(event, ReplyPosted):
        posts = Post.objects.select_related("thread__forum", "author")
        post = posts.filter(pk=event.post).first()
        thread, by = post and post.thread, post and post.author_id
    else:
        threads = Thread.objects.select_related("forum")
        thread, by = threads.filter(pk=event.thread).first(), None
    if thread:
        by = [by, thread.author_id]
        live.nudge(f"forum.{thread.forum_id}", by=by)
        live.nudge(THREADS, audiences=seen_by(thread.forum), by=by)


@subscribe(ThreadChanged, lane="nudge")
def nudge_thread(event):
    thread = Thread.objects.filter(pk=event.thread).first()
    if thread:
        by = [thread.author_id]
        live.nudge(f"thread.{thread.pk}", by=by, revision=thread.revision)


@subscribe(ForumAudienceChanged, ThreadHidden, ThreadMoved, lane="nudge")
def recheck_pages(event):
    live.recheck(live.EVERYONE)


@subscribe(ForumMade, lane="bulk")
def follow_new_room(event):
    room = Forum.objects.filter(pk=event.forum).first()
    if room:
        follow_room(room, people_of(room))


@subscribe(PlacementChanged, MembershipChanged, lane="bulk")
def follow_fitting_rooms(event):
    person = User.objects.filter(pk=event.user).first()
    if person:
        follow_rooms_of(person)


@receiver(post_delete, sender=Attachment)
def delete_files(instance, **kwargs):
    """Django owns this write: a row may go with its post. Its files go once it has."""
    for file in filter(None, (instance.file, instance.thumb)):
        transaction.on_commit(partial(file.storage.delete, file.name), robust=True)
