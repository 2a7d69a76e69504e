from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from network.audience import MEMBERS, PUBLIC, STAFF, allows, audiences_of
from network.exchange.models import Organisation, Partnership

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
