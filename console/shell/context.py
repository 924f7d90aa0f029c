"""What every template of the console knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return the language, its direction, the choice of languages, and the membership in use."""
    code = translation.get_language() or "en"
    return {
        "language": code,
        "direction": "rtl" if translation.get_language_bidi() else "ltr",
        "languages": settings.LANGUAGES,
        "me": getattr(request, "membership", None),
        "memberships": getattr(request, "memberships", ()),
    }
