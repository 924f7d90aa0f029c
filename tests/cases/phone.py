"""A person with a phone, and a worker that does what is queued, in one process and transaction."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import connection

from bot.channels.incoming import InboundKind, Incoming
from bot.channels.names import Channel
from bot.channels.outgoing import Bubble, Reply
from bot.dialogue.client import Answer, RasaFailed
from bot.messaging.handling import tend
from bot.messaging.inbox import receive
from bot.messaging.models import Contact, Direction, Message
from console.handover.sending import send
from console.tasks import send_words_later

SMS, OURS = "+15005550177", "+15005550006"
EMERGENCY = Reply("emergency", "In danger: call 999.", "en")


class Dialogue:
    """Stands for Rasa: echoes words, knows one word of danger; `effects` and `kind` are for one
    answer."""

    def __init__(self) -> None:
        self.effects: tuple[Mapping[str, Any], ...] = ()
        self.heard: list[str] = []
        self.metadata: Mapping[str, Any] = {}
        self.away = False
        self.kind = "card"

    def say(self, sender: str, texts: Sequence[str], metadata: Any, turn: str) -> Answer:
        return self._answer(" / ".join(texts), metadata)

    def command(self, sender: str, command: str, metadata: Any, turn: str) -> Answer:
        return self._answer(command, metadata)

    def _answer(self, heard: str, metadata: Mapping[str, Any]) -> Answer:
        if self.away:
            raise RasaFailed("away")
        self.heard.append(heard)
        self.metadata = metadata
        effects, self.effects = self.effects, ()
        if "beats me" in heard:
            return Answer((EMERGENCY,), effects)
        kind, self.kind = self.kind, "card"
        return Answer((Reply(kind, f"bot: {heard}", "en", card="mys/unpaid-wages"),), effects)


class Phone:
    """Writes to Haki, shows what came. `write` works off everything that is queued."""

    def __init__(self, channel: Channel = Channel.SMS) -> None:
        self.channel = channel
        self.screen: list[str] = []
        self._count = 0

    @property
    def contact(self) -> Contact:
        """The person as stored."""
        return Contact.objects.get()

    def receive(self, contact: Contact, bubble: Bubble, tokens: Any, message_id: int) -> str:
        """Take what Haki sends (stands for bot.messaging.senders.send)."""
        self.screen.append(bubble.text)
        return f"SM{message_id:032d}"

    def write(self, text: str, kind: InboundKind = InboundKind.TEXT) -> list[str]:
        """Send words and return what the worker's answer put on the screen."""
        self.send(text, kind)
        return work_and_read(self)

    def send(self, text: str, kind: InboundKind = InboundKind.TEXT) -> Message:
        """Send words that wait for the worker."""
        self._count += 1
        provider_id = f"phone:{id(self)}:{self._count}"
        receive(
            Incoming(
                channel=self.channel,
                provider_id=provider_id,
                our_address=OURS,
                kind=kind,
                text=text,
                address=SMS,
            )
        )
        return Message.objects.get(provider_id=provider_id, direction=Direction.INBOUND)


def work_and_read(phone: Phone) -> list[str]:
    """Do all jobs that are due and return what is new on the screen."""
    before = len(phone.screen)
    work()
    return phone.screen[before:]


def work() -> None:
    """Run the due jobs in order until none is left."""
    while (job := _next_job()) is not None:
        number, name, told, lock = job
        arguments = json.loads(told)
        if name in ("haki.handle_message", "haki.tend"):
            tend(UUID(lock))
        elif name == "haki.case_words":
            send(arguments["entry_id"])
        elif name == "haki.case_words_later":
            send_words_later(**arguments)
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs WHERE id = %s", [number])


def _next_job() -> Any:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, task_name, args::text, lock FROM procrastinate_jobs WHERE status = 'todo'"
            " AND (scheduled_at IS NULL OR scheduled_at <= now()) ORDER BY id LIMIT 1"
        )
        return cursor.fetchone()
