"""What all pages have: an audience outside revisions, and a language."""

from django.db import models
from django.db.models import Case, F, IntegerField, When, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import (
    FieldPanel,
    HelpPanel,
    InlinePanel,
    MultiFieldPanel,
    PageChooserPanel,
)
from wagtail.fields import StreamField
from wagtail.models import Orderable, Page, PageManager, PageViewRestriction
from wagtail.query import PageQuerySet as WagtailPageQuerySet

from cms.blocks import BodyBlock, VoicesBlock
from cms.page_forms import PageForm
from cms.permissions import may_know
from network.audience import AudienceField, audiences_of
from network.languages import NORWEGIAN, content_language_choices


def is_preview(request) -> bool:
    return getattr(request, "is_preview", False)


class PageAudience(models.Model):
    """Who may see a page. Not a page field: an older draft would bring it back.

    Written only by cms/actions/audience.py. A page without a row is seen by nobody.
    """

    page = models.OneToOneField(
        Page, models.CASCADE, related_name="audience_row", verbose_name=_("page")
    )
    audience = AudienceField(_("audience"))

    class Meta:
        verbose_name = _("audience of a page")
        verbose_name_plural = _("audiences of pages")

    def __str__(self):
        return f"{self.page_id}: {self.audience}"


class PageQuerySet(WagtailPageQuerySet):
    def visible_to(self, user):
        return self.live().filter(audience_row__audience__in=audiences_of(user))

    def best_in(self, languages: list[str]):
        """Of each work the page in the language that stands first in `languages`.

        Filter by audience before: ranks are given among the pages that are left.
        """
        locales = dict.fromkeys("nb" if code == "nn" else code for code in languages)
        order = Case(
            *[
                When(locale__language_code=code, then=n)
                for n, code in enumerate(locales)
            ],
            default=len(locales),
            output_field=IntegerField(),
        )
        rank = Window(
            RowNumber(), partition_by=F("translation_key"), order_by=[order, F("pk")]
        )
        return self.annotate(language_rank=rank).filter(language_rank=1)


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

    objects = PageManager.from_queryset(PageQuerySet)()

    base_form_class = PageForm
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
        """Wagtail's way to a copy: tell it its source, whose audience it takes."""
        target.copied_from = self
        return super().copy_all_child_relations(target, **kwargs)

    def full_clean(self, *args, **kwargs):
        self.language = self.language_of_locale()
        super().full_clean(*args, **kwargs)

    def save(self, *args, **kwargs):
        self.language = self.language_of_locale()
        super().save(*args, **kwargs)

    def permissions_for_user(self, user):
        tester = super().permissions_for_user(user)
        if not may_know(user, self):
            tester.permissions = set()
        return tester

    def get_view_restrictions(self):
        """Wagtail's own privacy is off: the audience decides."""
        return PageViewRestriction.objects.none()

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        return {**context, "translations": self.translations_for(request.user)}

    def translations_for(self, user) -> list["ContentPage"]:
        """This page in other languages, as far as `user` may see them."""
        others = type(self).objects.visible_to(user).exclude(pk=self.pk)
        return list(others.filter(translation_key=self.translation_key))

    def words_of(self, *names: str) -> str:
        """The words of these fields, in order, one paragraph each."""
        texts = []
        for name in names:
            field, value = self._meta.get_field(name), getattr(self, name)
            if isinstance(field, StreamField):
                texts += field.get_searchable_content(value)
            else:
                texts.append(value)
        return "\n".join(text for text in texts if text)

    def language_of_locale(self) -> str:
        """Its own form on a Norwegian page (unsaid: bokmål), or the locale's."""
        code = self.locale.language_code if self.locale_id else self.language
        if code in NORWEGIAN:
            return self.language if self.language in NORWEGIAN else code
        return code


TOP_PANELS = [
    *Page.content_panels,
    HelpPanel(
        template="cms/admin/_audience_panel.html", heading=_("Who may see the page")
    ),
    FieldPanel("language"),
]


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

    content_panels = [
        *TOP_PANELS,
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
    template = "cms/home_visitor.html"

    class Meta:
        verbose_name = _("home page")
        verbose_name_plural = _("home pages")

    def get_template(self, request, *args, **kwargs):
        if getattr(request.user, "is_member", False) and not is_preview(request):
            return "cms/home_member.html"
        return self.template

    def get_context(self, request, *args, **kwargs):
        from cms.front import front

        context = super().get_context(request, *args, **kwargs)
        return {**context, **front(self, request)}


class FeaturedWork(Orderable):
    home = ParentalKey(
        HomePage,
        on_delete=models.CASCADE,
        related_name="featured",
        verbose_name=_("home page"),
    )
    work = models.ForeignKey(
        Page, models.CASCADE, related_name="+", verbose_name=_("work")
    )

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

    content_panels = [
        *TOP_PANELS,
        FieldPanel("summary"),
        FieldPanel("body"),
    ]
    settings_panels = [*Page.settings_panels, FieldPanel("key")]
    parent_page_types = ["cms.HomePage", "cms.StandardPage"]

    class Meta:
        verbose_name = _("page")
        verbose_name_plural = _("pages")
