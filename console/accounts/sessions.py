"""When a session ends: so long after sign-in, or sooner without use."""

from collections.abc import Callable
from time import time
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse

SIGNED_IN = "signed_in_at"
SEEN = "seen_at"
# What the page asks by itself is no use by a person. htmx sends this header for those.
BACKGROUND_HEADER = "X-Haki-Background"
_WRITE_EVERY = 60  # seconds; a session row is not written at every click


@receiver(user_logged_in)
def _start(request: HttpRequest, **_: object) -> None:
    if getattr(request, "session", None) is not None:
        request.session[SIGNED_IN] = request.session[SEEN] = int(time())


def is_over(session: Any, now: float) -> bool:
    """Tell whether `session` is past its idle or its absolute end at `now` (seconds, epoch)."""
    return bool(
        now - session.get(SIGNED_IN, 0) > settings.SESSION_COOKIE_AGE
        or now - session.get(SEEN, 0) > settings.SESSION_IDLE_SECONDS
    )


class SessionEndMiddleware:
    """Signs out whose session is over, before any page is shown."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer; a session that is over is ended first."""
        if request.path.startswith("/console/") and request.user.is_authenticated:
            now = time()
            session = request.session
            if SIGNED_IN not in session:
                session[SIGNED_IN] = session[SEEN] = int(now)
            if is_over(session, now):
                logout(request)
            elif BACKGROUND_HEADER not in request.headers and (now - session[SEEN] > _WRITE_EVERY):
                session[SEEN] = int(now)
        return self._get_response(request)
