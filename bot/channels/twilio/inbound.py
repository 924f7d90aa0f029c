"""Twilio's inbound webhook fields turned into one `Incoming` or one status.

Field names are Twilio's: https://www.twilio.com/docs/messaging/guides/webhook-request
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.channels.incoming import InboundKind, Incoming, MalformedPayload
from bot.channels.names import Channel

MESSAGE_SID = re.compile(r"(SM|MM)[0-9a-f]{32}")
PHONE = re.compile(r"\+?[0-9]{3,15}")
# Business-scoped WhatsApp ids: two letters of country, perhaps ENT, up to 128 alphanumerics.
WHATSAPP = re.compile(r"whatsapp:(\+[0-9]{3,15}|[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128})")

_MEDIA_KINDS = {
    "audio": InboundKind.VOICE,
    "image": InboundKind.PHOTO,
    "video": InboundKind.VIDEO,
}


@dataclass(frozen=True)
class Status:
    """One status callback: how far a message of ours has come."""

    provider_id: str
    status: str
    error_code: str


def read_message(fields: Mapping[str, str], account_sid: str) -> Incoming:
    """Return the message that a verified form describes.

    Raises MalformedPayload when the sid, the account or an address is missing or not of
    Twilio's form.
    """
    if fields.get("AccountSid") != account_sid:
        raise MalformedPayload("AccountSid is not ours.")
    sid = fields.get("MessageSid", "")
    if not MESSAGE_SID.fullmatch(sid):
        raise MalformedPayload("MessageSid is missing or malformed.")
    sender, recipient = fields.get("From", ""), fields.get("To", "")
    channel = Channel.WHATSAPP if sender.startswith("whatsapp:") else Channel.SMS
    pattern = WHATSAPP if channel is Channel.WHATSAPP else PHONE
    if not pattern.fullmatch(sender) or not recipient:
        raise MalformedPayload("From or To is missing or malformed.")
    text = fields.get("ListTitle") or fields.get("Body", "")
    return Incoming(
        channel=channel,
        provider_id=sid,
        address=sender,
        our_address=recipient,
        kind=_kind(fields, text),
        text=text,
        tap=fields.get("ButtonPayload") or fields.get("ListId", ""),
        opted=fields.get("OptOutType", ""),
    )


def _kind(fields: Mapping[str, str], text: str) -> InboundKind:
    if fields.get("ButtonPayload") or fields.get("ListId"):
        return InboundKind.TAP
    if fields.get("Latitude") and fields.get("Longitude"):
        return InboundKind.LOCATION
    media = fields.get("MediaContentType0", "")
    if media:
        return _media_kind(media)
    return InboundKind.TEXT if text.strip() else InboundKind.EMPTY


def _media_kind(content_type: str) -> InboundKind:
    main, _, sub = content_type.partition("/")
    if sub.startswith("webp"):
        return InboundKind.STICKER
    if "vcard" in sub:
        return InboundKind.PHONE_CARD
    return _MEDIA_KINDS.get(main, InboundKind.FILE)


def read_status(fields: Mapping[str, str]) -> Status:
    """Return what a verified status callback says; raise MalformedPayload without a sid."""
    sid = fields.get("MessageSid", "")
    status = fields.get("MessageStatus", "")
    if not MESSAGE_SID.fullmatch(sid) or not status:
        raise MalformedPayload("MessageSid or MessageStatus is missing or malformed.")
    return Status(sid, status, fields.get("ErrorCode", ""))
