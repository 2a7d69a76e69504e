"""Forms of search in Wagtail's editor."""

from datetime import timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from cms.models import WorkPage
from cms.permissions import known_to
from network.languages import content_language_choices, language_name
from network.themes.models import Theme, ThemeLabel
from network.themes.vocabulary import vocabulary
from search.engines.naming import LONGEST_NAME
from search.engines.reading import words_of
from search.explaining import READERS
from search.lexicon import is_too_short

TOO_SHORT = _("“{words}”: a single word must have three letters or more.")
TOO_LONG = _("“{words}”: at most {n} words.")
MOST_SYNONYMS = 10  # each is looked for in every language
NO_WORDS = _("“{words}”: there are no words in it.")


def check_words(text: str) -> None:
    """Whether a query could be known by these words (see search/lexicon.py)."""
    found = words_of(text)
    if not found:
        raise ValidationError(NO_WORDS.format(words=text))
    if is_too_short(found):
        raise ValidationError(TOO_SHORT.format(words=text))
    if len(found) > LONGEST_NAME:
        raise ValidationError(TOO_LONG.format(words=text, n=LONGEST_NAME))


class PromotedResultForm(WagtailAdminModelForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        page = self.fields["page"]
        page.queryset = known_to(WorkPage.objects.all(), self.for_user)
        # The chooser would name what was sent, also a page the editor may not know.
        try:
            page.clean(self.data.get(self.add_prefix("page")))
        except ValidationError:
            self.data = {**self.data.dict(), self.add_prefix("page"): ""}

    def clean(self):
        cleaned = super().clean()
        lines = (cleaned.get("phrases") or "").splitlines()
        for line in filter(None, map(str.strip, lines)):
            try:
                check_words(line)
            except ValidationError as error:
                self.add_error("phrases", error)
        if not any(map(str.strip, lines)) and not cleaned.get("theme"):
            self.add_error("phrases", _("Write a query, or choose a theme."))
        return cleaned


class SynonymForm(WagtailAdminModelForm):
    def clean_words(self):
        text = self.cleaned_data["words"]
        parts = self._meta.model(words=text).word_list
        for part in parts:
            check_words(part)
        if len(parts) < 2:
            raise ValidationError(_("Write two or more, with commas between."))
        if len(parts) > MOST_SYNONYMS:
            raise ValidationError(_("At most {n} words.").format(n=MOST_SYNONYMS))
        return ", ".join(parts)


def theme_choices(themes) -> list[tuple[int, str]]:
    known, language = vocabulary(), get_language()
    named = ((pk, known.name(pk, language)) for pk in themes if pk in known.themes)
    return sorted(named, key=lambda pair: pair[1].casefold())


class ThemeSynonymForm(forms.ModelForm):
    """A label more for a theme, not its preferred one."""

    class Meta:
        model = ThemeLabel
        fields = ["text", "language", "theme"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["text"].label = _("Words")
        self.fields["theme"] = forms.TypedChoiceField(
            label=_("Theme"),
            coerce=lambda pk: Theme.objects.get(pk=pk),
            choices=[("", "—"), *theme_choices(vocabulary().themes)],
        )

    def clean_text(self):
        text = " ".join(self.cleaned_data["text"].split())
        check_words(text)
        return text


class SearchesFilterForm(forms.Form):
    """Which searches to show; what is not understood counts as not chosen."""

    PERIODS = (("30", _("30 days")), ("90", _("90 days")), ("400", _("All")))

    show = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[("nothing", _("Found nothing")), ("most", _("Most asked"))],
    )
    language = forms.ChoiceField(label=_("Language of the reader"), required=False)
    theme = forms.ChoiceField(label=_("Theme"), required=False)
    days = forms.ChoiceField(label=_("Period"), required=False, choices=PERIODS)

    def __init__(self, data, themes):
        super().__init__(data)
        languages = [(x, language_name(x)) for x, _own in content_language_choices()]
        self.fields["language"].choices = [("", _("All")), *languages]
        self.fields["theme"].choices = [
            ("", _("All")),
            ("none", _("No theme")),
            *theme_choices(themes),
        ]
        self.is_valid()

    @property
    def most_asked(self) -> bool:
        return self.cleaned_data.get("show") == "most"

    @property
    def since(self):
        days = int(self.cleaned_data.get("days") or self.PERIODS[0][0])
        return timezone.localdate() - timedelta(days=days)


class ExplainForm(forms.Form):
    """Which search to explain, and for whom; what is not understood is as for you."""

    q = forms.CharField(label=_("Search"), required=False, max_length=1000)
    reader = forms.ChoiceField(
        label=_("Seen by"), required=False, choices=list(READERS.items())
    )
    reads = forms.ChoiceField(label=_("Titles in"), required=False)

    def __init__(self, data, language: str):
        super().__init__(data)
        self.fields["reads"].choices = content_language_choices()
        self.initial = {"reads": language, "reader": "me"}
        self.is_valid()

    @property
    def reader_chosen(self) -> str:
        return self.cleaned_data.get("reader") or "me"

    @property
    def language_chosen(self) -> str:
        return self.cleaned_data.get("reads") or self.initial["reads"]
