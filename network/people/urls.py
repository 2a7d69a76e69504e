from django.urls import path

from network.people.views import admission, mutes, people

app_name = "people"
urlpatterns = [
    path("", people.person_list, name="person_list"),
    path("me/", people.profile_edit, name="profile_edit"),
    path("waiting/", admission.waiting, name="waiting"),
    path("approvals/", admission.approval_list, name="approval_list"),
    path("approvals/<int:user_id>/", admission.approval_detail, name="approval_detail"),
    path(
        "approvals/<int:user_id>/approve/",
        admission.approval_approve,
        name="approval_approve",
    ),
    path(
        "approvals/<int:user_id>/decline/",
        admission.approval_decline,
        name="approval_decline",
    ),
    path("invitations/", admission.invitation_list, name="invitation_list"),
    path(
        "invitations/<int:invitation_id>/withdraw/",
        admission.invitation_withdraw,
        name="invitation_withdraw",
    ),
    path(
        "invitations/<str:token>/",
        admission.invitation_detail,
        name="invitation_detail",
    ),
    path(
        "invitations/<str:token>/accept/",
        admission.invitation_accept,
        name="invitation_accept",
    ),
    path("blocked/", people.blocked_list, name="blocked_list"),
    path("blocked/<int:block_id>/remove/", people.block_remove, name="block_remove"),
    path("muted/", mutes.muted_list, name="muted_list"),
    path("muted/<int:mute_id>/remove/", mutes.mute_remove, name="mute_remove"),
    path("<slug:slug>/", people.person_detail, name="person_detail"),
    path("<slug:slug>/photo/", people.person_photo, name="person_photo"),
    path("<slug:slug>/block/", people.person_block, name="person_block"),
    path("<slug:slug>/mute/", mutes.person_mute, name="person_mute"),
    path("<slug:slug>/suspend/", people.person_suspend, name="person_suspend"),
]
