"""Messages.create and its relatives: checks, resources, what appears on the phone, callbacks."""

from __future__ import annotations

import re
import secrets
import time
from collections import OrderedDict
from typing import Any
from urllib.parse import urlsplit

from bot.simulator.faults import Fault, Faults
from bot.simulator.segments import sms_size, utf16_units
from bot.simulator.twilio.callbacks import Callbacks, rfc2822
from bot.simulator.twilio.content import ContentShelf
from bot.simulator.twilio.content_rules import filled, richest, sending_problem, variables
from bot.simulator.twilio.errors import TwilioError, not_found
from bot.simulator.world import Phone, World

#: Message resources kept; the oldest is forgotten first.
MESSAGES_KEPT = 50_000
BODY_LIMIT = 1600
WINDOW_SECONDS = 24 * 3600
#: Seconds (protocols.md 2.1).
VALIDITY = range(1, 36_001)
_E164 = re.compile(r"\+[1-9]\d{6,14}")
_USER_ID = re.compile(r"[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}")

Resource = dict[str, Any]
Fields = dict[str, str]


def bare(address: str) -> tuple[str, str]:
    """Channel and address without its prefix."""
    prefix, colon, rest = address.partition(":")
    return ("whatsapp", rest) if colon and prefix == "whatsapp" else ("sms", address)


class Outbox:
    """Every message resource of the account, and the way out to the phones."""

    def __init__(
        self, world: World, faults: Faults, contents: ContentShelf, callbacks: Callbacks
    ) -> None:
        self._world, self._faults = world, faults
        self._contents, self._callbacks = contents, callbacks
        self._settings = world.settings
        self._messages: OrderedDict[str, Resource] = OrderedDict()

    def create(self, fields: Fields) -> Resource:
        """Accept a message and start its journey. Raises `TwilioError`."""
        channel, address = self._recipient(fields)
        sender = self._sender(fields, channel)
        if sender == fields["To"]:
            raise TwilioError(21211, value=fields["To"])
        _check_options(fields)
        content = self._content(fields, channel)
        phone = self._world.known(channel, address)
        if phone and channel == "sms" and sender in phone.stopped:
            raise TwilioError(21610)
        resource = self._resource(fields, sender, content)
        self._keep(resource)
        fault = self._faults.take("twilio.later", address=address)
        self._world.spawn(self._travel(resource, channel, address, content, fault))
        return dict(resource)

    def _recipient(self, fields: Fields) -> tuple[str, str]:
        to = fields.get("To", "")
        if not to:
            raise TwilioError(21604)
        channel, address = bare(to)
        if _E164.fullmatch(address) or (channel == "whatsapp" and _USER_ID.fullmatch(address)):
            return channel, address
        raise TwilioError(21211, value=to)

    def _sender(self, fields: Fields, channel: str) -> str:
        service = fields.get("MessagingServiceSid", "")
        sender = fields.get("From", "")
        if service and service != self._settings.messaging_service_sid:
            raise TwilioError(21701, message="The Messaging Service resource does not exist")
        if service and not sender:
            sender = (
                self._settings.whatsapp_number
                if channel == "whatsapp"
                else self._settings.sms_numbers[0]
            )
        if not sender:
            raise TwilioError(21603)
        sender_channel, number = bare(sender)
        if sender_channel != channel:
            raise TwilioError(21910)
        if not _E164.fullmatch(number):
            raise TwilioError(21212, value=sender)
        if channel == "whatsapp" and sender != self._settings.whatsapp_number:
            raise TwilioError(63007)
        if channel == "sms" and sender not in self._settings.sms_numbers:
            raise TwilioError(21606, value=sender)
        return sender

    def _content(self, fields: Fields, channel: str) -> dict[str, Any]:
        """Kind and filled-in content of the message, with `problem` when WhatsApp refuses it."""
        sid = fields.get("ContentSid", "")
        if not sid:
            if fields.get("ContentVariables"):
                raise TwilioError(21654)
            body = fields.get("Body", "")
            if not body.strip() and not fields.get("MediaUrl"):
                raise TwilioError(21619)
            if utf16_units(body) > BODY_LIMIT:
                raise TwilioError(21617)
            return {"kind": "text", "text": body, "problem": "", "template": False}
        if fields.get("Body") or fields.get("MediaUrl"):
            raise TwilioError(20001, message="ContentSid excludes Body and MediaUrl")
        stored = self._contents.find(sid)
        if stored is None:
            raise TwilioError(21655)
        given = variables(fields.get("ContentVariables"))
        kind = richest(stored["types"], channel)
        if not kind:
            return {"kind": "text", "text": "", "problem": "no type for SMS", "template": False}
        approved = self._contents.is_approved(sid)
        value = filled(stored["types"][kind], given, stored["variables"])
        return {
            "kind": kind.removeprefix("twilio/"),
            "text": value["body"],
            "value": value,
            "problem": sending_problem(kind, value, approved=approved),
            "template": approved,
        }

    def _resource(self, fields: Fields, sender: str, content: dict[str, Any]) -> Resource:
        sid = ("MM" if fields.get("MediaUrl") else "SM") + secrets.token_hex(16)
        account = self._settings.account_sid
        service = fields.get("MessagingServiceSid") or None
        uri = f"/2010-04-01/Accounts/{account}/Messages/{sid}"
        is_sms = not sender.startswith("whatsapp:")
        now = time.time()
        return {
            "account_sid": account,
            "api_version": "2010-04-01",
            "body": content["text"],
            "date_created": rfc2822(now),
            "date_sent": None,
            "date_updated": rfc2822(now),
            "direction": "outbound-api",
            "error_code": None,
            "error_message": None,
            "from": sender,
            "messaging_service_sid": service,
            "num_media": "1" if fields.get("MediaUrl") else "0",
            "num_segments": str(sms_size(content["text"]).segments) if is_sms else "1",
            "price": None,
            "price_unit": "USD",
            "sid": sid,
            "status": "accepted" if service else "queued",
            "subresource_uris": {"media": f"{uri}/Media.json"},
            "to": fields["To"],
            "uri": f"{uri}.json",
            "_at": now,
            "_callback": fields.get("StatusCallback", ""),
        }

    def _keep(self, resource: Resource) -> None:
        self._messages[resource["sid"]] = resource
        if len(self._messages) > MESSAGES_KEPT:
            self._messages.popitem(last=False)

    def keep_inbound(self, resource: Resource) -> None:
        """List a message from a person beside ours, as Twilio does."""
        self._keep(resource)

    def _refusal(
        self, channel: str, phone: Phone | None, content: dict[str, Any], fault: Fault | None
    ) -> int:
        """Error code with which the message will fail later; 0 when it will arrive."""
        if fault:
            return fault.code or 30008
        if phone and phone.blocked:
            return 63014 if channel == "whatsapp" else 30004
        if content["problem"]:
            return 63021 if channel == "whatsapp" else 63005
        if channel == "whatsapp" and not content["template"]:
            opened = phone.last_inbound if phone else 0.0
            if time.time() - opened > WINDOW_SECONDS:
                return 63016
        return 0

    async def _travel(
        self,
        resource: Resource,
        channel: str,
        address: str,
        content: dict[str, Any],
        fault: Fault | None,
    ) -> None:
        known = self._world.known(channel, address)
        code = self._refusal(channel, known, content, fault)
        phone = self._world.phone(channel, address)
        if code:
            why = content["problem"] or ""
            phone.add(_notice(resource["sid"], code, why))
            await self._callbacks.failed(resource, code)
            return
        if phone.online:
            phone.add(_bubble(resource, channel, content))
            await self._callbacks.sent(resource)
        else:
            await self._callbacks.sent(resource)
            await self._wait_until_online(phone)
            phone.add(_bubble(resource, channel, content))
        await self._callbacks.arrived(resource)

    @staticmethod
    async def _wait_until_online(phone: Phone) -> None:
        while not phone.online:
            await phone.changed.wait()

    def get(self, sid: str) -> Resource:
        """One resource. Raises `TwilioError` 20404."""
        if sid not in self._messages:
            account = self._settings.account_sid
            raise not_found(f"/2010-04-01/Accounts/{account}/Messages/{sid}.json")
        return self._messages[sid]

    def redact(self, sid: str, fields: Fields) -> Resource:
        """POST with an empty Body removes the text; nothing else can be changed here."""
        resource = self.get(sid)
        if fields.get("Body") != "":
            raise TwilioError(20001, message="Only an empty Body can be written")
        resource["body"] = ""
        return resource

    def delete(self, sid: str) -> None:
        """Remove the resource; the person's phone keeps its message."""
        self.get(sid)
        del self._messages[sid]

    def everything(self) -> list[Resource]:
        """All resources, newest first."""
        return list(reversed(self._messages.values()))


