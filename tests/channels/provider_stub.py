"""Twilio, Telegram and Rasa in one local server that remembers what it was asked, word for word.

Answers are fixed: this is for tables of "payload in, requests out" and knows no rules of theirs
(bot/simulator does).
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

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

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode("utf-8")
            is_json = "json" in (self.headers.get("Content-Type") or "")
            body = json.loads(raw) if is_json else _form(raw)
            if not self.path.startswith("/rasa"):
                stub.requests.append({"method": "POST", "path": self.path, "body": body})
            status, answer = stub.answer(self.path, body)
            payload = json.dumps(answer).encode("utf-8")
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(payload)))
            self.end_headers()
            self.wfile.write(payload)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    stub.base = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield stub
    server.shutdown()
    server.server_close()
    thread.join()


def _form(raw: str) -> dict[str, Any]:
    """Return the fields; those that hold JSON (python-telegram-bot's, ContentVariables) parsed."""
    fields: dict[str, Any] = dict(parse_qsl(raw, keep_blank_values=True))
    for name, value in fields.items():
        if re.match(r"[\[{]", value):
            fields[name] = json.loads(value)
    return fields
