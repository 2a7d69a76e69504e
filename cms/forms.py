from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from network.audience import MEMBERS, PUBLIC, STAFF, allows, audiences_of
from network.exchange.models import Organisation, Partnership
from network.exchange.permissions import roles_of

NAMES = {PUBLIC: _("Everybody"), MEMBERS: _("Members"), STAFF: _("Staff")}
GROUPS = {"partnership": Partnership, "organisation": Organisation}


def audience_choices(user) -> list[tuple[str, str]]:
    """(audience, what it is called) of those `user` may give: the ones they hold."""
    held = audiences_of(user)
    choices = [(key, name) for key, name in NAMES.items() if key in held]
    for kind, model in GROUPS.items():
        keys = [key.partition(".")[2] for key in held if key.startswith(f"{kind}.")]
        rows = model.objects.filter(pk__in=keys).order_by("name")
        choices += [(f"{kind}.{row.pk}", row.name) for row in rows]
    return choices


def audience_name(audience: str, user) -> str:
    return str(dict(audience_choices(user)).get(audience, _("Nobody")))


class AudienceForm(forms.Form):
    audience = forms.ChoiceField(
        label=_("Who may see the page"), widget=forms.RadioSelect
    )
    below = forms.BooleanField(
        label=_("Give all pages below it exactly the same"), required=False
    )

    def __init__(self, *args, page: Page, user, above: list[str], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["audience"].choices = [
            (key, name)
            for key, name in audience_choices(user)
            if all(allows(parent, key) for parent in above)
        ]
        if not page.numchild:
            del self.fields["below"]


class UseForm(forms.Form):
    """How a member used a lesson, and for which of the organisations they work for."""

    how = forms.CharField(
        label=_("How did you use it?"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "A sentence or two. With it your use counts, and whoever may see your "
            "name reads it here."
        ),
    )
    organisation = forms.ModelChoiceField(
        label=_("For"),
        queryset=Organisation.objects.none(),
        required=False,
        empty_label=_("Myself"),
    )

    def __init__(self, *args, user, use=None, **kwargs):
        if use is not None:
            told = {"how": use.how, "organisation": use.organisation_id}
            kwargs.setdefault("initial", told)
        super().__init__(*args, **kwargs)
        its = {*roles_of(user), use and use.organisation_id} - {None}
        self.fields["organisation"].queryset = Organisation.objects.filter(pk__in=its)
        if not its:
            del self.fields["organisation"]
