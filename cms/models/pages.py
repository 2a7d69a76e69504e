"""What all pages have: an audience outside revisions, and a language."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import (
    FieldPanel,
    InlinePanel,
    MultiFieldPanel,
    PageChooserPanel,
)
from wagtail.fields import StreamField
from wagtail.models import Orderable, Page

from cms.blocks import BodyBlock, VoicesBlock
from network.audience import AudienceField
from network.languages import NORWEGIAN, content_language_choices


class PageAudience(models.Model):
    """Who may see a page. Not a page field: an older draft would bring it back.

    Written only by cms/audience.py. A page without a row is seen by nobody.
    """

    page = models.OneToOneField(Page, models.CASCADE, related_name="audience_row")
    audience = AudienceField()

    class Meta:
        verbose_name = _("audience of a page")
        verbose_name_plural = _("audiences of pages")

    def __str__(self):
        return f"{self.page_id}: {self.audience}"


class ContentPage(Page):
    """What our page types share. A Norwegian page is in nynorsk or bokmål, not both:
    there is one Norwegian locale, and a work has one page in each locale."""

    language = models.CharField(
        _("language"),
        max_length=2,
        choices=content_language_choices,
        blank=True,
        help_text=_("A Norwegian page: nynorsk or bokmål. Others follow their tree."),
    )

    private_page_options = []
    promote_panels = [
        MultiFieldPanel(
            [
                FieldPanel("slug"),
                FieldPanel("seo_title"),
                FieldPanel("search_description"),
            ],
            _("For search engines"),
        )
    ]

    class Meta:
        abstract = True

    def copy_all_child_relations(self, target, **kwargs):
        """Wagtail's way to a copy: let it know where it comes from, for its audience."""
        target.copied_from = self
        return super().copy_all_child_relations(target, **kwargs)

    def full_clean(self, *args, **kwargs):
        self.language = self.language_of_locale()
        super().full_clean(*args, **kwargs)

    def save(self, *args, **kwargs):
        self.language = self.language_of_locale()
        super().save(*args, **kwargs)

    def language_of_locale(self) -> str:
        """Its own form on a Norwegian page (bokmål if none is said), else the locale's."""
        code = self.locale.language_code if self.locale_id else self.language
        if code in NORWEGIAN:
            return self.language if self.language in NORWEGIAN else code
        return code


class HomePage(ContentPage):
    """The front page of one language: what visitors see, chosen by the editors."""

    hero_title = models.CharField(_("title"), max_length=120, blank=True)
    hero_text = models.TextField(_("introduction"), max_length=400, blank=True)
    voices = StreamField(
        VoicesBlock(),
        verbose_name=_("two voices"),
        blank=True,
    )
    joining_title = models.CharField(_("invitation: title"), max_length=120, blank=True)
    joining_text = models.TextField(_("invitation: text"), max_length=400, blank=True)

    content_panels = Page.content_panels + [
        FieldPanel("language"),
        MultiFieldPanel(
            [FieldPanel("hero_title"), FieldPanel("hero_text")], _("At the top")
        ),
        FieldPanel("voices"),
        InlinePanel("featured", label=_("Featured work"), max_num=5),
        MultiFieldPanel(
            [FieldPanel("joining_title"), FieldPanel("joining_text")], _("The way in")
        ),
    ]
    parent_page_types = ["wagtailcore.Page"]
    max_count_per_parent = None

    class Meta:
        verbose_name = _("home page")
        verbose_name_plural = _("home pages")


class FeaturedWork(Orderable):
    home = ParentalKey(HomePage, on_delete=models.CASCADE, related_name="featured")
    work = models.ForeignKey(Page, models.CASCADE, related_name="+")

    panels = [PageChooserPanel("work", ["cms.ArticlePage", "cms.LessonPage"])]

    class Meta(Orderable.Meta):
        verbose_name = _("featured work")
        verbose_name_plural = _("featured works")

    def __str__(self):
        return str(self.work_id)


class StandardPage(ContentPage):
    """A page about the network itself: about, privacy, accessibility …"""

    key = models.SlugField(
        _("key"),
        blank=True,
        help_text=_("The site links to some pages by key: about, privacy, conduct …"),
    )
    summary = models.TextField(_("summary"), max_length=300, blank=True)
    body = StreamField(BodyBlock(), verbose_name=_("text"), blank=True)

    content_panels = Page.content_panels + [
        FieldPanel("language"),
        FieldPanel("summary"),
        FieldPanel("body"),
    ]
    settings_panels = [*Page.settings_panels, FieldPanel("key")]
    parent_page_types = ["cms.HomePage", "cms.StandardPage"]

    class Meta:
        verbose_name = _("page")
        verbose_name_plural = _("pages")
