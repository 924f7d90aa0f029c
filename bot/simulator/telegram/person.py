"""What a person does on a Telegram phone, as updates."""

from __future__ import annotations

import secrets
import time
from typing import Any

from bot.simulator.telegram.markup import commands_in
from bot.simulator.telegram.objects import chat_of, next_id, user_of
from bot.simulator.telegram.updates import Updates
from bot.simulator.world import CannotSendError, Phone, World

#: Callback queries that the client still shows a spinner for.
QUERIES_KEPT = 10_000

Wish = dict[str, Any]
Message = dict[str, Any]


class TelegramPhones:
    """Sends what a person does in Telegram to the bot."""

    def __init__(self, world: World, updates: Updates) -> None:
        self._world, self._updates = world, updates
        #: callback query id -> (phone, message id)
        self.queries: dict[str, tuple[Phone, str]] = {}

    def send(self, phone: Phone, wish: Wish) -> dict[str, Any]:
        """Show it on the phone and queue the update. Raises `CannotSendError`."""
        kind = wish.get("kind", "text")
        if kind == "tap":
            return self._tap(phone, wish)
        if kind in {"block", "unblock"}:
            return self._block(phone, kind == "block")
        if kind == "edit":
            return self._edit(phone, wish)
        if kind == "raw":
            return self._raw(phone, wish)
        if kind == "migrate":
            return self._migrate(phone, wish)
        if kind == "reaction":
            return self._react(phone, wish)
        return self._message(phone, kind, wish)

    def _message(self, phone: Phone, kind: str, wish: Wish) -> dict[str, Any]:
        content, bubble = _content(phone, kind, wish)
        phone.started, phone.blocked = True, False
        message = self._envelope(phone) | content
        self._close_one_time_keyboard(phone)
        bubble |= {"id": str(message["message_id"]), "by": "person", "status": "sent"}
        phone.add(bubble)
        return self._queue(phone, "message", message, bubble)

    def _envelope(self, phone: Phone) -> Message:
        message: Message = {
            "message_id": next_id(phone),
            "from": user_of(phone),
            "chat": chat_of(phone),
            "date": int(time.time()),
        }
        return message

    def _queue(
        self, phone: Phone, kind: str, value: Message, bubble: dict[str, Any] | None
    ) -> dict[str, Any]:
        def acked() -> None:
            if bubble is not None:
                phone.update(bubble, status="read")

        number = self._updates.add(
            kind, value, queue=f"chat {phone.address}", address=phone.address, on_acked=acked
        )
        return {
            "id": bubble["id"] if bubble else "",
            "n": bubble["n"] if bubble else 0,
            "update_id": number,
        }

    def _tap(self, phone: Phone, wish: Wish) -> dict[str, Any]:
        shown = phone.find(str(wish.get("message", "")))
        if shown is None:
            raise CannotSendError("There is no such message on this phone to tap on.")
        wanted = str(wish.get("payload", ""))
        keyboard = (shown.get("markup") or {}).get("inline_keyboard", [])
        if wanted not in [b.get("callback_data") for row in keyboard for b in row]:
            raise CannotSendError(f"That message has no button {wanted!r}.")
        query_id = str(10**17 + secrets.randbelow(10**17))
        self.queries[query_id] = (phone, shown["id"])
        if len(self.queries) > QUERIES_KEPT:
            self.queries.pop(next(iter(self.queries)))
        query = {
            "id": query_id,
            "from": user_of(phone),
            "message": shown["message"],
            "chat_instance": str(10**17 + secrets.randbelow(10**17)),
            "data": wanted,
        }
        number = self._updates.add(
            "callback_query", query, queue=f"user {phone.address}", address=phone.address
        )
        phone.tell({"event": "waiting", "query": query_id, "id": shown["id"], "payload": wanted})
        return {"id": query_id, "n": 0, "update_id": number}

    def _edit(self, phone: Phone, wish: Wish) -> dict[str, Any]:
        shown = phone.find(str(wish.get("message", "")))
        if shown is None or shown["by"] != "person":
            raise CannotSendError("Only one's own message can be edited.")
        text = str(wish.get("text", ""))
        phone.update(shown, text=text, edited=True)
        message = {
            **self._envelope(phone),
            "message_id": int(shown["id"]),
            "date": int(shown["at"] / 1000),
            "edit_date": int(time.time()),
            "text": text,
        }
        return self._queue(phone, "edited_message", message, shown)

    def _block(self, phone: Phone, blocked: bool) -> dict[str, Any]:
        phone.blocked = blocked
        phone.tell({"event": "profile", "profile": phone.profile()})
        bot = {
            "id": int(self._world.settings.telegram_token.split(":")[0]),
            "is_bot": True,
            "first_name": "Haki",
            "username": self._world.settings.telegram_bot_name,
        }
        before, after = ("member", "kicked") if blocked else ("kicked", "member")
        change = {
            "chat": chat_of(phone),
            "from": user_of(phone),
            "date": int(time.time()),
            "old_chat_member": {"user": bot, "status": before},
            "new_chat_member": {"user": bot, "status": after}
            | ({"until_date": 0} if after == "kicked" else {}),
        }
        return self._queue(phone, "my_chat_member", change, None)

    def _raw(self, phone: Phone, wish: Wish) -> dict[str, Any]:
        kind, value = str(wish.get("update", "")), wish.get("value")
        if not kind or not isinstance(value, dict):
            raise CannotSendError("A raw update needs update (its kind) and value (an object).")
        return self._queue(phone, kind, value, None)

    def _migrate(self, phone: Phone, wish: Wish) -> dict[str, Any]:
        if phone.chat_type != "group":
            raise CannotSendError("Only a group can become a supergroup.")
        phone.migrated_to = str(wish.get("to") or -(10**12) - secrets.randbelow(10**9))
        new = self._world.phone("telegram", phone.migrated_to)
        new.chat_type, new.name, new.started = "supergroup", phone.name, True
        message = self._envelope(phone) | {"migrate_to_chat_id": int(phone.migrated_to)}
        return self._queue(phone, "message", message, None) | {"to": phone.migrated_to}

    def _react(self, phone: Phone, wish: Wish) -> dict[str, Any]:
        shown = phone.find(str(wish.get("message", "")))
        if shown is None:
            raise CannotSendError("There is no such message to react to.")
        emoji = str(wish.get("emoji", "👍"))
        phone.update(shown, reaction=emoji)
        value = {
            "chat": chat_of(phone),
            "message_id": int(shown["id"]),
            "user": user_of(phone),
            "date": int(time.time()),
            "old_reaction": [],
            "new_reaction": [{"type": "emoji", "emoji": emoji}],
        }
        return self._queue(phone, "message_reaction", value, None)

    def _close_one_time_keyboard(self, phone: Phone) -> None:
        if phone.reply_keyboard and phone.reply_keyboard.get("one_time_keyboard"):
            phone.reply_keyboard = None
            phone.tell({"event": "profile", "profile": phone.profile()})


