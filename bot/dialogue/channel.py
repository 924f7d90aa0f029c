"""The internal REST channel inside Rasa.

Rasa's own `rest` channel checks no token, hides every error behind 200 and `[]`, splits texts at
blank lines and drops what it does not know of a reply. This one asks for the shared token, keeps
the reply whole, and lets only `command` act as a Rasa command, never a person's text.
"""

import hmac
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import InputChannel, OutputChannel, UserMessage
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.dialogue import lighter_rasa, turn
from bot.understanding import danger

# A person's text reaches us in at most 4,096 UTF-16 units (Telegram).
MAX_TEXT = 5000
LANGUAGES = ("am", "ar", "en", "es", "fr", "ht", "ne", "pt", "zh")


class Collector(OutputChannel):
    """Keeps every reply as the action uttered it."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []

    @classmethod
    def name(cls) -> str:
        return "haki"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        kept = {key: value for key, value in message.items() if value is not None}
        kept.pop("timestamp", None)
        self.messages.append(kept)


class HakiInput(InputChannel):
    """Serves POST /webhooks/haki/webhook for the worker."""

    @classmethod
    def name(cls) -> str:
        return "haki"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> "HakiInput":
        token = str((credentials or {}).get("token") or "")
        if len(token) < 16 or token.startswith("$"):
            raise ValueError("credentials.yml: the haki channel needs HAKI_RASA_TOKEN (16+).")
        lighter_rasa.install()
        return cls(token)

    def __init__(self, token: str) -> None:
        self._expected = f"Bearer {token}".encode()

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        haki = Blueprint("haki_channel")

        @haki.get("/")
        async def health(_: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        @haki.post("/webhook")
        async def receive(request: Request) -> HTTPResponse:
            given = str(request.headers.get("authorization", "")).encode("utf-8")
            if not hmac.compare_digest(given, self._expected):
                return response.json({"error": "wrong or missing token"}, status=401)
            body = request.json
            texts = message_texts(body) if isinstance(body, dict) else []
            if not texts or not isinstance(body.get("sender"), str):
                return response.json({"error": "sender and text or command"}, status=400)
            collector = Collector()
            metadata = body.get("metadata") or {}
            with turn.named(str(body.get("turn") or "")):
                for text in texts:
                    await on_new_message(
                        UserMessage(
                            text,
                            collector,
                            body["sender"],
                            input_channel=self.name(),
                            metadata=metadata,
                        )
                    )
                    metadata = {**metadata, "welcomed": True}
            return response.json(collector.messages)

        return haki

    def get_metadata(self, request: Request) -> dict[str, Any] | None:
        return (request.json or {}).get("metadata")


def message_texts(body: dict[str, Any]) -> list[str]:
    """Return what Rasa reads one after the other: in most cases one text.

    Of several messages that were written in a row, those that tell of danger are read first and
    apart, so that the words around them cannot hide it; the others are joined.
    """
    several = [text for text in body.get("texts") or () if isinstance(text, str)]
    alarming = [text for text in several if tells_of_danger(text)]
    calm = [text for text in several if text not in alarming]
    if not alarming or not calm:
        return [text] if (text := message_text(body)) else []
    return [message_text({"text": "\n".join(texts)}) for texts in (alarming, calm)]


def tells_of_danger(text: str) -> bool:
    """Tell whether the lists of any language find a word of danger in `text`."""
    return any(danger.read(text[:MAX_TEXT], language).cues for language in LANGUAGES)


def message_text(body: dict[str, Any]) -> str:
    """Return what Rasa reads: our command as it is, a person's words without leading slashes.

    Rasa takes any text that starts with "/" as an intent, see protocols (rasa 3.6.21,
    `YAMLStoryReader.unpack_regex_message`). Words that were only slashes become "?".
    """
    command = body.get("command")
    if isinstance(command, str) and command.startswith("/"):
        return command
    text = body.get("text")
    if not isinstance(text, str):
        return ""
    return text[:MAX_TEXT].strip().lstrip("/\\ \t\n") or "?"
