"""The parts of which an article is made.

What may be left out is "" then: Wagtail's None would be the word “None” in search.
"""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock

from network.markdown import plain_text

TEXT_FEATURES = [
    "h2",
    "h3",
    "bold",
    "italic",
    "link",
    "document-link",
    "ol",
    "ul",
    "hr",
]
LINE_FEATURES = ["bold", "italic", "link"]


class QuoteBlock(blocks.StructBlock):
    text = blocks.TextBlock(label=_("Quote"))
    name = blocks.CharBlock(
        required=False, default="", label=_("Who says it"), max_length=120
    )
    where = blocks.CharBlock(
        required=False,
        default="",
        label=_("Role, organisation, country"),
        max_length=160,
    )

    class Meta:
        icon = "openquote"
        label = _("Quote")
        template = "cms/blocks/quote.html"


class FigureBlock(blocks.StructBlock):
    image = ImageChooserBlock(label=_("Picture"))
    alt = blocks.CharBlock(
        label=_("What the picture shows"),
        help_text=_("For those who do not see it."),
        max_length=250,
    )
    caption = blocks.CharBlock(
        required=False, default="", label=_("Caption"), max_length=300
    )
    credit = blocks.CharBlock(
        required=False, default="", label=_("Credit"), max_length=120
    )

    class Meta:
        icon = "image"
        label = _("Picture")
        template = "cms/blocks/figure.html"


class FactBlock(blocks.StructBlock):
    label = blocks.CharBlock(label=_("Fact"), max_length=120)
    value = blocks.CharBlock(label=_("Value"), max_length=200)


class FactsBlock(blocks.StructBlock):
    title = blocks.CharBlock(
        required=False, default="", label=_("Heading"), max_length=120
    )
    facts = blocks.ListBlock(FactBlock(), label=_("Facts"))

    class Meta:
        icon = "list-ul"
        label = _("Facts")
        template = "cms/blocks/facts.html"


class StepBlock(blocks.StructBlock):
    who = blocks.CharBlock(required=False, default="", label=_("Who"), max_length=80)
    what = blocks.TextBlock(label=_("Does what"))

    class Meta:
        icon = "tick"
        label = _("Step")


class StepsBlock(blocks.StructBlock):
    title = blocks.CharBlock(
        required=False, default="", label=_("Heading"), max_length=120
    )
    steps = blocks.ListBlock(StepBlock(), label=_("Steps"))

    class Meta:
        icon = "list-ol"
        label = _("Steps")
        template = "cms/blocks/steps.html"


class MarkdownBlock(blocks.TextBlock):
    """An imported text as it was written: rich text would lose its tables and code."""

    def get_searchable_content(self, value):
        return [plain_text(value)]

    class Meta:
        icon = "code"
        label = _("Text in Markdown")
        template = "cms/blocks/markdown.html"


class BodyBlock(blocks.StreamBlock):
    text = blocks.RichTextBlock(
        features=TEXT_FEATURES, label=_("Text"), template="cms/blocks/text.html"
    )
    markdown = MarkdownBlock()
    quote = QuoteBlock()
    figure = FigureBlock()
    facts = FactsBlock()
    steps = StepsBlock()


class VoiceBlock(blocks.StructBlock):
    """One side's account of the same experience."""

    said_from = blocks.CharBlock(
        required=False,
        default="",
        label=_("Which side"),
        help_text=_("For instance: the one who went; the one who received."),
        max_length=120,
    )
    text = blocks.TextBlock(label=_("In their own words"))
    language = blocks.CharBlock(
        required=False,
        default="",
        label=_("Language"),
        help_text=_("Two letters, if it is not the page's own."),
        max_length=8,
        search_index=False,
    )
    name = blocks.CharBlock(label=_("Name"), max_length=120)
    where = blocks.CharBlock(
        required=False, default="", label=_("Organisation, country"), max_length=160
    )

    class Meta:
        icon = "openquote"
        label = _("Voice")


class VoicesBlock(blocks.StreamBlock):
    voice = VoiceBlock()

    class Meta:
        max_num = 2


class AdviceBlock(blocks.StreamBlock):
    step = StepBlock()


class LevelBlock(blocks.StructBlock):
    level = blocks.ChoiceBlock(
        choices=[
            ("individual", _("Individual")),
            ("organisation", _("Organisation")),
            ("community", _("Community")),
        ],
        label=_("Level"),
        search_index=False,
    )
    text = blocks.TextBlock(label=_("What came of it"))
    evidence = blocks.CharBlock(
        required=False, default="", label=_("How we know"), max_length=200
    )

    class Meta:
        icon = "table"
        label = _("Result")


class LevelsBlock(blocks.StreamBlock):
    result = LevelBlock()

    class Meta:
        max_num = 3
