from django.urls import include, path

from network.people.views import people

urlpatterns = [
    path("", people.account_detail, name="account_detail"),
    path("", include("allauth.account.urls")),
    path("2fa/", include("allauth.mfa.urls")),
]
