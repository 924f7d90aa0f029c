"""Phones and the stored messages of the running stack, for end-to-end tests."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import httpx
import psycopg
import pytest

from bot.processes.stack import Stack

# Milliseconds that an answer may take on a loaded test machine.
PATIENCE = 25_000


@dataclass(frozen=True)
class Stored:
    """One outgoing row: what stands open in the database."""

    kind: str
    card: str
    segments: int
    language: str


class TestPhone:
    """One phone of the stand-in providers."""

    __test__ = False

    def __init__(self, stack: Stack, channel: str, address: str) -> None:
        self._http = httpx.Client(timeout=60, trust_env=False)
        self._stack = stack
        self.path = f"{stack.url}/simulator/api/phones/{channel}/{quote(address)}"

    def send(self, answers: int = 1, **wish: Any) -> list[dict[str, Any]]:
        """Send `wish` and return the next `answers` messages that the phone shows."""
        seen = self._http.get(f"{self.path}/messages").json()["last"]
        sent = self._http.post(f"{self.path}/send", json={"kind": "text", **wish})
        assert sent.status_code == 200, sent.text
        return self.heard(seen, answers)

    def heard(self, after: int, answers: int) -> list[dict[str, Any]]:
        """Return the messages of Haki after message number `after`, waiting for `answers`."""
        query: dict[str, str | int] = {
            "after": after,
            "by": "haki",
            "wait": PATIENCE,
            "count": answers,
        }
        messages = self._http.get(f"{self.path}/messages", params=query).json()["messages"]
        assert len(messages) == answers, [message["text"] for message in messages]
        return list(messages)

    def stored(self, shown: dict[str, Any]) -> Stored:
        """Return the row of the message that the phone shows."""
        with psycopg.connect(self._stack.environment["HAKI_DATABASE_URL"]) as database:
            row = database.execute(
                "SELECT kind, card, segments, language FROM messaging_message"
                " WHERE direction = 'out' AND (provider_id = %s OR provider_id LIKE %s)"
                " ORDER BY id DESC LIMIT 1",
                (shown["id"], f"%:{shown['id']}"),
            ).fetchone()
        assert row is not None, shown
        return Stored(*row)


@pytest.fixture
def phone(stack: Stack) -> Callable[[str, str], TestPhone]:
    """Return a function that gives the phone of an address on a channel."""

    def make(channel: str, address: str) -> TestPhone:
        return TestPhone(stack, channel, address)

    return make
