"""Telegram's error answers (protocols.md 5.4)."""

from __future__ import annotations

from typing import Any


class TelegramError(Exception):
    """``{"ok": false, …}`` with the HTTP status as error_code."""

    def __init__(self, status: int, description: str, **parameters: Any) -> None:
        self.status, self.description, self.parameters = status, description, parameters
        super().__init__(description)

    def body(self) -> dict[str, Any]:
        """The JSON that the Bot API answers with."""
        answer: dict[str, Any] = {
            "ok": False,
            "error_code": self.status,
            "description": self.description,
        }
        if self.parameters:
            answer["parameters"] = self.parameters
        return answer


def bad_request(what: str) -> TelegramError:
    """400 ``Bad Request: …``."""
    return TelegramError(400, f"Bad Request: {what}")
