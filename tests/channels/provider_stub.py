"""Twilio, Telegram and Rasa in one local server that remembers what it was asked, word for word.

Answers are fixed: this is for tables of "payload in, requests out" and knows no rules of theirs
(bot/simulator does).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from tests.local_server import Asked, serving

CARD = {
    "kind": "card",
    "language": "en",
    "text": "Your passport is yours.\n\n*Ask* for it back.",
    "sms": "Your passport is yours. Ask for it back.",
    "buttons": [
        {"title": "More", "payload": "/more", "short": "More"},
        {"title": "Who can help", "payload": "/who_can_help", "short": "Helpers"},
    ],
    "card": "mys/passport-kept",
    "version": "0123456789ab",
    "list_label": "Choose",
}


@dataclass
class Stub:
    """The address, and each request that a provider got: method, path, body."""

    base: str = ""
    requests: list[dict[str, Any]] = field(default_factory=list)
    made: int = 0

    def answer(self, path: str, body: dict[str, Any]) -> tuple[int, Any]:
        """Return status and JSON for a request."""
        self.made += 1
        if path.startswith("/rasa"):
            command = body.get("command")
            said = f"You chose {command}."
            chosen = {**CARD, "kind": "card_part", "text": said, "sms": "", "buttons": []}
            return 200, [chosen if command else CARD]
        if path.startswith("/telegram"):
            message = {"message_id": 900 + self.made, "date": 1, "text": "x"}
            chat = {"id": body.get("chat_id", 1), "type": "private"}
            sent = "sendMessage" in path or "edit" in path
            return 200, {"ok": True, "result": {**message, "chat": chat} if sent else True}
        if path.startswith("/content"):
            return 201, {"sid": "HX" + f"{self.made:032x}"}
        return 201, {"sid": "SM" + f"{self.made:032x}", "status": "queued"}


@contextmanager
def running() -> Iterator[Stub]:
    """Serve a stub on a free port until the block ends."""
    stub = Stub()

    def answer(asked: Asked) -> tuple[int, Any]:
        raw = asked.body.decode("utf-8")
        body = json.loads(raw) if "json" in asked.content_type else _form(raw)
        if not asked.path.startswith("/rasa"):
            stub.requests.append({"method": asked.method, "path": asked.path, "body": body})
        return stub.answer(asked.path, body)

    with serving(answer) as stub.base:
        yield stub


def _form(raw: str) -> dict[str, Any]:
    """Return the fields; those that hold JSON (python-telegram-bot's, ContentVariables) parsed."""
    fields: dict[str, Any] = dict(parse_qsl(raw, keep_blank_values=True))
    for name, value in fields.items():
        if re.match(r"[\[{]", value):
            fields[name] = json.loads(value)
    return fields
