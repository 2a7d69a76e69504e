"""Forms for running rooms. Who may see a room is chosen in words."""

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from forums.actions.rooms import room_slug
from forums.forms import theme_choices
from forums.models import Forum
from forums.reach import audience_words
from forums.review_forms import Lines
from network.audience import MEMBERS, PUBLIC, STAFF, allows
from network.exchange.models import Organisation, Partnership, Placement
from network.languages import content_language_choices, country_name
from network.people.models import Profile, User
from network.text import number_in
from network.themes.models import Theme

KEEP, PARTNERSHIP, ORGANISATION = "keep", "partnership", "organisation"
FOUND = 12


class NameChoice(forms.CharField):
    """Typed by name, with the names there are beside it; gives the row."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, required=False, max_length=160, **kwargs)
        self.rows = None

    def clean(self, value):
        name = super().clean(value).strip()
        if not name:
            return None
        found = self.rows.filter(name__iexact=name).first()
        if found is None:
            raise forms.ValidationError(_("Choose one of those in the list."))
        return found


class ModeratedRoomForm(forms.ModelForm):
    """What a room's moderators may change."""

    themes = forms.ModelMultipleChoiceField(
        label=_("Themes"),
        queryset=Theme.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"group": "pick pick--long"}),
    )

    class Meta:
        model = Forum
        fields = ["description", "hold_newcomers"]
        widgets = {"description": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args, viewer: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.viewer = viewer
        self.fields["themes"].choices = theme_choices()
        self.fields["hold_newcomers"].required = False
        if self.instance.pk:
            self.fields["themes"].initial = self.instance.themes.all()

    def clean_hold_newcomers(self) -> int:
        """Left empty it is none."""
        return self.cleaned_data["hold_newcomers"] or 0

    @property
    def audience(self) -> str | None:
        """None: as it is."""
        return None


class RoomForm(ModeratedRoomForm):
    """What staff decide: `find` looks for people to moderate, and saves nothing."""

    audience_kind = forms.ChoiceField(
        label=_("Who sees it"), widget=Lines, initial=MEMBERS
    )
    partnership = NameChoice(label=_("Which partnership"))
    organisation = NameChoice(label=_("Which organisation"))
    moderators = forms.ModelMultipleChoiceField(
        label=_("Moderators"),
        queryset=User.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    find = forms.CharField(
        label=_("Find more people by name"),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    told = forms.CharField(required=False, widget=forms.HiddenInput)

    field_order = [
        "name", "slug", "description", "language", "audience_kind", "partnership",
        "organisation", "parent", "themes", "moderators", "find", "position", "told",
    ]  # fmt: skip

    class Meta(ModeratedRoomForm.Meta):
        fields = [
            "name", "slug", "description", "language", "parent", "position",
            "hold_newcomers",
        ]  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["slug"].required = False
        self.fields["slug"].help_text = _("Left empty, it is made from the name.")
        self.fields["audience_kind"].choices = self._audience_choices()
        for name in (PARTNERSHIP, ORGANISATION):
            self.fields[name].widget.attrs["list"] = f"{name}s"
        self.fields["partnership"].rows = Partnership.objects.visible_to(self.viewer)
        self.fields["organisation"].rows = Organisation.objects.visible_to(self.viewer)
        above = Forum.objects.visible_to(self.viewer).filter(parent=None)
        self.fields["parent"].queryset = above.exclude(pk=self.instance.pk)
        self.fields["parent"].empty_label = _("None")
        if self.instance.pk:
            self.fields["audience_kind"].initial = KEEP
        self._offer_moderators()

    def _audience_choices(self) -> list[tuple[str, str]]:
        choices = [
            (PUBLIC, _("Everybody, also without signing in")),
            (MEMBERS, _("All members")),
            (STAFF, _("Staff")),
            (PARTNERSHIP, _("A partnership")),
            (ORGANISATION, _("An organisation")),
        ]
        if self.instance.pk:
            now = audience_words(self.instance.audience, self.viewer)
            choices.insert(0, (KEEP, _t("As now: {audience}").format(audience=now)))
        return choices

    def _offer_moderators(self) -> None:
        """Those there are, those chosen so far, and those who were looked for."""
        people = User.objects.filter(
            profile__in=Profile.objects.visible_to(self.viewer),
            status=User.Status.APPROVED,
            is_active=True,
        )
        chosen = self.data.getlist("moderators") if self.is_bound else []
        chosen = [pk for pk in chosen if number_in(pk) is not None]
        wanted = Q(pk__in=[*chosen, *self._found(people)])
        offered = people.filter(wanted)
        if self.instance.pk:
            mine = self.instance.moderators.values("pk")
            self.fields["moderators"].initial = self.instance.moderators.all()
            offered = User.objects.filter(
                Q(pk__in=offered.values("pk")) | Q(pk__in=mine)
            )
        field = self.fields["moderators"]
        field.queryset = offered.order_by("first_name", "last_name")
        if not field.queryset:
            field.help_text = _("Nobody yet: find people by name below.")

    def _found(self, people) -> list[int]:
        words = self.data.get("find", "")[:80].split() if self.is_bound else []
        for word in words:
            named = Q(first_name__icontains=word) | Q(last_name__icontains=word)
            people = people.filter(named)
        return list(people.values_list("pk", flat=True)[:FOUND]) if words else []

    @property
    def partnership_names(self) -> list[str]:
        return list(self.fields["partnership"].rows.values_list("name", flat=True))

    @property
    def organisation_names(self) -> list[str]:
        return list(self.fields["organisation"].rows.values_list("name", flat=True))

    @property
    def audience(self) -> str | None:
        return self.cleaned_data["audience"]

    def clean(self):
        given = super().clean()
        audience = self._chosen_audience(given)
        given["audience"] = audience
        given["slug"] = room_slug(
            given.get("slug") or given.get("name", ""), self.instance
        )
        self._check_place(given.get("parent"), audience or self.instance.audience)
        return given

    def _chosen_audience(self, given: dict) -> str | None:
        kind = given.get("audience_kind", "")
        if kind in (PARTNERSHIP, ORGANISATION):
            row = given.get(kind)
            if row is None and kind not in self.errors:
                self.add_error(kind, _("Say which one."))
            return row.own_audience if row else None
        return None if kind in (KEEP, "") else kind

    def _check_place(self, parent: Forum | None, audience: str) -> None:
        if parent is None:
            return
        if self.instance.pk and self.instance.children.exists():
            self.add_error(
                "parent", _("It has rooms below it: they would be too deep.")
            )
        elif audience and not allows(parent.audience, audience):
            self.add_error(
                "audience_kind", _("Wider than the audience of the forum above.")
            )

    def _get_validation_exclusions(self):
        """Address and audience are decided here; the model asks the rest."""
        return super()._get_validation_exclusions() | {"slug"}

    def _post_clean(self):
        """The model's own check asks the audience as well: that was done above."""
        kept, parent = self.instance.audience, self.cleaned_data.get("parent")
        self.instance.audience = parent.audience if parent else kept
        super()._post_clean()
        self.instance.audience = kept


class CountriesForm(forms.Form):
    """For which countries there shall be a room."""

    countries = forms.MultipleChoiceField(
        label=_("Countries"),
        widget=forms.CheckboxSelectMultiple(attrs={"group": "pick pick--long"}),
        error_messages={"required": _("Choose at least one country.")},
    )
    language = forms.ChoiceField(
        label=_("Language of the names"), choices=content_language_choices
    )
    parent = forms.ModelChoiceField(
        label=_("Forum above"),
        queryset=Forum.objects.none(),
        required=False,
        empty_label=_("None"),
    )

    def __init__(self, *args, viewer: User, **kwargs):
        super().__init__(*args, **kwargs)
        above = Forum.objects.visible_to(viewer).filter(parent=None, archived_at=None)
        self.fields["parent"].queryset = above.filter(audience__in=[PUBLIC, MEMBERS])
        made = Forum.objects.exclude(country="").values_list("country", flat=True)
        words = {True: _t("{country}: has its room"), False: _t("{country} ({n})")}
        self.fields["countries"].choices = [
            (code, words[code in made].format(country=country_name(code), n=len(who)))
            for code, who in people_by_country().items()
        ]


def people_by_country() -> dict[str, set[int]]:
    """{country: those who were there or came from there}."""
    people: dict[str, set[int]] = {}
    ways = Placement.objects.values_list("person", "from_country", "to_country")
    for person, *codes in ways.order_by():
        for code in codes:
            if code:
                people.setdefault(code, set()).add(person)
    return dict(sorted(people.items(), key=lambda pair: country_name(pair[0])))
