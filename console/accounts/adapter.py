"""How django-allauth behaves here."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ConsoleAccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """No sign-up, and no message for what the page shows anyway."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up: an account begins with an invitation."""
        return False

    def add_message(self, request: HttpRequest, level: int, *args: Any, **kwargs: Any) -> None:
        """Say nothing on sign-in and sign-out; the page itself shows it."""
        template = kwargs.get("message_template") or (args[0] if args else None) or ""
        if template not in (
            "account/messages/logged_in.txt",
            "account/messages/logged_out.txt",
        ):
            super().add_message(request, level, *args, **kwargs)
