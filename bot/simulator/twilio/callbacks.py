"""Status callbacks: sent, delivered, read, or failed, signed as Twilio signs them."""

from __future__ import annotations

import asyncio
import secrets
import time
from datetime import datetime, timezone
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlencode

from bot.simulator.faults import Faults
from bot.simulator.poster import Answer, Poster, patience, with_fault
from bot.simulator.twilio.errors import MESSAGES
from bot.simulator.twilio.signature import signature
from bot.simulator.world import World

Resource = dict[str, Any]
Pairs = list[tuple[str, str]]
#: As Twilio's proxy names itself; some firewalls look at it.
USER_AGENT = "TwilioProxy/1.1"


class SignedPosts:
    """Form posts to Haki with a signature, an idempotency token and the URL's own patience."""

    def __init__(self, world: World, poster: Poster) -> None:
        self._world, self._poster = world, poster

    async def post(self, url: str, fields: Pairs, entry: dict[str, Any]) -> Answer:
        """Try as often as the URL's overrides allow; every attempt is noted in `entry`."""
        limits = patience(url)
        headers = {
            "Content-Type": "application/x-www-form-urlencoded; charset=utf-8",
            "User-Agent": USER_AGENT,
            "Accept": "*/*",
            "X-Twilio-Signature": signature(self._world.settings.auth_token, url, fields),
            "I-Twilio-Idempotency-Token": secrets.token_hex(16),
        }
        data = urlencode(fields).encode()
        deadline = time.monotonic() + limits.total / 1000
        attempts: list[dict[str, Any]] = []
        entry["attempts"] = attempts
        while True:
            answer = await self._poster.post(url, data, headers, limits)
            attempts.append({"outcome": answer.outcome, "status": answer.status, "ms": answer.ms})
            entry["acked"] = answer.outcome == "ok"
            if answer.outcome not in limits.retry_on or len(attempts) > limits.retries:
                return answer
            if time.monotonic() >= deadline:
                return answer


class Callbacks:
    """Moves a message through its states and reports each to its StatusCallback."""

    def __init__(self, world: World, faults: Faults, posts: SignedPosts) -> None:
        self._world, self._faults, self._posts = world, faults, posts

    async def sent(self, resource: Resource) -> None:
        """queued -> sent."""
        await self._step(resource, "sent", self._world.settings.pace.sent)

    async def arrived(self, resource: Resource) -> None:
        """sent -> delivered, and on WhatsApp -> read."""
        pace = self._world.settings.pace
        await self._step(resource, "delivered", pace.delivered)
        if resource["from"].startswith("whatsapp:"):
            await self._step(resource, "read", pace.read)

    async def failed(self, resource: Resource, code: int) -> None:
        """The end of a message that cannot arrive: failed on WhatsApp, undelivered by SMS."""
        whatsapp = resource["from"].startswith("whatsapp:")
        if not whatsapp:
            await self._step(resource, "sent", self._world.settings.pace.sent)
        resource["error_code"], resource["error_message"] = code, MESSAGES.get(code)
        state = "failed" if whatsapp else "undelivered"
        await self._step(resource, state, self._world.settings.pace.delivered)

    async def _step(self, resource: Resource, status: str, pause: float) -> None:
        if pause:
            await asyncio.sleep(pause)
        now = time.time()
        resource["status"] = status
        resource["date_updated"] = rfc2822(now)
        resource["date_sent"] = resource["date_sent"] or resource["date_updated"]
        bubble = resource.get("_bubble")
        channel, _, address = resource["to"].rpartition(":")
        if bubble is not None:
            self._world.phone(channel or "sms", address).update(bubble, status=status)
        if not resource["_callback"]:
            return
        fields = self._fields(resource, status)

        async def send() -> None:
            entry = self._world.record.add(
                "callback", provider="twilio", id=resource["sid"], status=status, address=address
            )
            await self._posts.post(resource["_callback"], fields, entry)

        fault = self._faults.take("twilio.callback", address=address)
        await with_fault(fault, send, self._world.spawn)

    def _fields(self, resource: Resource, status: str) -> Pairs:
        fields = {
            "AccountSid": resource["account_sid"],
            "ApiVersion": "2010-04-01",
            "From": resource["from"],
            "MessageSid": resource["sid"],
            "MessageStatus": status,
            "SmsSid": resource["sid"],
            "SmsStatus": status,
            "To": resource["to"],
        }
        if resource["messaging_service_sid"]:
            fields["MessagingServiceSid"] = resource["messaging_service_sid"]
        if resource["from"].startswith("whatsapp:"):
            install = "XE" + self._world.settings.account_sid[2:]
            fields |= {"ChannelPrefix": "whatsapp", "ChannelInstallSid": install}
            if status == "read":
                fields["EventType"] = "READ"
        elif status in {"delivered", "undelivered"}:
            fields["RawDlrDoneDate"] = time.strftime("%y%m%d%H%M", time.gmtime())
        if resource["error_code"]:
            fields["ErrorCode"] = str(resource["error_code"])
            if resource["error_message"]:
                fields["ErrorMessage"] = resource["error_message"]
                if "ChannelPrefix" in fields:
                    fields["ChannelStatusMessage"] = resource["error_message"]
        return list(fields.items())


def rfc2822(seconds: float) -> str:
    """The date format of the 2010-04-01 API (English names in any locale)."""
    return format_datetime(datetime.fromtimestamp(seconds, timezone.utc))
