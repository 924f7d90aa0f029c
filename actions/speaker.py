"""Gathers what an action says and utters it in the form that bot.dialogue.client reads."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from rasa_sdk.executor import CollectingDispatcher

from actions.shelf import phrases
from bot.channels.outgoing import Option, Reply

# A WhatsApp list holds ten rows.
MOST_OPTIONS = 10


class Speaker:
    """Collects replies and effects of one turn; `flush` utters them in order."""

    def __init__(self, dispatcher: CollectingDispatcher, in_shell: bool = False) -> None:
        """`in_shell`: Rasa's own shell listens; it shows whatever a button holds."""
        self._dispatcher = dispatcher
        self._in_shell = in_shell
        self._replies: list[Reply] = []
        self._effects: list[dict[str, Any]] = []

    def say(self, reply: Reply) -> None:
        """Add a reply after those said so far."""
        self._replies.append(reply)

    def say_first(self, reply: Reply) -> None:
        """Put a reply before those said so far."""
        self._replies.insert(0, reply)

    def offer(self, option: Option) -> None:
        """Add an option to the menu of the last reply, if it has one with room."""
        if self._replies and 0 < len(self._replies[-1].options) < MOST_OPTIONS:
            last = self._replies[-1]
            self._replies[-1] = replace(last, options=(*last.options, option))

    def effect(self, do: str, **values: object) -> None:
        """Add a change that is made when the answer is stored (bot.messaging.effects)."""
        self._effects.append({"do": do, **values})

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds said so far."""
        return tuple(reply.kind for reply in self._replies)

    def flush(self) -> None:
        """Utter everything; the effects travel with the first reply."""
        for index, reply in enumerate(self._replies):
            self._dispatcher.utter_message(
                text=reply.text,
                buttons=buttons(reply.options, plain=self._in_shell),
                kind=reply.kind,
                language=reply.language,
                sms=reply.sms,
                card=reply.card,
                version=reply.card_version,
                list_label=phrases().get("option.list", reply.language),
                effects=self._effects if index == 0 else [],
            )


def buttons(options: Sequence[Option], plain: bool = False) -> list[dict[str, Any]]:
    """Return `options` as Rasa buttons; `plain` ones hold a title and a payload only."""
    if plain:
        return [{"title": option.title, "payload": option.payload} for option in options]
    return [
        {
            "title": option.title,
            "payload": option.payload,
            "short": option.short,
            "optional": option.optional,
        }
        for option in options
    ]