def _check_options(fields: Fields) -> None:
    url = fields.get("StatusCallback", "")
    if url:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname or "_" in parts.hostname:
            raise TwilioError(21609, value=url)
    validity = fields.get("ValidityPeriod", "")
    if validity and not (validity.isdecimal() and int(validity) in VALIDITY):
        raise TwilioError(20001, message="ValidityPeriod must be between 1 and 36000")


def _bubble(resource: Resource, channel: str, content: dict[str, Any]) -> dict[str, Any]:
    bubble: dict[str, Any] = {
        "id": resource["sid"],
        "by": "haki",
        "from": resource["from"],
        "kind": content["kind"],
        "text": content["text"],
        "status": "queued",
    }
    if channel == "sms":
        size = sms_size(content["text"])
        bubble |= {"segments": size.segments, "encoding": size.encoding, "units": size.units}
    if content["kind"] == "quick-reply":
        bubble["buttons"] = content["value"]["actions"]
    elif content["kind"] == "list-picker":
        bubble["button"], bubble["items"] = content["value"]["button"], content["value"]["items"]
    resource["_bubble"] = bubble
    return bubble


def _notice(sid: str, code: int, why: str) -> dict[str, Any]:
    text = f"A message of Haki's did not arrive: error {code}" + (f" ({why})" if why else "")
    return {"id": sid, "by": "provider", "kind": "notice", "text": text, "error": code}
