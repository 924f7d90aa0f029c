"""One phone of the simulator, and what Haki stored as its answer to each turn."""

import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import httpx

# Seconds until a turn without an answer is called one; Rasa is tried for some 40 s.
PATIENCE = 90.0
LOOK_EVERY = 0.03


class TalkError(Exception):
    """The conversation cannot go on; the message says why."""


@dataclass(frozen=True)
class Heard:
    """One message that the phone got, as Haki stored it."""

    id: int
    kind: str
    card: str
    version: str
    language: str
    text: str
    buttons: tuple[str, ...]
    style: str
    segments: int
    state: str


class Phone:
    """A person's phone on `channel` with `address` (a number, or a Telegram chat id)."""

    def __init__(self, web_url: str, channel: str, address: str) -> None:
        self._channel = channel
        self._path = f"{web_url}/simulator/api/phones/{channel}/{quote(address)}"
        self._http = httpx.Client(timeout=30, trust_env=False)
        self._seen = 0
        self._tappable: list[tuple[str, list[str]]] = []

    def turn(self, turn: dict[str, Any]) -> list[Heard]:
        """Send one turn ({"text"}, {"tap": n} or another simulator kind); return the answers.

        Raises TalkError when the phone cannot send it or nothing is answered in time.
        """
        self._seen = self._http.get(f"{self._path}/messages").json()["last"]
        sent = self._post(f"{self._path}/send", self._wish(turn))
        inbound = self._provider_id(sent)
        answers = self._wait_for_answers(inbound)
        self._remember_buttons(answers)
        return answers

    def _wish(self, turn: dict[str, Any]) -> dict[str, Any]:
        if "tap" not in turn:
            return {"kind": "text", **turn}
        if self._channel == "sms":
            return {"kind": "text", "text": str(turn["tap"])}
        for message, tokens in reversed(self._tappable):
            number = int(turn["tap"])
            if 1 <= number <= len(tokens):
                return {"kind": "tap", "message": message, "payload": tokens[number - 1]}
        raise TalkError(f"There is no button {turn['tap']} to tap.")

    def _post(self, url: str, body: dict[str, Any]) -> dict[str, Any]:
        try:
            response = self._http.post(url, json=body)
        except httpx.HTTPError as error:
            raise TalkError(f"The phones do not answer: {type(error).__name__}.") from error
        answer: dict[str, Any] = response.json()
        if response.status_code >= 400:
            raise TalkError(str(answer.get("error", answer)))
        return answer

    def _provider_id(self, sent: dict[str, Any]) -> str:
        from bot.settings.environment import environment

        if self._channel == "telegram":
            return f"{environment().telegram.token.partition(':')[0]}:{sent['update_id']}"
        return str(sent["id"])

    def _wait_for_answers(self, inbound: str) -> list[Heard]:
        from bot.talk.stored import answers_to

        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            answers = answers_to(self._channel, inbound)
            if answers is not None or (answers := self._after_erasure(inbound)):
                return answers
            time.sleep(LOOK_EVERY)
        raise TalkError(f"No answer within {PATIENCE:.0f} seconds; see the logs of the demo.")

    def _after_erasure(self, inbound: str) -> list[Heard]:
        """Return what only the phone still holds when the answer was that all is erased."""
        from bot.talk.stored import is_stored

        shown = self._http.get(
            f"{self._path}/messages", params={"after": self._seen, "by": "haki"}
        ).json()
        if not shown["messages"] or is_stored(self._channel, inbound):
            return []
        texts = [message["text"] for message in shown["messages"]]
        return [Heard(0, "deleted", "", "", "", text, (), "plain", 0, "sent") for text in texts]

    def _remember_buttons(self, answers: list[Heard]) -> None:
        from bot.talk.stored import provider_id_of

        for answer in answers:
            if answer.buttons:
                tokens = [f"m{answer.id}:{n}" for n in range(len(answer.buttons))]
                self._tappable.append((provider_id_of(answer.id), tokens))
