"""Addresses of sign-in, passwords and second factors: the part of allauth that we offer."""

from allauth.account import views
from allauth.mfa.urls import urlpatterns as second_factor
from django.urls import include, path
from django.views.generic import RedirectView

from console.accounts.invitations import accept
from console.shell.language import choose_language

urlpatterns = [
    path("sign-in/", views.login, name="account_login"),
    path("sign-out/", views.logout, name="account_logout"),
    # allauth asks for this address by name; there is nothing behind it.
    path("sign-up/", RedirectView.as_view(pattern_name="account_login"), name="account_signup"),
    path("account/inactive/", views.account_inactive, name="account_inactive"),
    path("account/confirm/", views.reauthenticate, name="account_reauthenticate"),
    path("account/password/", views.password_change, name="account_change_password"),
    path("account/password/forgotten/", views.password_reset, name="account_reset_password"),
    path(
        "account/password/forgotten/sent/",
        views.password_reset_done,
        name="account_reset_password_done",
    ),
    path(
        "account/password/new/<str:uidb36>-<str:key>/",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "account/password/new/done/",
        views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("account/second-factor/", include(second_factor)),
    path("language/", choose_language, name="choose-language"),
    path("invitation/<str:token>/", accept, name="invitation"),
]
