"""The phones: every message that a person would see on theirs, bounded and in memory only."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict, deque
from dataclasses import dataclass, field
from typing import Any

from bot.simulator.record import Record, now_ms
from bot.simulator.settings import SimulatorSettings

CHANNELS = ("sms", "whatsapp", "telegram")
#: Phones kept; the one unused for longest is forgotten first.
PHONES_KEPT = 20_000
#: Messages kept for each phone.
BUBBLES_KEPT = 400
#: Events that a slow listener may fall behind before it is cut off.
LISTENER_BACKLOG = 1000

Bubble = dict[str, Any]
Event = dict[str, Any]


class CannotSendError(ValueError):
    """The phone cannot do what was asked; the text says why."""


@dataclass
class Phone:
    """One person's phone on one channel.

    `address` is the bare address: ``+60…`` for SMS and WhatsApp, ``CC.<id>`` for a WhatsApp user
    who hides the number, the decimal chat id for Telegram.
    """

    channel: str
    address: str
    name: str = "Maya"
    language: str = "en"
    username: str = ""
    #: The chat that a Telegram bubble belongs to: ``private``, ``group`` or ``supergroup``.
    chat_type: str = "private"
    started: bool = False
    blocked: bool = False
    #: Off or without coverage: messages are sent, never delivered.
    online: bool = True
    #: Numbers of Haki's that this person said STOP to (SMS).
    stopped: set[str] = field(default_factory=set)
    #: Unix time of the last message that Twilio took from the person (WhatsApp's 24 h window).
    last_inbound: float = 0.0
    last_inbound_ms: float = 0.0
    reply_keyboard: dict[str, Any] | None = None
    migrated_to: str = ""
    bubbles: deque[Bubble] = field(default_factory=lambda: deque(maxlen=BUBBLES_KEPT))
    count: int = 0
    telegram_ids: int = 0
    listeners: set[asyncio.Queue[Event]] = field(default_factory=set)
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    #: Inbound deliveries of one phone go out one after the other.
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    def add(self, bubble: Bubble) -> Bubble:
        """Show a message; sets its place `n` and time `at` (ms)."""
        self.count += 1
        bubble["n"], bubble["at"] = self.count, now_ms()
        if bubble["by"] == "haki" and self.last_inbound_ms:
            bubble["after_ms"] = round(bubble["at"] - self.last_inbound_ms, 1)
        self.bubbles.append(bubble)
        self.tell({"event": "message", "message": bubble})
        return bubble

    def find(self, message_id: str) -> Bubble | None:
        """The newest message with that provider id."""
        wanted = str(message_id)
        return next((b for b in reversed(self.bubbles) if b["id"] == wanted), None)

    def update(self, bubble: Bubble, **values: Any) -> None:
        """Change a shown message and tell who is looking."""
        bubble.update(values)
        self.tell({"event": "message", "message": bubble})

    def remove(self, bubble: Bubble) -> None:
        """Take a message off the phone (Telegram's deleteMessage)."""
        self.bubbles.remove(bubble)
        self.tell({"event": "removed", "id": bubble["id"], "n": bubble["n"]})

    def tell(self, event: Event) -> None:
        """Send `event` to every listener; one that lags too far is dropped."""
        self.changed.set()
        self.changed = asyncio.Event()
        for queue in list(self.listeners):
            if queue.full():
                self.listeners.discard(queue)
            else:
                queue.put_nowait(event)

    def heard(self) -> None:
        """Note that the person has just written."""
        self.started = True
        self.last_inbound = time.time()
        self.last_inbound_ms = now_ms()

    def messages(self, after: int = 0, by: str = "") -> list[Bubble]:
        """Messages with ``n > after``, oldest first; `by` is haki, person or provider."""
        return [b for b in self.bubbles if b["n"] > after and (not by or b["by"] == by)]

    def profile(self) -> dict[str, Any]:
        """What the page shows about the phone."""
        return {
            "channel": self.channel,
            "address": self.address,
            "name": self.name,
            "language": self.language,
            "username": self.username,
            "blocked": self.blocked,
            "online": self.online,
            "stopped": sorted(self.stopped),
            "reply_keyboard": self.reply_keyboard,
        }


class World:
    """All phones and the log, shared by both stand-in providers and the control API."""

    def __init__(self, settings: SimulatorSettings) -> None:
        self.settings = settings
        self.record = Record()
        self._phones: OrderedDict[tuple[str, str], Phone] = OrderedDict()
        self._tasks: set[asyncio.Task[None]] = set()

    def known(self, channel: str, address: str) -> Phone | None:
        """The phone if it exists already."""
        return self._phones.get((channel, address))

    def phone(self, channel: str, address: str) -> Phone:
        """The phone, made on first use."""
        key = (channel, address)
        phone = self._phones.get(key)
        if phone is None:
            phone = self._phones[key] = Phone(channel, address)
            if len(self._phones) > PHONES_KEPT:
                self._phones.popitem(last=False)
        else:
            self._phones.move_to_end(key)
        return phone

    def phones(self) -> list[Phone]:
        """All phones, the one used last at the end."""
        return list(self._phones.values())

    def forget(self) -> None:
        """Drop all phones and the log; pages that listen connect again."""
        for phone in self._phones.values():
            phone.listeners.clear()
        self._phones.clear()
        self.record.clear()

    def spawn(self, work: Any) -> asyncio.Task[None]:
        """Run a coroutine beside the request; kept alive until it ends."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def close(self) -> None:
        """Cancel whatever is still under way."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
