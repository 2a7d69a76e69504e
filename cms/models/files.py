"""Pictures and documents: each has an audience and is handed out by one view."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager
from wagtail.documents.models import AbstractDocument, DocumentQuerySet
from wagtail.images.models import AbstractImage, AbstractRendition, ImageQuerySet

from network.audience import (
    MEMBERS,
    PUBLIC,
    STAFF,
    AudienceField,
    AudienceQuerySet,
    audiences_of,
)
from network.files import file_url

FILE_AUDIENCES = [
    (PUBLIC, _("Everybody")),
    (MEMBERS, _("Members")),
    (STAFF, _("Staff")),
]


def uploader(related_name: str) -> models.ForeignKey:
    """Wagtail's field by another reverse name: its own models, unused, have that."""
    field = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name=related_name,
        verbose_name=_("uploaded by"),
    )
    field.wagtail_reference_index_ignore = True
    return field


class VisibleImages(AudienceQuerySet, ImageQuerySet):
    pass


class VisibleDocuments(AudienceQuerySet, DocumentQuerySet):
    pass


class Image(AbstractImage):
    audience = AudienceField(
        _("who may see it"), choices=FILE_AUDIENCES, blank=False, default=PUBLIC
    )
    credit = models.CharField(_("credit"), max_length=200, blank=True)
    uploaded_by_user = uploader("uploaded_images")
    tags = TaggableManager(_("tags"), blank=True, related_name="tagged_images")

    objects = VisibleImages.as_manager()

    admin_form_fields = (
        "title",
        "file",
        "description",
        "credit",
        "audience",
        "collection",
        "tags",
        "focal_point_x",
        "focal_point_y",
        "focal_point_width",
        "focal_point_height",
    )

    class Meta(AbstractImage.Meta):
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")


class RenditionQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(image__audience__in=audiences_of(user))


class Rendition(AbstractRendition):
    """A picture in one size: seen by whoever may see the picture."""

    image = models.ForeignKey(
        Image, models.CASCADE, related_name="renditions", verbose_name=_("picture")
    )

    objects = RenditionQuerySet.as_manager()

    class Meta:
        verbose_name = _("picture in one size")
        verbose_name_plural = _("pictures in one size")
        constraints = [
            models.UniqueConstraint(
                fields=["image", "filter_spec", "focal_point_key"],
                name="rendition_once",
            )
        ]


class Document(AbstractDocument):
    audience = AudienceField(
        _("who may see it"), choices=FILE_AUDIENCES, blank=False, default=MEMBERS
    )
    uploaded_by_user = uploader("uploaded_documents")
    tags = TaggableManager(_("tags"), blank=True, related_name="tagged_documents")

    objects = VisibleDocuments.as_manager()

    admin_form_fields = ("title", "file", "audience", "collection", "tags")

    class Meta(AbstractDocument.Meta):
        verbose_name = _("document")
        verbose_name_plural = _("documents")

    @property
    def url(self) -> str:
        return file_url(self.file)
