from django import forms
from django.utils.translation import gettext_lazy as _

from network.forms import LineField
from network.languages import country_choices, language_choices, language_name
from network.people.models import Profile, Reach
from network.people.models.profiles import DEFAULT_REACH, FIELDS
from network.people.pictures import check_picture
from network.themes.models import Theme

# Languages of the countries we exchange with, shown first; all others can be added.
USUAL_LANGUAGES = [
    "nb",
    "nn",
    "en",
    "fr",
    "es",
    "pt",
    "ar",
    "sw",
    "ny",
    "ne",
    "mg",
    "am",
    "rw",
    "lg",
    "wo",
    "om",
    "so",
    "bn",
    "hi",
    "th",
    "vi",
    "id",
    "zu",
    "uk",
]
MOST_THEMES = 12
REACHES = Reach.choices


def usual_languages(chosen=()) -> list[tuple[str, str]]:
    codes = dict.fromkeys([*USUAL_LANGUAGES, *chosen])
    names = ((code, language_name(code)) for code in codes)
    return sorted(names, key=lambda pair: pair[1].casefold())


def theme_choices() -> list[tuple[str, list[tuple[int, str]]]]:
    """Themes by scheme, by name within each; goals by number."""
    groups = {label: [] for label in Theme.Scheme.labels}
    for theme in Theme.objects.all():
        groups[theme.get_scheme_display()].append((theme.pk, theme.name))
    return [(scheme, themes) for scheme, themes in groups.items() if themes]


class ThemesField(forms.ModelMultipleChoiceField):
    """A few themes out of all, grouped by scheme."""

    def __init__(self, **kwargs):
        options = {
            "queryset": Theme.objects.all(),
            "label": _("Themes"),
            "required": False,
            "widget": forms.CheckboxSelectMultiple(attrs={"group": "tags"}),
        }
        super().__init__(**{**options, **kwargs})

    def clean(self, value):
        themes = super().clean(value)
        if len(themes) > MOST_THEMES:
            message = _("Choose at most %(most)s, those you know best.")
            raise forms.ValidationError(message % {"most": MOST_THEMES}, code="many")
        return themes


class LanguagesField(forms.MultipleChoiceField):
    def __init__(self, **kwargs):
        options = {
            "label": _("Languages you work in"),
            "required": False,
            "choices": usual_languages,
            "widget": forms.CheckboxSelectMultiple(attrs={"group": "tags"}),
        }
        super().__init__(**{**options, **kwargs})


class ProfileForm(forms.ModelForm):
    """One's own profile, with a reach beside each field."""

    first_name = LineField(label=_("Given name"), max_length=80)
    last_name = LineField(label=_("Family name"), max_length=80, required=False)
    photo = forms.FileField(
        label=_("Photo"),
        required=False,
        help_text=_("JPEG, PNG or WebP. We keep a small square copy of it."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )
    remove_photo = forms.BooleanField(label=_("Remove the photo"), required=False)
    languages = LanguagesField()
    other_language = forms.ChoiceField(
        label=_("One more language"),
        required=False,
        choices=lambda: [("", "–"), *language_choices()],
    )
    themes = ThemesField(label=_("Themes you know something about"))
    hidden_from = forms.MultipleChoiceField(
        label=_("Do not show me to members who live in"),
        required=False,
        choices=country_choices,
        widget=forms.SelectMultiple(attrs={"size": 6}),
        help_text=_("For your safety. They will not find you anywhere here."),
    )

    class Meta:
        model = Profile
        fields = [
            "headline",
            "bio",
            "bio_language",
            "country",
            "city",
            "work_title",
            "work_place",
            "phone",
            "hidden_from",
            "shows_presence",
        ]
        widgets = {"bio": forms.Textarea(attrs={"rows": 8})}
        help_texts = {"headline": _("One line: what should others know first?")}

    # What stands together on the page; the first name in each row is the reach's.
    ROWS = (
        ("name", ("first_name", "last_name")),
        ("photo", ("photo", "remove_photo")),
        ("headline", ("headline",)),
        ("bio", ("bio", "bio_language")),
        ("country", ("country",)),
        ("city", ("city",)),
        ("work", ("work_title", "work_place")),
        ("languages", ("languages", "other_language")),
        ("themes", ("themes",)),
        ("exchange", ()),
        ("email", ()),
        ("phone", ("phone",)),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        profile, user = self.instance, self.instance.user
        self.initial.update(
            first_name=user.first_name,
            last_name=user.last_name,
            languages=profile.languages,
            hidden_from=profile.hidden_from,
            themes=[theme.pk for theme in profile.themes.all()],
        )
        self.initial.pop("photo", None)
        self.fields["languages"].choices = usual_languages(profile.languages)
        if not profile.photo:
            del self.fields["remove_photo"]
        for name in FIELDS:
            self.fields[f"reach_{name}"] = forms.ChoiceField(
                label=_("Who sees it"),
                choices=REACHES,
                initial=profile.reach.get(name, DEFAULT_REACH[name]),
                widget=forms.Select(attrs={"class": "reach"}),
            )

    def rows(self):
        """(key, fields, reach field) in the page's order."""
        for key, names in self.ROWS:
            fields = [self[name] for name in names if name in self.fields]
            yield key, fields, self[f"reach_{key}"]

    def theme_groups(self):
        """(scheme, [(theme, name, is chosen)], is open) for the folded list."""
        chosen = {str(value) for value in self["themes"].value() or ()}
        for scheme, themes in theme_choices():
            marked = [(pk, name, str(pk) in chosen) for pk, name in themes]
            yield scheme, marked, any(one[2] for one in marked)

    def clean_photo(self):
        upload = self.cleaned_data.get("photo")
        if upload:
            check_picture(upload)
        return upload

    def clean(self):
        given = super().clean()
        codes = [*given.get("languages", ()), given.get("other_language")]
        given["languages"] = [code for code in dict.fromkeys(codes) if code]
        return given

    def fill(self) -> Profile:
        """The profile with what was typed, not saved: that is the action's part."""
        given, profile = self.cleaned_data, self.instance
        profile.user.first_name = given["first_name"]
        profile.user.last_name = given["last_name"]
        profile.languages = given["languages"]
        profile.reach = {name: given[f"reach_{name}"] for name in FIELDS}
        return profile
