from django.urls import path

from network.exchange.views import organisations, partnerships, placements

app_name = "exchange"
urlpatterns = [
    path("people/me/exchanges/add/", placements.placement_add, name="placement_add"),
    path(
        "people/me/exchanges/<int:pk>/",
        placements.placement_edit,
        name="placement_edit",
    ),
    path(
        "people/me/exchanges/<int:pk>/remove/",
        placements.placement_remove,
        name="placement_remove",
    ),
    path("organisations/", organisations.organisation_list, name="organisation_list"),
    path(
        "organisations/<slug:slug>/",
        organisations.organisation_detail,
        name="organisation_detail",
    ),
    path(
        "organisations/<slug:slug>/logo/",
        organisations.organisation_logo,
        name="organisation_logo",
    ),
    path(
        "organisations/<slug:slug>/edit/",
        organisations.organisation_edit,
        name="organisation_edit",
    ),
    path(
        "organisations/<slug:slug>/members/",
        organisations.organisation_members,
        name="organisation_members",
    ),
    path(
        "organisations/<slug:slug>/members/<int:pk>/change/",
        organisations.membership_change,
        name="membership_change",
    ),
    path(
        "organisations/<slug:slug>/members/<int:pk>/end/",
        organisations.membership_end,
        name="membership_end",
    ),
    path(
        "organisations/<slug:slug>/placements/",
        organisations.placements_to_confirm,
        name="placements_to_confirm",
    ),
    path(
        "organisations/<slug:slug>/placements/<int:pk>/",
        placements.placement_confirm,
        name="placement_confirm",
    ),
    path("partnerships/", partnerships.partnership_list, name="partnership_list"),
    path("partnerships/access/", partnerships.staff_access, name="staff_access"),
    path(
        "partnerships/access/<int:pk>/end/",
        partnerships.staff_access_end,
        name="staff_access_end",
    ),
    path(
        "partnerships/<slug:slug>/",
        partnerships.partnership_detail,
        name="partnership_detail",
    ),
    path("partnerships/<slug:slug>/goals/add/", partnerships.goal_add, name="goal_add"),
    path(
        "partnerships/<slug:slug>/goals/<int:pk>/",
        partnerships.goal_change,
        name="goal_change",
    ),
    path(
        "partnerships/<slug:slug>/rounds/add/", partnerships.round_add, name="round_add"
    ),
    path(
        "partnerships/<slug:slug>/rounds/<int:pk>/",
        partnerships.round_change,
        name="round_change",
    ),
    path(
        "partnerships/<slug:slug>/gave/add/",
        partnerships.contribution_add,
        name="contribution_add",
    ),
    path(
        "partnerships/<slug:slug>/gave/<int:pk>/remove/",
        partnerships.contribution_remove,
        name="contribution_remove",
    ),
    path("partnerships/<slug:slug>/got/add/", partnerships.gain_add, name="gain_add"),
    path(
        "partnerships/<slug:slug>/got/<int:pk>/remove/",
        partnerships.gain_remove,
        name="gain_remove",
    ),
    path(
        "partnerships/<slug:slug>/audience/",
        partnerships.partnership_audience,
        name="partnership_audience",
    ),
]
