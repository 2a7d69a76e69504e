import secrets

from django import forms
from django.utils.translation import gettext_lazy as _

from forums.attaching import FilesForm
from forums.models import Forum, Thread
from network.forms import LineField, has_words
from network.languages import NEAR, content_language_choices, reader_languages
from network.themes.models import Theme

LONGEST_POST = 20_000
MOST_THEMES = 5


def new_token() -> str:
    """Marks one form, so that what it sends twice is posted once."""
    return secrets.token_urlsafe(16)


def writing_language(request, wished: str = "") -> str:
    """The language someone probably writes in here: the thread's, if they read it.

    Of nynorsk and bokmål their own: whoever is asked in one answers in the other.
    """
    reads = reader_languages(request)[:4]
    alike = (code for code in reads if code in {wished, NEAR.get(wished)})
    return next(alike, reads[0])


def theme_choices() -> list[tuple[str, list[tuple[int, str]]]]:
    """All themes under the names of their schemes."""
    groups = {label: [] for label in Theme.Scheme.labels}
    for theme in Theme.objects.all():
        groups[theme.get_scheme_display()].append((theme.pk, theme.name))
    return [(scheme, themes) for scheme, themes in groups.items() if themes]


class LongText(forms.CharField):
    """Its `max_length` is told; enforced by a browser it cuts what is pasted.

    Lines end as in a draft, and count as one sign: browsers send two.
    """

    def to_python(self, value):
        return super().to_python(value).replace("\r\n", "\n")

    def widget_attrs(self, widget):
        return {}


class PostForm(FilesForm):
    """The text of a post and its language; `token` marks the form itself."""

    markdown = LongText(
        label=_("Your answer"),
        max_length=LONGEST_POST,
        validators=[has_words],
        help_text=_("Say what you did and why. **bold**, lists and links work."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    language = forms.ChoiceField(label=_("Language"), choices=content_language_choices)
    token = forms.CharField(
        widget=forms.HiddenInput,
        max_length=40,
        required=False,
        empty_value=None,
        initial=new_token,
    )
    sequence = forms.IntegerField(
        widget=forms.HiddenInput, min_value=0, max_value=10**15, required=False
    )  # of the draft it goes on with


class ThreadFields(forms.Form):
    """What a thread is, beside its first post."""

    kind = forms.ChoiceField(
        label=_("What is it?"),
        choices=Thread.Kind.choices,
        initial=Thread.Kind.QUESTION,
        widget=forms.RadioSelect,
    )
    title = LineField(
        label=_("Title"),
        max_length=200,
        help_text=_("One sentence that says what you ask or tell."),
    )
    themes = forms.ModelMultipleChoiceField(
        label=_("Themes"),
        queryset=Theme.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Up to five. They bring those who know to your thread."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["themes"].choices = theme_choices()

    def clean_themes(self):
        themes = self.cleaned_data["themes"]
        if len(themes) > MOST_THEMES:
            raise forms.ValidationError(_("Choose at most five themes."))
        return themes

    def theme_groups(self):
        """(scheme, its check boxes, how many are chosen): each scheme folds away."""
        field = self["themes"]
        chosen = [str(value) for value in field.value() or []]
        groups = field.field.widget.optgroups(field.html_name, chosen)
        return [
            (scheme, boxes, sum(box["selected"] for box in boxes))
            for scheme, boxes, _place in groups
        ]


class ThreadForm(ThreadFields, PostForm):
    field_order = ["kind", "title", "markdown", "themes", "language", "token"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["markdown"].label = _("What do you want to say?")


class ThreadSettingsForm(ThreadFields):
    language = forms.ChoiceField(label=_("Language"), choices=content_language_choices)
    field_order = ["title", "kind", "language", "themes"]


class EditForm(PostForm):
    """`version` says which text it was that is being changed."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class CloseForm(forms.Form):
    note = forms.CharField(
        label=_("Why (shown in the thread)"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class MoveForm(forms.Form):
    forum = forms.ModelChoiceField(label=_("Forum"), queryset=Forum.objects.none())
    told = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, forums, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["forum"].queryset = forums
