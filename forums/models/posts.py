from functools import lru_cache

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from forums.models.forums import Forum, moderated_by
from forums.models.threads import (
    POSTS_A_PAGE,
    Thread,
    not_hidden_from,
    unheard_by,
)
from network.audience import (
    STAFF,
    audiences_of,
)
from network.languages import content_language_choices
from network.markdown import plain_text


def shown_to(user) -> Q:
    """Which posts of a visible thread this reader is shown."""
    shown = Q(hidden_at=None)
    if moderated := moderated_by(user):  # else the threads need not be looked at
        shown |= Q(thread__forum__in=moderated)
    if getattr(user, "is_authenticated", False):
        shown |= Q(author=user.pk)
    if STAFF in audiences_of(user):
        shown |= Q(hidden_at__isnull=False)
    unheard = unheard_by(user)
    return shown & ~Q(author__in=unheard) if unheard else shown


@lru_cache(1000)
def _address_in(thread_id: int) -> str:
    """Of the thread's posts, without their number: a page asks for it often."""
    return reverse("forums:post_detail", args=[thread_id, 1]).removesuffix("1/")


class PostQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Hidden posts stay visible, marked, to their author and to moderators."""
        seen = not_hidden_from(user, "thread__")
        posts = self.filter(
            shown_to(user), seen, thread__forum__in=Forum.objects.visible_to(user)
        )
        unheard = unheard_by(user)
        return posts.exclude(thread__author__in=unheard) if unheard else posts

    def of(self, thread: Thread, user):
        """Those of a thread that is visible to the reader, in their order."""
        shown = self.filter(shown_to(user), thread=thread)
        return shown.select_related("author__profile").order_by("number")

    def kept_from(self, user):
        """Those that `visible_to` leaves out of threads that are visible."""
        return self.exclude(shown_to(user))

    def on_page(self, page: int):
        first = (page - 1) * POSTS_A_PAGE
        return self.filter(number__gt=first, number__lte=first + POSTS_A_PAGE)


class Post(models.Model):
    """What one person wrote in a thread; number 1 began it, the rest are replies."""

    thread = models.ForeignKey(
        Thread,
        models.CASCADE,
        db_index=False,  # `post_number` begins with it, and leads to part of a thread
        related_name="posts",
        verbose_name=_("thread"),
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
    edits = models.PositiveIntegerField(_("times edited"), default=0, editable=False)
    hidden_at = models.DateTimeField(_("hidden"), null=True, blank=True)
    hidden_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("hidden by"),
    )
    hidden_reason = models.CharField(_("why it is hidden"), max_length=500, blank=True)
    hidden_for_now = models.BooleanField(
        _("hidden for now"),
        default=False,
        editable=False,
        help_text=_("By those who reported it, until a moderator has looked at it."),
    )
    files_below = models.PositiveSmallIntegerField(
        _("files below"),
        default=0,
        editable=False,
        help_text=_("Attachments that do not stand in its text."),
    )
    reactions = models.JSONField(
        _("reactions"),
        default=dict,
        editable=False,
        help_text=_("How many of each kind."),
    )
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
        return f"{_address_in(self.thread_id)}{self.number}/"

    @property
    def plain_text(self) -> str:
        return plain_text(self.markdown)

    @property
    def page(self) -> int:
        return -(-self.number // POSTS_A_PAGE)

    @property
    def is_reply(self) -> bool:
        return self.number > 1
