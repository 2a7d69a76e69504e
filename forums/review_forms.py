"""Forms of those who report and of those who decide."""

from django import forms
from django.utils.translation import gettext_lazy as _

from forums.actions.deciding import OF_HELD, OF_POSTS
from forums.models import Flag, Review
from forums.models.reviews import LONGEST_NOTE

Outcome = Review.Outcome
# As a moderator chooses; as it is told afterwards stands on the model.
DEEDS = {
    Outcome.HIDDEN: _("Hide the post"),
    Outcome.CHANGE: _("Ask its author to change it"),
    Outcome.STANDS: _("Let it stand"),
    Outcome.PUBLISHED: _("Publish it"),
    Outcome.REFUSED: _("Do not publish it; its author gets the text back"),
}
WITH_REASON = (Outcome.HIDDEN, Outcome.CHANGE, Outcome.REFUSED)


class Lines(forms.RadioSelect):
    """Whole sentences to choose from: each as wide as the form."""

    def __init__(self):
        super().__init__(attrs={"group": "pick pick--lines"})


class NoteField(forms.CharField):
    def __init__(self, label, **kwargs):
        super().__init__(
            label=label,
            max_length=LONGEST_NOTE,
            widget=forms.Textarea(attrs={"rows": 3}),
            **kwargs,
        )


class FlagForm(forms.Form):
    """Why somebody should look at a post."""

    reason = forms.ChoiceField(
        label=_("What is wrong?"),
        choices=Flag.Reason.choices,
        widget=Lines,
        error_messages={"required": _("Choose what is wrong.")},
    )
    words = NoteField(
        _("In your own words"),
        required=False,
        help_text=_("Only the moderators read this."),
    )

    def clean(self):
        given = super().clean()
        if given.get("reason") == Flag.Reason.OTHER and not given.get("words"):
            self.add_error("words", _("Say in a few words what is wrong."))
        return given


class HideForm(forms.Form):
    note = NoteField(
        _("Why do you hide it?"),
        help_text=_("Told to its author, and to who reported it."),
        error_messages={"required": _("Say why: its author is told.")},
    )


class DecideForm(forms.Form):
    outcome = forms.ChoiceField(
        label=_("What is to be done?"),
        widget=Lines,
        error_messages={"required": _("Choose what is to be done.")},
    )
    note = NoteField(
        _("Why"), required=False, help_text=_("Told to both sides, in your words.")
    )

    def __init__(self, *args, review: Review, **kwargs):
        super().__init__(*args, **kwargs)
        known = OF_HELD if review.is_held else OF_POSTS
        self.fields["outcome"].choices = [(one, DEEDS[one]) for one in known]

    def clean(self):
        given = super().clean()
        if given.get("outcome") in WITH_REASON and not given.get("note"):
            self.add_error("note", _("Say why: its author is told."))
        return given
