"""Which language the console speaks to whom: chosen once, kept with the account."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from console.models import Preference

COOKIE = "haki_language"
SESSION_KEY = "language"
COOKIE_SECONDS = 365 * 24 * 60 * 60
CODES = frozenset(code for code, _name in settings.LANGUAGES)


class ChosenLanguageMiddleware:
    """Speaks the chosen language on the console's pages; else what the browser asks for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer in the person's language. Other addresses stay as they are."""
        if not request.path.startswith("/console/"):
            return self._get_response(request)
        with translation.override(_language(request)):
            response = self._get_response(request)
            response.headers["Content-Language"] = translation.get_language() or "en"
        return response


def _language(request: HttpRequest) -> str:
    chosen = request.session.get(SESSION_KEY) or request.COOKIES.get(COOKIE)
    return chosen if chosen in CODES else translation.get_language_from_request(request)


@receiver(user_logged_in)
def _remember_at_sign_in(request: HttpRequest, user: Any, **_: object) -> None:
    """Bring the stored choice into the session; a test's login has no request."""
    stored = Preference.objects.filter(user=user).values_list("language", flat=True).first()
    if stored and getattr(request, "session", None) is not None:
        request.session[SESSION_KEY] = stored


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Store the chosen language (with the account, and in a cookie for the sign-in page)."""
    code = request.POST.get("language", "")
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        target = settings.LOGIN_REDIRECT_URL
    response = HttpResponseRedirect(target)
    if code in CODES:
        response.set_cookie(
            COOKIE,
            code,
            max_age=COOKIE_SECONDS,
            path="/console/",
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
        if request.user.is_authenticated:
            Preference.objects.update_or_create(user=request.user, defaults={"language": code})
            request.session[SESSION_KEY] = code
    return response