def _file(kind: str, **more: Any) -> dict[str, Any]:
    unique = secrets.token_urlsafe(12)
    return {"file_id": f"{kind}-{unique}", "file_unique_id": unique, "file_size": 12_345} | more


def _content(phone: Phone, kind: str, wish: Wish) -> tuple[Message, dict[str, Any]]:
    text = str(wish.get("text", ""))
    if kind == "text":
        entities = commands_in(text)
        content = {"text": text} | ({"entities": entities} if entities else {})
        return content, {"kind": "text", "text": text}
    caption = {"caption": text} if text else {}
    bubble = {"kind": kind, "text": text}
    if kind == "location":
        place = {"latitude": float(wish["latitude"]), "longitude": float(wish["longitude"])}
        return {"location": place}, bubble | {"place": place}
    if kind == "contact":
        card = {
            "phone_number": str(wish.get("phone_number", "+15005550100")),
            "first_name": phone.name,
        }
        if wish.get("own", True):
            card["user_id"] = user_of(phone)["id"]
        return {"contact": card}, bubble | {"contact": card}
    if kind == "image":
        sizes = [_file("photo", width=90, height=60), _file("photo", width=1280, height=853)]
        return {"photo": sizes} | caption, bubble
    if kind == "sticker":
        sticker = _file("sticker", width=512, height=512, type="regular", emoji="🙏",
                        is_animated=False, is_video=False)  # fmt: skip
        return {"sticker": sticker}, bubble
    files: dict[str, dict[str, Any]] = {
        "voice": {"duration": 4, "mime_type": "audio/ogg"},
        "audio": {"duration": 30, "mime_type": "audio/mpeg"},
        "video": {"duration": 9, "width": 640, "height": 360, "mime_type": "video/mp4"},
        "document": {"file_name": "contract.pdf", "mime_type": "application/pdf"},
    }
    if kind not in files:
        raise CannotSendError(f"A Telegram phone cannot send {kind!r}.")
    return {kind: _file(kind, **files[kind])} | caption, bubble
