"""Updates on their way to the bot: webhook with Telegram's queues and retries, or getUpdates.

Rules from the Bot API server's source: protocols.md 5.1 and 5.2.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from collections import deque
from itertools import count
from typing import Any

from bot.simulator.faults import Faults
from bot.simulator.poster import Answer, Patience, Poster, with_fault
from bot.simulator.record import now_ms
from bot.simulator.telegram.errors import TelegramError
from bot.simulator.world import World

#: Updates that wait for a poller or a webhook; the oldest is dropped.
PENDING_KEPT = 10_000
#: Life of an update in seconds.
MESSAGE_LIFE, TAP_LIFE = 24 * 3600, 150
MAX_CONNECTIONS = 40
#: All but these when allowed_updates is empty.
NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
_PATIENCE = Patience(connect=5000, read=60_000, total=60_000)

Update = dict[str, Any]


class Pending:
    """One update with what the queue needs to know."""

    __slots__ = ("born", "channel_key", "entry", "kind", "on_acked", "queue", "update")

    def __init__(self, update: Update, kind: str, queue: str, address: str, on_acked: Any) -> None:
        self.update, self.kind, self.queue, self.channel_key = update, kind, queue, address
        self.on_acked = on_acked
        self.born = time.monotonic()
        self.entry: dict[str, Any] | None = None

    def is_dead(self) -> bool:
        """Whether Telegram would have given up."""
        life = TAP_LIFE if self.kind == "callback_query" else MESSAGE_LIFE
        return time.monotonic() - self.born > life


class Updates:
    """The bot's updates, each confirmed once."""

    def __init__(self, world: World, faults: Faults, poster: Poster) -> None:
        self._world, self._faults, self._poster = world, faults, poster
        settings = world.settings
        self.url = settings.telegram_webhook_url
        self.secret = settings.telegram_secret
        self.allowed: list[str] = []
        self.last_error: dict[str, Any] = {}
        self._ids = count(10**8 + secrets.randbelow(10**8))
        self._queues: dict[str, deque[Pending]] = {}
        self._waiting: deque[Pending] = deque(maxlen=PENDING_KEPT)
        self._connections = asyncio.Semaphore(MAX_CONNECTIONS)
        self._arrived = asyncio.Event()
        self._poller: object | None = None

    def add(
        self, kind: str, value: dict[str, Any], *, queue: str, address: str, on_acked: Any = None
    ) -> int:
        """Queue one update of `kind`; returns its update_id, 0 when the bot did not ask for it."""
        wanted = kind in self.allowed if self.allowed else kind not in NOT_BY_DEFAULT
        if not wanted:
            return 0
        number = next(self._ids)
        update = {"update_id": number, kind: value}
        self._put(Pending(update, kind, queue, address, on_acked))
        return number

    def _put(self, pending: Pending) -> None:
        if not self.url:
            self._waiting.append(pending)
            self._arrived.set()
            return
        queue = self._queues.get(pending.queue)
        if queue is not None:
            queue.append(pending)
            return
        self._queues[pending.queue] = deque([pending])
        self._world.spawn(self._drain(pending.queue))

    @property
    def count(self) -> int:
        """pending_update_count."""
        return len(self._waiting) + sum(len(queue) for queue in self._queues.values())

    def set_webhook(self, url: str, secret: str, allowed: list[str] | None, drop: bool) -> None:
        """Point updates to `url`, or keep them for getUpdates when it is empty."""
        self.url, self.secret = url, secret
        if allowed is not None:
            self.allowed = allowed
        if drop:
            self._waiting.clear()
            for queue in self._queues.values():
                queue.clear()
        if url:
            waiting, self._waiting = list(self._waiting), deque(maxlen=PENDING_KEPT)
            for pending in waiting:
                self._put(pending)

    async def _drain(self, name: str) -> None:
        """Deliver one queue in order; the next waits until the former is confirmed."""
        queue = self._queues[name]
        while queue:
            if not self.url:
                self._waiting.extend(queue)
                self._arrived.set()
                break
            pending = queue[0]
            fault = self._faults.take("telegram.update", address=pending.channel_key)

            async def send(pending: Pending = pending) -> None:
                await self._until_confirmed(pending)

            await with_fault(fault, send, self._world.spawn)
            if queue and queue[0] is pending:
                queue.popleft()
        del self._queues[name]

    async def _until_confirmed(self, pending: Pending) -> None:
        pause, first = 1.0, True
        entry = pending.entry = self._world.record.add(
            "inbound",
            provider="telegram",
            channel="telegram",
            address=pending.channel_key,
            id=_message_id(pending.update, pending.kind),
            update_id=pending.update["update_id"],
            acked=False,
            attempts=[],
        )
        phone = self._world.phone("telegram", pending.channel_key)
        phone.heard()
        while self.url and not pending.is_dead():
            answer = await self._post(pending.update)
            entry["attempts"].append({"status": answer.status, "outcome": answer.outcome,
                                      "ms": answer.ms})  # fmt: skip
            if answer.outcome == "ok":
                entry["acked"], entry["done"] = True, now_ms()
                if pending.on_acked:
                    pending.on_acked()
                return
            self.last_error = {
                "last_error_date": int(time.time()),
                "last_error_message": _explain(answer),
            }
            if first:
                first = False
                continue
            wait = answer.retry_after or min(pause, 60 + secrets.randbelow(60))
            pause *= 2
            await asyncio.sleep(wait * self._world.settings.pace.retry)

    async def _post(self, update: Update) -> Answer:
        headers = {"Content-Type": "application/json", "Accept-Encoding": "gzip, deflate"}
        if self.secret:
            headers["X-Telegram-Bot-Api-Secret-Token"] = self.secret
        data = json.dumps(update, ensure_ascii=False, separators=(",", ":")).encode()
        async with self._connections:
            return await self._poster.post(self.url, data, headers, _PATIENCE)

    async def poll(self, offset: int, limit: int, timeout: float) -> list[Update]:
        """getUpdates. Raises 409 while a webhook is set or when another poller takes over."""
        if self.url:
            raise TelegramError(
                409,
                "Conflict: can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first",
            )
        me = self._poller = object()
        self._arrived.set()
        while self._waiting and self._waiting[0].update["update_id"] < offset:
            self._confirm(self._waiting.popleft())
        deadline = time.monotonic() + timeout
        while not self._waiting and time.monotonic() < deadline:
            self._arrived.clear()
            try:
                await asyncio.wait_for(self._arrived.wait(), deadline - time.monotonic())
            except asyncio.TimeoutError:
                break
            if self._poller is not me:
                raise TelegramError(
                    409,
                    "Conflict: terminated by other getUpdates request; "
                    "make sure that only one bot instance is running",
                )
        given = list(self._waiting)[:limit]
        for pending in given:
            if pending.entry is None:
                self._hand_over(pending)
        return [pending.update for pending in given]

    def _hand_over(self, pending: Pending) -> None:
        self._world.phone("telegram", pending.channel_key).heard()
        pending.entry = self._world.record.add(
            "inbound",
            provider="telegram",
            channel="telegram",
            address=pending.channel_key,
            id=_message_id(pending.update, pending.kind),
            update_id=pending.update["update_id"],
            acked=False,
        )

    def _confirm(self, pending: Pending) -> None:
        if pending.entry is not None:
            pending.entry["acked"], pending.entry["done"] = True, now_ms()
        if pending.on_acked:
            pending.on_acked()


def _message_id(update: Update, kind: str) -> str:
    value = update[kind]
    return str(value.get("message_id") or value.get("id") or "")


def _explain(answer: Answer) -> str:
    if answer.outcome == "ct":
        return "Connection refused"
    if answer.outcome == "rt":
        return "Read timeout expired"
    if answer.outcome == "away":
        return "The stand-in posts to this computer only"
    return f"Wrong response from the webhook: {answer.status}"
