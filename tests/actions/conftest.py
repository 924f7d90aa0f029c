"""A conversation with the real actions and the real library, without Rasa."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

Said = list[dict[str, Any]]


@dataclass
class Conversation:
    """Runs one action per turn and keeps the slots between turns."""

    metadata: dict[str, Any] = field(default_factory=dict)
    slots: dict[str, Any] = field(default_factory=dict)
    effects: list[dict[str, Any]] = field(default_factory=list)

    async def run(
        self,
        action: Action,
        text: str = "",
        intent: str = "",
        ranking: dict[str, float] | None = None,
        entities: list[dict[str, Any]] | None = None,
        **parameters: str,
    ) -> Said:
        """Return what `action` says; its slots and effects are kept."""
        ranked = ranking or ({intent: 0.9} if intent else {})
        given = [{"entity": name, "value": value} for name, value in parameters.items()]
        latest = {
            "text": text,
            "intent": {"name": intent or next(iter(ranked), "")},
            "intent_ranking": [{"name": n, "confidence": c} for n, c in ranked.items()],
            "entities": [*(entities or []), *given],
            "metadata": self.metadata,
        }
        tracker = Tracker("id", dict(self.slots), latest, [], False, None, {}, "action_listen")
        dispatcher = CollectingDispatcher()
        for event in await action.run(dispatcher, tracker, {}):
            self.slots[event["name"]] = event["value"]
        for message in dispatcher.messages:
            self.effects.extend(message.get("effects") or [])
        return list(dispatcher.messages)


Start = Callable[..., Conversation]


def place(value: str, role: str = "here") -> dict[str, Any]:
    """Return a country as the understanding reports it."""
    return {"entity": "country", "value": value, "role": role, "extractor": "MessageReader"}


def language(code: str, confidence: float = 0.99) -> dict[str, Any]:
    """Return a language as the understanding reports it."""
    return {
        "entity": "language",
        "value": code,
        "confidence_entity": confidence,
        "extractor": "MessageReader",
    }


def danger(kind: str) -> dict[str, Any]:
    """Return a danger as the understanding reports it."""
    return {"entity": "danger", "value": kind, "extractor": "MessageReader"}


def second(topic: str, text: str, words: str, apart: bool = True) -> dict[str, Any]:
    """Return the second question `words` of the message `text` as the understanding reports it."""
    start = text.index(words)
    role = "apart" if apart else ""
    span = {"start": start, "end": start + len(words)}
    return {"entity": "second", "value": topic, "role": role, **span, "extractor": "MessageReader"}


@pytest.fixture
def start() -> Start:
    """Return a function that starts a conversation with what the worker knows of the person."""

    def begin(**known: Any) -> Conversation:
        return Conversation({"channel": "sms", "prefix": "", "welcomed": True, **known})

    return begin
