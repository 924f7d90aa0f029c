"""Where the hand-over to partner organisations plugs in. Without one the bot answers everything.

bot.messaging knows no cases: whoever keeps them (the console) registers itself here.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from django.db.models import QuerySet

from bot.dialogue.client import Answer
from bot.messaging.models import Contact, Message

Ordinary = Callable[[], Answer]


class Handover(Protocol):
    """What a keeper of cases is asked, in the worker, for each turn of a conversation."""

    def answer(self, message: Message, texts: Sequence[str], ordinary: Ordinary) -> Answer:
        """Return the answer to a turn; `ordinary()` is what the bot would say. It may raise
        RasaFailed."""

    def unsaid(self, message: Message, texts: Sequence[str]) -> Answer:
        """Return the effects of words that get no answer, as STOP came after them."""

    def facts(self, message: Message) -> Mapping[str, Any]:
        """Return what the dialogue may know: `partners`, `handover`."""

    def keeps_silent(self, contact: Contact, waiting: Sequence[Message]) -> bool:
        """Tell whether nothing at all may go out now, given what they just wrote."""

    def moved(self, messages: QuerySet[Message]) -> None:
        """A provider told how far some of our messages came; called in the web process."""


class BotAlone:
    """There are no partners."""

    def answer(self, message: Message, texts: Sequence[str], ordinary: Ordinary) -> Answer:
        """The bot answers."""
        return ordinary()

    def unsaid(self, message: Message, texts: Sequence[str]) -> Answer:
        """Nothing is kept of them."""
        return Answer(())

    def facts(self, message: Message) -> Mapping[str, Any]:
        """Nobody to name."""
        return {}

    def keeps_silent(self, contact: Contact, waiting: Sequence[Message]) -> bool:
        """Never."""
        return False

    def moved(self, messages: QuerySet[Message]) -> None:
        """Nobody looks."""


class _Registered:
    handover: Handover = BotAlone()


def register(handover: Handover) -> None:
    """Let `handover` speak first from now on, in this process."""
    _Registered.handover = handover


def handover() -> Handover:
    """Return who speaks first."""
    return _Registered.handover
