"""A person writes by SMS or WhatsApp: the signed form that Twilio posts (protocols.md 1.1)."""

from __future__ import annotations

import json
import secrets
import time
from typing import Any
from xml.etree import ElementTree

import phonenumbers

from bot.simulator.faults import Faults
from bot.simulator.poster import Answer, with_fault
from bot.simulator.record import now_ms
from bot.simulator.segments import sms_size
from bot.simulator.twilio.callbacks import SignedPosts, rfc2822
from bot.simulator.twilio.keywords import REPLIES, opt_out_type
from bot.simulator.twilio.outbound import Outbox
from bot.simulator.world import CannotSendError, Phone, World

#: What each attachment arrives as. Twilio's own media types for WhatsApp and MMS.
MEDIA = {
    "image": "image/jpeg",
    "voice": "audio/ogg",
    "audio": "audio/mpeg",
    "video": "video/mp4",
    "sticker": "image/webp",
    "document": "application/pdf",
    "contact": "text/vcard",
}

Fields = dict[str, str]
Wish = dict[str, Any]


class TwilioPhones:
    """Sends what a person does on an SMS or WhatsApp phone to Haki's webhook."""

    def __init__(self, world: World, faults: Faults, posts: SignedPosts, outbox: Outbox) -> None:
        self._world, self._faults, self._posts, self._outbox = world, faults, posts, outbox
        #: Webhook by Haki number, as set through IncomingPhoneNumbers.
        self.urls: dict[str, str] = {}

    def send(self, phone: Phone, wish: Wish) -> dict[str, Any]:
        """Show the message on the phone and post it beside this call. Raises `CannotSendError`."""
        to = wish.get("to") or self._default_sender(phone.channel)
        kind = wish.get("kind", "text")
        bubble, extra = self._compose(phone, kind, wish)
        prefix = "MM" if bubble.get("media") else "SM"
        bubble |= {"id": prefix + secrets.token_hex(16), "by": "person", "status": "sending"}
        if phone.channel == "sms":
            size = sms_size(bubble["text"])
            bubble |= {"segments": size.segments, "encoding": size.encoding, "units": size.units}
        phone.add(bubble)
        keyword = opt_out_type(bubble["text"]) if not bubble.get("media") else ""
        if phone.channel == "sms" and keyword:
            self._opt_out(phone, to, keyword)
        fields = self._fields(phone, bubble, to) | extra
        if keyword and self._world.settings.advanced_opt_out:
            fields["OptOutType"] = keyword
        fields |= {str(k): str(v) for k, v in (wish.get("fields") or {}).items()}
        self._keep(fields)
        task = self._world.spawn(self._deliver(phone, bubble, fields, to))
        return {"id": bubble["id"], "n": bubble["n"], "task": task}

    def _default_sender(self, channel: str) -> str:
        settings = self._world.settings
        return settings.whatsapp_number if channel == "whatsapp" else settings.sms_numbers[0]

    def _compose(self, phone: Phone, kind: str, wish: Wish) -> tuple[dict[str, Any], Fields]:
        text = str(wish.get("text", ""))
        if kind == "text":
            return {"kind": "text", "text": text}, {}
        if kind == "tap":
            return _tap(phone, wish)
        if kind == "location" and phone.channel == "whatsapp":
            place = {"Latitude": str(wish["latitude"]), "Longitude": str(wish["longitude"])}
            for field in ("address", "label"):
                if wish.get(field):
                    place[field.capitalize()] = str(wish[field])
            return {"kind": "location", "text": "", "place": place}, place
        if kind in MEDIA and not (phone.channel == "sms" and kind in {"sticker", "contact"}):
            return {"kind": kind, "text": text, "media": MEDIA[kind]}, {}
        raise CannotSendError(f"A {phone.channel} phone cannot send {kind!r} through Twilio.")

    def _fields(self, phone: Phone, bubble: dict[str, Any], to: str) -> Fields:
        sid = bubble["id"]
        whatsapp = phone.channel == "whatsapp"
        sender = f"whatsapp:{phone.address}" if whatsapp else phone.address
        account = self._world.settings.account_sid
        fields = {
            "SmsMessageSid": sid,
            "NumMedia": "1" if bubble.get("media") else "0",
            "SmsSid": sid,
            "SmsStatus": "received",
            "Body": bubble["text"],
            "To": to,
            "NumSegments": str(bubble.get("segments", 1)),
            "MessageSid": sid,
            "AccountSid": account,
            "From": sender,
            "ApiVersion": "2010-04-01",
        }
        if self._world.settings.messaging_service_sid:
            fields["MessagingServiceSid"] = self._world.settings.messaging_service_sid
        if bubble.get("media"):
            path = f"/2010-04-01/Accounts/{account}/Messages/{sid}/Media/ME{secrets.token_hex(16)}"
            fields["MediaUrl0"] = f"{self._world.settings.own_url}/twilio{path}"
            fields["MediaContentType0"] = bubble["media"]
        return fields | (_whatsapp_fields(phone, bubble) if whatsapp else _sms_fields(phone, to))

    def _opt_out(self, phone: Phone, to: str, keyword: str) -> None:
        if keyword == "STOP":
            phone.stopped.add(to)
        elif keyword == "START":
            if to not in phone.stopped:
                return
            phone.stopped.discard(to)
        reply = {"id": "SM" + secrets.token_hex(16), "by": "provider", "kind": "text"}
        phone.add({**reply, "text": REPLIES[keyword], "from": to})

    def _keep(self, fields: Fields) -> None:
        now = time.time()
        account, sid = fields["AccountSid"], fields["MessageSid"]
        uri = f"/2010-04-01/Accounts/{account}/Messages/{sid}"
        self._outbox.keep_inbound(
            {
                "account_sid": account,
                "api_version": "2010-04-01",
                "body": fields["Body"],
                "date_created": rfc2822(now),
                "date_sent": rfc2822(now),
                "date_updated": rfc2822(now),
                "direction": "inbound",
                "error_code": None,
                "error_message": None,
                "from": fields["From"],
                "messaging_service_sid": fields.get("MessagingServiceSid"),
                "num_media": fields["NumMedia"],
                "num_segments": fields["NumSegments"],
                "price": None,
                "price_unit": "USD",
                "sid": sid,
                "status": "received",
                "subresource_uris": {"media": f"{uri}/Media.json"},
                "to": fields["To"],
                "uri": f"{uri}.json",
                "_at": now,
            }
        )

    async def _deliver(self, phone: Phone, bubble: dict[str, Any], fields: Fields, to: str) -> None:
        url = self.urls.get(to) or self._world.settings.twilio_webhook_url
        pairs = list(fields.items())

        async def post() -> None:
            phone.heard()
            entry = self._world.record.add(
                "inbound",
                provider="twilio",
                channel=phone.channel,
                address=phone.address,
                id=bubble["id"],
                acked=False,
            )
            answer = await self._posts.post(url, pairs, entry)
            entry["done"] = now_ms()
            self._settle(phone, bubble, answer, entry)

        fault = self._faults.take("twilio.inbound", address=phone.address)
        async with phone.turn:
            await with_fault(fault, post, self._world.spawn)

    def _settle(
        self, phone: Phone, bubble: dict[str, Any], answer: Answer, entry: dict[str, Any]
    ) -> None:
        if answer.outcome != "ok":
            entry["error"] = 11200
            phone.update(bubble, status="failed", error=11200)
            return
        phone.update(bubble, status="delivered")
        texts, warning = _replies(answer)
        if warning:
            entry["warning"] = warning
        for text in texts:
            phone.add({"id": "SM" + secrets.token_hex(16), "by": "haki", "kind": "text",
                       "text": text, "status": "delivered"})  # fmt: skip


