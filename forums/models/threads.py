from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from forums.models.forums import Forum, moderated_by
from network.audience import STAFF, audiences_of, exclusions_of
from network.languages import content_language_choices


def unheard_by(user) -> set[int]:
    """People who are kept apart from this one: neither is shown the other's words."""
    keys = (key.partition(".") for key in exclusions_of(user))
    return {int(pk) for kind, _dot, pk in keys if kind == "user"}


def not_hidden_from(user, thread: str = "") -> Q:
    """Threads that are shown, or that this reader began or moderates.

    thread: the way to them from the rows that are asked, as «thread__».
    """
    if STAFF in audiences_of(user):
        return Q()
    shown = Q(**{f"{thread}hidden_at": None})
    if moderated := moderated_by(user):
        shown |= Q(**{f"{thread}forum__in": moderated})
    if getattr(user, "is_authenticated", False):
        shown |= Q(**{f"{thread}author": user.pk})
    return shown


POSTS_A_PAGE = 20


class ThreadQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Whoever sees the forum sees its threads, save hidden and blocked people's."""
        seen = Forum.objects.visible_to(user)
        threads = self.filter(not_hidden_from(user), forum__in=seen)
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
    hidden_posts = models.PositiveIntegerField(
        _("hidden posts"), default=0, editable=False
    )
    revision = models.PositiveIntegerField(
        _("revision"),
        default=0,
        editable=False,
        help_text=_("Counts every change to its posts."),
    )
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    closing_note = models.CharField(_("why it is closed"), max_length=300, blank=True)
    hidden_at = models.DateTimeField(
        _("hidden"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("With its first post: title and answers, too."),
    )
    pinned_at = models.DateTimeField(_("pinned"), null=True, blank=True)
    moved_at = models.DateTimeField(
        _("moved to its forum"), null=True, blank=True, editable=False
    )
    about = models.CharField(
        _("about"), max_length=60, blank=True, editable=False, db_index=True
    )
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
            # Lists and counts of a forum are answered from it alone.
            models.Index(
                fields=[
                    "forum",
                    "-last_post_at",
                    "-id",
                    "hidden_at",
                    "author",
                    "kind",
                    "pinned_at",
                ],
                name="thread_latest",
            ),
            models.Index(fields=["-last_post_at", "-id"], name="thread_newest"),
            models.Index(
                fields=["forum"], condition=~Q(pinned_at=None), name="thread_pinned"
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("forums:thread_detail", args=[self.pk, self.slug])

    @property
    def unread_url(self) -> str:
        """To the first post one has not read."""
        return reverse("forums:thread_unread", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def pages(self) -> int:
        """Posts are paged by number, so that a page is found without counting."""
        return max(1, -(-self.last_number // POSTS_A_PAGE))
