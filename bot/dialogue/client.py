"""Asking Rasa for an answer over its internal REST channel (see `channel`)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import urllib3

from bot.channels.outgoing import Option, Reply

# Seconds. An answer takes some 20 ms; Rasa's own lock life is 60 s.
TIMEOUT = 20.0
PATH = "/webhooks/haki/webhook"
# Connections that are kept open: one for each thread of a worker.
POOL = 16


class RasaFailed(Exception):
    """Rasa is away, refused, or said nothing, which in Rasa means that something failed."""


@dataclass(frozen=True)
class Answer:
    """Rasa's answer: what to say, and what it changes (see bot.messaging.effects)."""

    replies: tuple[Reply, ...]
    effects: tuple[Mapping[str, Any], ...] = ()


class RasaClient:
    """One connection pool to Rasa; safe to use from several threads."""

    def __init__(self, url: str, token: str) -> None:
        # urllib3 costs a third of httpx's processor time for a call, and answers are many.
        self._http = urllib3.PoolManager(
            maxsize=POOL,
            headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
            timeout=TIMEOUT,
            retries=False,
        )
        self._url = url + PATH

    def say(
        self, sender: str, texts: Sequence[str], metadata: Mapping[str, Any], turn: str
    ) -> Answer:
        """Return the answer to a person's own words, which can never act as a command.

        Several `texts` were written one after the other and are answered as one. `turn` names
        what is asked: asked again under the same name, it counts as if for the first time.
        """
        body = {"sender": sender, "text": "\n".join(texts), "metadata": metadata, "turn": turn}
        return self._post({**body, "texts": list(texts)} if len(texts) > 1 else body)

    def command(self, sender: str, command: str, metadata: Mapping[str, Any], turn: str) -> Answer:
        """Return the answer to a command of ours, such as `/more` or `/set_stage{...}`."""
        return self._post(
            {"sender": sender, "command": command, "metadata": metadata, "turn": turn}
        )

    def _post(self, body: Mapping[str, Any]) -> Answer:
        try:
            response = self._http.request("POST", self._url, body=json.dumps(body).encode())
        except urllib3.exceptions.HTTPError as error:
            raise RasaFailed(type(error).__name__) from error
        if response.status != 200:
            raise RasaFailed(f"HTTP {response.status}")
        try:
            answer = read_answer(json.loads(response.data))
        except (ValueError, KeyError, TypeError) as error:
            raise RasaFailed("unreadable answer") from error
        if not answer.replies:
            raise RasaFailed("empty answer")
        return answer


def read_answer(messages: list[dict[str, Any]]) -> Answer:
    """Return the typed answer in Rasa's list of messages.

    Raises KeyError or TypeError when a message is not of the form that `actions` utter.
    """
    replies: list[Reply] = []
    effects: list[Mapping[str, Any]] = []
    for message in messages:
        effects.extend(message.get("effects") or ())
        if message.get("text"):
            replies.append(_reply(message))
    return Answer(tuple(replies), tuple(effects))


def _reply(message: Mapping[str, Any]) -> Reply:
    options = tuple(
        Option(
            title=str(button["title"]),
            payload=str(button["payload"]),
            short=str(button.get("short", "")),
            optional=bool(button.get("optional", False)),
        )
        for button in message.get("buttons") or ()
    )
    return Reply(
        kind=str(message["kind"]),
        text=str(message["text"]),
        language=str(message["language"]),
        sms=str(message.get("sms") or ""),
        options=options,
        card=str(message.get("card") or ""),
        card_version=str(message.get("version") or ""),
        list_label=str(message.get("list_label") or "..."),
    )
