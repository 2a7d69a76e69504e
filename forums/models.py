from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.audience import (
    STAFF,
    AudienceField,
    AudienceQuerySet,
    allows,
    audiences_of,
    exclusions_of,
)
from network.languages import content_language_choices
from network.markdown import plain_text

POSTS_A_PAGE = 30


def moderated_by(user) -> set[int]:
    """Forums whose moderator this member is; no query, it is among the audiences."""
    keys = (audience.partition(".") for audience in audiences_of(user))
    return {int(pk) for kind, _dot, pk in keys if kind == "forum"}


def unheard_by(user) -> set[int]:
    """People who are kept apart from this one: neither is shown the other's words."""
    keys = (key.partition(".") for key in exclusions_of(user))
    return {int(pk) for kind, _dot, pk in keys if kind == "user"}


class ForumQuerySet(AudienceQuerySet):
    def visible_to(self, user):
        """Its audience sees a forum, and whoever moderates it, if anybody sees it."""
        moderated = Q(pk__in=moderated_by(user)) & ~Q(audience="")
        return self.filter(Q(audience__in=audiences_of(user)) | moderated)


class Forum(models.Model):
    """A room for threads, seen by its audience; a room below it is never wider."""

    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(_("address"), max_length=60, unique=True)
    description = models.TextField(_("description"), blank=True, max_length=600)
    audience = AudienceField(_("audience"))
    language = models.CharField(
        _("language"), max_length=2, blank=True, choices=content_language_choices
    )
    themes = models.ManyToManyField(
        "themes.Theme", blank=True, related_name="forums", verbose_name=_("themes")
    )
    moderators = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        blank=True,
        related_name="moderated_forums",
        verbose_name=_("moderators"),
    )
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("forum above"),
    )
    position = models.PositiveIntegerField(_("position"), default=0)
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True)

    objects = ForumQuerySet.as_manager()

    class Meta:
        verbose_name = _("forum")
        verbose_name_plural = _("forums")
        ordering = ["position", "name"]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("forums:forum_detail", args=[self.slug])

    def clean(self):
        if self.parent and self.parent.parent_id:
            raise ValidationError({"parent": _("Forums stand at most two deep.")})
        if self.parent and not allows(self.parent.audience, self.audience):
            raise ValidationError(
                {"audience": _("Wider than the audience of the forum above.")}
            )

    @property
    def is_open(self) -> bool:
        return self.archived_at is None


class ThreadQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Whoever sees the forum sees its threads, save those of a blocked person."""
        threads = self.filter(forum__in=Forum.objects.visible_to(user))
        unheard = unheard_by(user)
        return threads.exclude(author__in=unheard) if unheard else threads


class Thread(models.Model):
    """A conversation in a forum, with the forum's audience."""

    class Kind(models.TextChoices):
        DISCUSSION = "discussion", _("Discussion")
        QUESTION = "question", _("Question")
        EXPERIENCE = "experience", _("Experience")

    forum = models.ForeignKey(
        Forum, models.PROTECT, related_name="threads", verbose_name=_("forum")
    )
    kind = models.CharField(
        _("kind"), max_length=12, choices=Kind, default=Kind.DISCUSSION
    )
    title = models.CharField(_("title"), max_length=200)
    slug = models.SlugField(_("address"), max_length=80)
    language = models.CharField(
        _("language"), max_length=2, choices=content_language_choices
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="threads",
        verbose_name=_("author"),
    )
    author_name = models.CharField(_("author's name"), max_length=150, blank=True)
    themes = models.ManyToManyField(
        "themes.Theme", blank=True, related_name="threads", verbose_name=_("themes")
    )
    created_at = models.DateTimeField(_("started"), default=timezone.now)
    last_post_at = models.DateTimeField(_("last post"), default=timezone.now)
    last_number = models.PositiveIntegerField(
        _("last number"), default=0, editable=False
    )
    revision = models.PositiveIntegerField(
        _("revision"),
        default=0,
        editable=False,
        help_text=_("Counts every change to its posts."),
    )
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    accepted_post = models.ForeignKey(
        "Post",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("accepted answer"),
    )
    source_id = models.CharField(
        _("source id"), max_length=200, unique=True, null=True, blank=True
    )
    source_digest = models.CharField(
        _("digest of the source"), max_length=64, blank=True, editable=False
    )
    source_url = models.URLField(_("source"), max_length=500, blank=True)
    licence = models.CharField(_("licence"), max_length=80, blank=True)
    attribution = models.CharField(_("attribution"), max_length=500, blank=True)

    objects = ThreadQuerySet.as_manager()

    class Meta:
        verbose_name = _("thread")
        verbose_name_plural = _("threads")
        indexes = [
            models.Index(fields=["forum", "-last_post_at"], name="thread_latest"),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("forums:thread_detail", args=[self.pk, self.slug])

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def pages(self) -> int:
        """Posts are paged by number, so that a page is found without counting."""
        return max(1, -(-self.last_number // POSTS_A_PAGE))


def shown_to(user) -> Q:
    """Which posts of a visible thread this reader is shown."""
    shown = Q(hidden_at=None) | Q(thread__forum__in=moderated_by(user))
    if getattr(user, "is_authenticated", False):
        shown |= Q(author=user.pk)
    if STAFF in audiences_of(user):
        shown |= Q(hidden_at__isnull=False)
    unheard = unheard_by(user)
    return shown & ~Q(author__in=unheard) if unheard else shown


class PostQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Hidden posts stay visible, marked, to their author and to moderators."""
        posts = self.filter(
            shown_to(user), thread__forum__in=Forum.objects.visible_to(user)
        )
        unheard = unheard_by(user)
        return posts.exclude(thread__author__in=unheard) if unheard else posts

    def kept_from(self, user):
        """Those that `visible_to` leaves out of threads that are visible."""
        return self.exclude(shown_to(user))

    def with_authors(self):
        return self.select_related("author__profile")

    def on_page(self, page: int):
        first = (page - 1) * POSTS_A_PAGE
        return self.filter(number__gt=first, number__lte=first + POSTS_A_PAGE)


class Post(models.Model):
    """What one person wrote in a thread; number 1 began it, the rest are replies."""

    thread = models.ForeignKey(
        Thread, models.CASCADE, related_name="posts", verbose_name=_("thread")
    )
    number = models.PositiveIntegerField(_("number"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="posts",
        verbose_name=_("author"),
    )
    author_name = models.CharField(_("author's name"), max_length=150, blank=True)
    markdown = models.TextField(_("text"))
    html = models.TextField(_("HTML"), editable=False)
    language = models.CharField(
        _("language"), max_length=2, choices=content_language_choices
    )
    created_at = models.DateTimeField(_("written"), default=timezone.now)
    edited_at = models.DateTimeField(_("edited"), null=True, blank=True)
    hidden_at = models.DateTimeField(_("hidden"), null=True, blank=True)
    revision = models.PositiveIntegerField(
        _("revision"),
        default=0,
        editable=False,
        help_text=_("The thread's, when this last changed."),
    )
    token = models.CharField(
        _("token of the form"),
        max_length=40,
        null=True,
        blank=True,
        editable=False,
        help_text=_("Of the form it was sent with: sent twice, it stands once."),
    )
    source_id = models.CharField(
        _("source id"), max_length=200, unique=True, null=True, blank=True
    )

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        ordering = ["thread", "number"]
        constraints = [
            models.UniqueConstraint(fields=["thread", "number"], name="post_number"),
            models.UniqueConstraint(fields=["author", "token"], name="post_token"),
            models.CheckConstraint(
                condition=Q(author__isnull=False) | ~Q(author_name=""),
                name="post_has_a_name",
            ),
        ]
        indexes = [
            models.Index(fields=["thread", "revision"], name="post_changed"),
            models.Index(
                fields=["thread"], condition=~Q(hidden_at=None), name="post_hidden"
            ),
        ]

    def __str__(self):
        return f"{self.thread_id}/{self.number}"

    def get_absolute_url(self):
        """A lasting link to this post, wherever in the thread it stands."""
        return reverse("forums:post_detail", args=[self.thread_id, self.number])

    @property
    def plain_text(self) -> str:
        return plain_text(self.markdown)

    @property
    def page(self) -> int:
        return -(-self.number // POSTS_A_PAGE)

    @property
    def is_reply(self) -> bool:
        return self.number > 1


class ReadMarkQuerySet(models.QuerySet):
    def read_to(self, user, thread: Thread, number: int) -> None:
        """The reader has come to this post; what was read further on stays read."""
        mine = self.filter(user=user.pk, thread=thread.pk)
        if not mine.filter(number__lt=number).update(number=number, at=timezone.now()):
            mark = self.model(user_id=user.pk, thread=thread, number=number)
            self.bulk_create([mark], ignore_conflicts=True)

    def wrote(self, author, post: Post) -> None:
        """Whoever had read all before their post goes on after it; nobody skips any."""
        mine = self.filter(user=author.pk, thread=post.thread_id)
        mine.filter(number=post.number - 1).update(number=post.number)


class ReadMark(models.Model):
    """How far somebody has read in a thread, on whichever device."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="read_marks",
        verbose_name=_("reader"),
    )
    thread = models.ForeignKey(
        Thread, models.CASCADE, related_name="read_marks", verbose_name=_("thread")
    )
    number = models.PositiveIntegerField(_("read to the post"))
    at = models.DateTimeField(_("read"), default=timezone.now)

    objects = ReadMarkQuerySet.as_manager()

    class Meta:
        verbose_name = _("read mark")
        verbose_name_plural = _("read marks")
        constraints = [
            models.UniqueConstraint(fields=["user", "thread"], name="one_read_mark")
        ]

    def __str__(self):
        return f"{self.user_id}: {self.thread_id}/{self.number}"
