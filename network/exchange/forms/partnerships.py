from django import forms
from django.utils.translation import gettext_lazy as _

from network.exchange.models import (
    Contribution,
    Gain,
    Goal,
    Organisation,
    Partnership,
    Round,
)

SMALL = forms.Textarea(attrs={"rows": 3})


class ByPartner(forms.ModelForm):
    """Asks for which partner one writes, where one acts for several."""

    def __init__(self, *args, partners: list[Organisation], **kwargs):
        super().__init__(*args, **kwargs)
        self.partners = partners
        self.fields["organisation"] = forms.ModelChoiceField(
            label=_("For"),
            queryset=Organisation.objects.filter(pk__in=[one.pk for one in partners]),
            initial=partners[0],
            empty_label=None,
        )
        self.order_fields(["organisation"])


class GoalForm(ByPartner):
    class Meta:
        model = Goal
        fields = ["text", "language", "since"]
        widgets = {"text": SMALL}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organisation"].required = False
        self.fields["organisation"].empty_label = str(_("All partners together"))
        self.fields["organisation"].initial = None


class GoalChangeForm(forms.ModelForm):
    reason = forms.CharField(
        label=_("Why it changes"),
        max_length=600,
        widget=SMALL,
        help_text=_("What did you learn? The old goal and the reason stay readable."),
    )

    class Meta:
        model = Goal
        fields = ["text", "language", "note"]
        widgets = {"text": SMALL}

    field_order = ("text", "language", "reason", "note")


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self):
        super().__init__(format="%Y-%m-%d")


class RoundForm(forms.ModelForm):
    class Meta:
        model = Round
        fields = ["number", "title", "text", "language", "starts_on", "ends_on"]
        widgets = {"starts_on": DateInput(), "ends_on": DateInput()}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # The partnership is set by the view: its constraint is asked here as well.
        self.instance.validate_constraints = self._validate_constraints

    def _validate_constraints(self, exclude=None):
        hidden = set(exclude or ()) - {"partnership"}
        Round.validate_constraints(self.instance, exclude=hidden)


class ContributionForm(ByPartner):
    class Meta:
        model = Contribution
        fields = ["text", "language"]
        widgets = {"text": SMALL}


class GainForm(ByPartner):
    class Meta:
        model = Gain
        fields = ["text", "language", "level", "evidence"]
        widgets = {"text": SMALL}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["evidence"].required = True


class AudienceForm(forms.Form):
    """A partner's wish: shown to whom; or a no, which holds at once."""

    organisation = forms.IntegerField(widget=forms.HiddenInput)
    answer = forms.ChoiceField(
        choices=[("propose", ""), ("agree", ""), ("withdraw", "")],
        widget=forms.HiddenInput,
    )
    audience = forms.ChoiceField(
        choices=Partnership._meta.get_field("proposed_audience").choices,
        required=False,
    )


class StaffAccessForm(forms.Form):
    partnership = forms.ModelChoiceField(
        label=_("Partnership"), queryset=Partnership.objects.all()
    )
    reason = forms.CharField(
        label=_("Why you need to see it"),
        max_length=300,
        widget=SMALL,
        help_text=_("The partners see your name and these words, for good."),
    )
