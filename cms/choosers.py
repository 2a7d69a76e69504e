"""Choosing a member by name: there are too many for a list."""

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.views.generic.chooser import ChooseResultsView, ChooseView
from wagtail.admin.viewsets.chooser import ChooserViewSet

from network.people.models import Profile


class NameFilterForm(BaseFilterForm):
    q = forms.CharField(label=_("Name"), required=False)

    def filter(self, profiles):
        for word in self.cleaned_data["q"].split():
            named = Q(user__first_name__icontains=word)
            profiles = profiles.filter(named | Q(user__last_name__icontains=word))
        return profiles


class VisibleProfiles:
    filter_form_class = NameFilterForm

    def get_object_list(self):
        profiles = Profile.objects.visible_to(self.request.user)
        return profiles.showing("name", self.request.user).select_related("user")


class ChooseProfile(VisibleProfiles, ChooseView):
    pass


class ChooseProfileResults(VisibleProfiles, ChooseResultsView):
    pass


class ProfileChooserViewSet(ChooserViewSet):
    model = Profile
    icon = "user"
    choose_one_text = _("Choose a member")
    choose_another_text = _("Choose another member")
    choose_view_class = ChooseProfile
    choose_results_view_class = ChooseProfileResults


profile_chooser = ProfileChooserViewSet("profile_chooser")