def _tap(phone: Phone, wish: Wish) -> tuple[dict[str, Any], Fields]:
    shown = phone.find(str(wish.get("message", "")))
    if shown is None:
        raise CannotSendError("There is no such message on this phone to tap on.")
    wanted = str(wish.get("payload", ""))
    for button in shown.get("buttons", ()):
        if button["id"] == wanted:
            fields = {"ButtonPayload": wanted, "ButtonText": button["title"], "ButtonType": "REPLY"}
            return {"kind": "button", "text": button["title"], "reply_to": shown["n"]}, fields
    for item in shown.get("items", ()):
        if item["id"] == wanted:
            fields = {"ListId": wanted, "ListTitle": item["item"]}
            return {"kind": "interactive", "text": item["item"], "reply_to": shown["n"]}, fields
    raise CannotSendError(f"That message has no button or row {wanted!r}.")


def _whatsapp_fields(phone: Phone, bubble: dict[str, Any]) -> Fields:
    kinds = {"voice": "audio", "contact": "contacts"}
    kind = kinds.get(bubble["kind"], bubble["kind"])
    fields = {
        "ProfileName": phone.name,
        "MessageType": kind,
        "ReferralNumMedia": "0",
        "ChannelMetadata": json.dumps(
            {"type": "whatsapp", "data": {"context": {"ProfileName": phone.name}}}
        ),
    }
    if phone.address.startswith("+"):
        return fields | {"WaId": phone.address[1:]}
    return fields | {"ExternalUserId": f"whatsapp:{phone.address}"}


def _sms_fields(phone: Phone, to: str) -> Fields:
    fields: Fields = {}
    for side, number in (("From", phone.address), ("To", to)):
        fields |= {f"{side}{part}": "" for part in ("City", "State", "Zip")}
        fields[f"{side}Country"] = _country(number)
    return fields


def _country(number: str) -> str:
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return ""
    return phonenumbers.region_code_for_country_code(parsed.country_code or 0)


def _replies(answer: Answer) -> tuple[list[str], int]:
    """Texts that the webhook's answer sends back at once, and the warning that Twilio logs."""
    if not answer.body.strip():
        return [], 0
    if answer.content_type == "text/plain":
        return [answer.body.decode("utf-8", "replace")], 0
    if answer.content_type not in {"text/xml", "application/xml"}:
        return [], 12300
    try:
        root = ElementTree.fromstring(answer.body)  # noqa: S314 (Haki's own answer)
    except ElementTree.ParseError:
        return [], 12100
    texts = ["".join(message.itertext()) for message in root.findall("Message")]
    return [text for text in texts if text.strip()], 0
