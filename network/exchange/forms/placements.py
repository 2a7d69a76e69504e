from django import forms
from django.utils.translation import gettext_lazy as _

from network.exchange.forms.partnerships import DateInput
from network.exchange.models import Organisation, Placement, Round


class PlacementForm(forms.ModelForm):
    """What a participant tells of an exchange; organisations by name when not here."""

    class Meta:
        model = Placement
        fields = [
            "from_country",
            "to_country",
            "sending",
            "sending_name",
            "host",
            "host_name",
            "role",
            "kind",
            "starts_on",
            "ends_on",
            "years_only",
        ]
        labels = {
            "from_country": _("From"),
            "to_country": _("To"),
            "sending": _("Sent by"),
            "sending_name": _("Sent by, if it is not in the list"),
            "host": _("Received by"),
            "host_name": _("Received by, if it is not in the list"),
            "role": _("As what"),
        }
        widgets = {"starts_on": DateInput(), "ends_on": DateInput()}

    def __init__(self, *args, viewer, **kwargs):
        super().__init__(*args, **kwargs)
        known = Organisation.objects.visible_to(viewer)
        self.fields["sending"].queryset = self.fields["host"].queryset = known

    def clean(self):
        given = super().clean()
        starts, ends = given.get("starts_on"), given.get("ends_on")
        if starts and ends and ends < starts:
            self.add_error("ends_on", _("One comes home after one has left."))
        return given


class ConfirmForm(forms.Form):
    """An organisation confirms a placement, and in which of its rounds it was."""

    round = forms.ModelChoiceField(
        label=_("Round"),
        queryset=Round.objects.none(),
        required=False,
        empty_label=_("In no round"),
        help_text=_("Whoever was placed in a round sees its partnership."),
    )

    def __init__(self, *args, organisation: Organisation, **kwargs):
        super().__init__(*args, **kwargs)
        rounds = Round.objects.filter(partnership__organisations=organisation)
        self.fields["round"].queryset = rounds.select_related("partnership")
        self.fields["round"].label_from_instance = lambda one: (
            f"{one.partnership}: {one}"
        )
