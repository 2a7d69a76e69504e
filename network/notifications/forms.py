from django import forms
from django.utils.translation import gettext_lazy as _

from network.notifications.kinds import Pace, shown_kinds
from network.notifications.models import MailSettings, Preference
from network.notifications.zones import known_zones, zone_choices

AT_HOME = "country"


class WaysForm(forms.Form):
    """The table: a line a kind, whether it stands in the inbox, how soon mail goes."""

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        chosen = {one.kind: one for one in Preference.objects.filter(user=user.pk)}
        for kind in shown_kinds():
            mine = chosen.get(kind.name) or Preference(pace=kind.pace)
            inbox = _("%(kind)s: in the inbox") % {"kind": kind.label}
            self.fields[f"{kind.name}-inbox"] = forms.BooleanField(
                label=inbox,
                required=False,
                disabled=kind.must,
                initial=mine.inbox or kind.must,
                widget=forms.CheckboxInput({"class": "ds-input", "aria-label": inbox}),
            )
            pace = _("%(kind)s: by e-mail") % {"kind": kind.label}
            self.fields[f"{kind.name}-pace"] = forms.ChoiceField(
                label=pace,
                choices=Pace.choices,
                initial=mine.pace,
                widget=forms.Select({"aria-label": pace}),
            )

    def rows(self):
        for kind in shown_kinds():
            yield kind, self[f"{kind.name}-inbox"], self[f"{kind.name}-pace"]

    def ways(self) -> dict[str, tuple[bool, str]]:
        given = self.cleaned_data
        names = [kind.name for kind in shown_kinds()]
        return {one: (given[f"{one}-inbox"], given[f"{one}-pace"]) for one in names}


class MailSettingsForm(forms.ModelForm):
    class Meta:
        model = MailSettings
        fields = [
            "time_zone",
            "quiet_from",
            "quiet_to",
            "daily_hour",
            "weekly_day",
            "when_started",
            "when_answered",
            "when_mentioned",
        ]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        stored = self.instance.time_zone
        zones = [(AT_HOME, _("As in the country I live in")), *zone_choices()]
        if stored and stored not in dict(zones):
            zones.append((stored, stored))
        self.fields["time_zone"] = forms.CharField(
            label=self.fields["time_zone"].label, widget=forms.Select(choices=zones)
        )
        self.initial["time_zone"] = stored or AT_HOME

    def clean_time_zone(self) -> str:
        zone = self.cleaned_data["time_zone"]
        if zone not in {AT_HOME, *known_zones()}:
            raise forms.ValidationError(_("Choose a place from the list."))
        return "" if zone == AT_HOME else zone
