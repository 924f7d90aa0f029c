"""A password alone is not enough where people's safety is at stake."""

from collections.abc import Callable

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

_STRONG = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def has_second_factor(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Tell whether `user` set up an authenticator app or a passkey."""
    return bool(Authenticator.objects.filter(user_id=user.pk, type__in=_STRONG).exists())


class SecondFactorMiddleware:
    """Where SECOND_FACTOR_REQUIRED, sends whoever has none to the page that sets it up."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, or send the person to set up their second factor."""
        if (
            settings.SECOND_FACTOR_REQUIRED
            and request.path.startswith("/console/")
            and not request.path.startswith(_open_addresses())
            and request.user.is_authenticated
            and not has_second_factor(request.user)
        ):
            return HttpResponseRedirect(reverse("mfa_index"))
        return self._get_response(request)


def _open_addresses() -> tuple[str, ...]:
    """Return what somebody without a second factor may still reach."""
    names = ("mfa_index", "account_logout", "account_reauthenticate", "choose-language")
    return tuple(reverse(name) for name in names)
