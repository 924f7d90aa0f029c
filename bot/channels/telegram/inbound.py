"""Telegram's updates (https://core.telegram.org/bots/api#update) as one `Incoming`."""

from typing import Any

from bot.channels.incoming import (
    ChatChange,
    Happening,
    InboundKind,
    Incoming,
    MalformedPayload,
)
from bot.channels.names import Channel

# Kinds of update that we ask for; any other is acknowledged and ignored.
ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")

_CONTENT_KINDS = {
    "voice": InboundKind.VOICE,
    "audio": InboundKind.VOICE,
    "video_note": InboundKind.VOICE,
    "photo": InboundKind.PHOTO,
    "video": InboundKind.VIDEO,
    "animation": InboundKind.VIDEO,
    "document": InboundKind.FILE,
    "location": InboundKind.LOCATION,
    "venue": InboundKind.LOCATION,
    "contact": InboundKind.PHONE_CARD,
    "sticker": InboundKind.STICKER,
    "dice": InboundKind.STICKER,
    "poll": InboundKind.OTHER,
}


def read_update(update: Any, our_address: str) -> Incoming | None:
    """Return the message in `update` (parsed JSON), None for a kind that we do not use.

    Raises MalformedPayload when a kind that we use lacks what Telegram documents for it.
    """
    if not isinstance(update, dict) or not isinstance(update.get("update_id"), int):
        raise MalformedPayload("The body is not a Telegram update with an update_id.")
    try:
        if "callback_query" in update:
            return _tap(update["update_id"], update["callback_query"], our_address)
        if "edited_message" in update:
            message = update["edited_message"]
            private = message["chat"]["type"] == "private"
            kind = InboundKind.EDITED if "text" in message and private else None
            return _message(update["update_id"], message, our_address, kind)
        if "message" in update:
            message = update["message"]
            return _message(update["update_id"], message, our_address, _kind(message))
    except (KeyError, TypeError, AttributeError) as error:
        raise MalformedPayload("A field that Telegram always sends is missing.") from error
    return None


def read_change(update: Any) -> ChatChange | None:
    """Return what `update` says of a chat itself, None when it says nothing of it.

    Raises MalformedPayload when a field that Telegram documents is missing.
    """
    if not isinstance(update, dict):
        raise MalformedPayload("The body is not a Telegram update.")
    try:
        if "my_chat_member" in update:
            change = update["my_chat_member"]
            gone = change["new_chat_member"]["status"] in ("kicked", "left")
            happening = Happening.BLOCKED if gone else Happening.UNBLOCKED
            return ChatChange(Channel.TELEGRAM, str(int(change["chat"]["id"])), happening)
        message = update.get("message") or {}
        if "migrate_to_chat_id" in message:
            moved_to = str(int(message["migrate_to_chat_id"]))
            address = str(int(message["chat"]["id"]))
            return ChatChange(Channel.TELEGRAM, address, Happening.MOVED, moved_to)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise MalformedPayload("A field that Telegram always sends is missing.") from error
    return None


def _kind(message: dict[str, Any]) -> InboundKind | None:
    if "migrate_to_chat_id" in message or "migrate_from_chat_id" in message:
        return None
    if message["chat"]["type"] != "private":
        return InboundKind.GROUP
    if "text" in message:
        return InboundKind.TEXT if message["text"].strip() else InboundKind.EMPTY
    for field, kind in _CONTENT_KINDS.items():
        if field in message:
            return kind
    return None


def _message(
    update_id: int, message: dict[str, Any], our_address: str, kind: InboundKind | None
) -> Incoming | None:
    if kind is None:
        return None
    return Incoming(
        channel=Channel.TELEGRAM,
        provider_id=f"{our_address}:{update_id}",
        address=str(int(message["chat"]["id"])),
        our_address=our_address,
        kind=kind,
        text=str(message.get("text", "")) if kind is not InboundKind.GROUP else "",
        reference=str(int(message["message_id"])),
        language_hint=str(message.get("from", {}).get("language_code", ""))[:2],
    )


def _tap(update_id: int, query: dict[str, Any], our_address: str) -> Incoming | None:
    chat = query.get("message", {}).get("chat")
    if chat is None or chat["type"] != "private":
        return None
    return Incoming(
        channel=Channel.TELEGRAM,
        provider_id=f"{our_address}:{update_id}",
        address=str(int(chat["id"])),
        our_address=our_address,
        kind=InboundKind.TAP,
        tap=str(query.get("data", "")),
        acknowledge=str(query["id"]),
        language_hint=str(query["from"].get("language_code", ""))[:2],
    )
