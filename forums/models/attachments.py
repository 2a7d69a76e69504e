from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

from forums.models.held import Held
from forums.models.posts import Post
from network.files import file_url

FOLDER = "attachments"
LONGEST_ALT = 300
MOST_HIGH = 576  # pixels of a picture in a text, as attachments.css has it


class AttachmentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Before it is posted its uploader alone, and who looks at a post that waits;

        then whoever sees the post.
        """
        seen = Q(post__in=Post.objects.visible_to(user))
        if getattr(user, "is_authenticated", False):
            seen |= Q(post=None, uploader=user.pk)
            seen |= Q(post=None, held__in=Held.objects.visible_to(user))
        return self.filter(seen)

    def unposted_of(self, user):
        return self.filter(post=None, uploader=user.pk)


def stored_at(attachment, name: str) -> str:
    """A place nobody guesses; the ending alone is the file's own."""
    month = timezone.now().strftime("%Y/%m")
    token = get_random_string(22)
    return f"{FOLDER}/{month}/{token}.{name.rpartition('.')[2]}"


class Attachment(models.Model):
    """A picture or a document sent along with a post."""

    class Kind(models.TextChoices):
        PICTURE = "picture", _("Picture")
        DOCUMENT = "document", _("Document")

    uploader = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="attachments",
        verbose_name=_("uploader"),
    )
    post = models.ForeignKey(
        Post,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="attachments",
        verbose_name=_("post"),
    )
    held = models.ForeignKey(
        Held,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="attachments",
        verbose_name=_("post that waits"),
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    name = models.CharField(_("name"), max_length=120)
    file = models.FileField(
        _("file"), upload_to=stored_at, max_length=120, db_index=True
    )
    thumb = models.FileField(
        _("small picture"),
        upload_to=stored_at,
        max_length=120,
        blank=True,
        db_index=True,
    )
    width = models.PositiveIntegerField(_("width"), null=True, blank=True)
    height = models.PositiveIntegerField(_("height"), null=True, blank=True)
    size = models.PositiveIntegerField(_("size"), help_text=_("Bytes."))
    alt = models.CharField(_("what it shows"), max_length=LONGEST_ALT, blank=True)
    in_text = models.BooleanField(
        _("in the text"),
        default=False,
        editable=False,
        help_text=_("Otherwise it stands below it."),
    )
    created_at = models.DateTimeField(_("sent"), default=timezone.now)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["uploader", "created_at"], name="attachment_day")
        ]

    def __str__(self):
        return self.name

    @property
    def is_picture(self) -> bool:
        return self.kind == self.Kind.PICTURE

    @property
    def url(self) -> str:
        return file_url(self.file)

    @property
    def thumb_url(self) -> str:
        return file_url(self.thumb)

    @property
    def shown_size(self) -> tuple[int, int]:
        """Width and height in a text: its place is kept before it has come."""
        scale = min(1, MOST_HIGH / self.height)
        return round(self.width * scale), round(self.height * scale)

    @property
    def reference(self) -> str:
        """How a text shows it."""
        return f"![{self.alt}](attachment:{self.pk})"

    @property
    def shows(self) -> str:
        """What stands for the picture; a link must have a name, if only the file's."""
        return self.alt or self.name

    @property
    def kind_name(self) -> str:
        """PDF, DOCX: as people know it."""
        return self.name.rpartition(".")[2].upper()
