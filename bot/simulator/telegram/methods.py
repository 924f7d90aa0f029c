"""The Bot API methods that Haki uses, each checked as the real server checks it."""

from __future__ import annotations

import re
import time
from collections.abc import Awaitable, Callable
from typing import Any

from bot.simulator.segments import utf16_units
from bot.simulator.telegram.errors import TelegramError, bad_request
from bot.simulator.telegram.keyboards import check_markup
from bot.simulator.telegram.markup import parse_html
from bot.simulator.telegram.objects import chat_of, next_id
from bot.simulator.telegram.person import TelegramPhones
from bot.simulator.telegram.updates import MAX_CONNECTIONS, Updates
from bot.simulator.world import Phone, World

TEXT_LIMIT, ANSWER_LIMIT = 4096, 200
_ACTIONS = frozenset(
    {"typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice",
     "upload_document", "choose_sticker", "find_location", "record_video_note",
     "upload_video_note"}
)  # fmt: skip
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
#: Profile texts: field and longest value (protocols.md 5.3).
_TEXTS = {
    "Description": ("description", 512),
    "ShortDescription": ("short_description", 120),
    "Name": ("name", 64),
}
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the "
    "same as a current content and reply markup of the message"
)

Params = dict[str, Any]
Method = Callable[[Params], Any]


class Methods:
    """Method name (lower case: the Bot API ignores case) to function."""

    def __init__(self, world: World, updates: Updates, phones: TelegramPhones) -> None:
        self._world, self._updates, self._phones = world, updates, phones
        self._profile: dict[tuple[str, str, str], Any] = {}
        self._methods: dict[str, Method] = {
            "sendmessage": self._send_message,
            "answercallbackquery": self._answer_query,
            "editmessagetext": self._edit_text,
            "editmessagereplymarkup": self._edit_markup,
            "sendchataction": self._chat_action,
            "deletemessage": self._delete_message,
            "getme": self._get_me,
            "setwebhook": self._set_webhook,
            "deletewebhook": self._delete_webhook,
            "getwebhookinfo": self._webhook_info,
            "setmycommands": self._set_commands,
            "deletemycommands": self._delete_commands,
            "getmycommands": self._get_commands,
            "getchat": self._get_chat,
            "leavechat": self._leave_chat,
            "logout": lambda _: True,
            "close": lambda _: True,
        }
        for name in _TEXTS:
            self._methods[f"setmy{name.lower()}"] = self._setter(name)
            self._methods[f"getmy{name.lower()}"] = self._getter(name)

    async def call(self, method: str, params: Params) -> Any:
        """The method's result. Raises `TelegramError`."""
        if method == "getupdates":
            return await self._get_updates(params)
        work = self._methods.get(method)
        if work is None:
            raise TelegramError(404, "Not Found: method not found")
        return work(params)

    def _get_updates(self, params: Params) -> Awaitable[Any]:
        if "allowed_updates" in params:
            self._updates.allowed = list(params["allowed_updates"] or [])
        limit = min(max(int(params.get("limit") or 100), 1), 100)
        timeout = min(max(float(params.get("timeout") or 0), 0), 50)
        return self._updates.poll(int(params.get("offset") or 0), limit, timeout)

    def _bot(self) -> dict[str, Any]:
        return {
            "id": int(self._world.settings.telegram_token.split(":")[0]),
            "is_bot": True,
            "first_name": self._profile.get(("Name", "", ""), "Haki"),
            "username": self._world.settings.telegram_bot_name,
        }

    def _get_me(self, _: Params) -> Any:
        return self._bot() | {
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
        }

    def _chat(self, params: Params) -> Phone:
        address = str(params.get("chat_id", ""))
        if not address:
            raise bad_request("chat_id is empty")
        phone = self._world.known("telegram", address)
        if phone is None:
            raise bad_request("chat not found")
        if phone.migrated_to:
            raise TelegramError(
                400,
                "Bad Request: group chat was upgraded to a supergroup chat",
                migrate_to_chat_id=int(phone.migrated_to),
            )
        if phone.blocked:
            raise TelegramError(403, "Forbidden: bot was blocked by the user")
        if not phone.started:
            raise TelegramError(403, "Forbidden: bot can't initiate conversation with a user")
        return phone

    def _text(self, params: Params) -> tuple[str, list[dict[str, Any]]]:
        source = str(params.get("text", ""))
        mode = str(params.get("parse_mode") or "")
        if mode.lower() == "html":
            text, entities = parse_html(source)
        elif not mode:
            text, entities = source, list(params.get("entities") or [])
        else:
            raise bad_request("unsupported parse_mode")
        if not text.strip():
            raise bad_request("message text is empty")
        if utf16_units(text) > TEXT_LIMIT:
            raise bad_request("message is too long")
        return text, entities

    def _send_message(self, params: Params) -> Any:
        phone = self._chat(params)
        text, entities = self._text(params)
        markup = check_markup(params.get("reply_markup"), phone.chat_type)
        message: dict[str, Any] = {
            "message_id": next_id(phone),
            "from": self._bot(),
            "chat": chat_of(phone),
            "date": int(time.time()),
            "text": text,
        }
        if entities:
            message["entities"] = entities
        if params.get("protect_content"):
            message["has_protected_content"] = True
        inline = markup if markup and "inline_keyboard" in markup else None
        if inline:
            message["reply_markup"] = inline
        elif markup:
            self._reply_keyboard(phone, markup)
        phone.add(
            {
                "id": str(message["message_id"]),
                "by": "haki",
                "kind": "text",
                "text": text,
                "entities": entities,
                "status": "delivered",
                "markup": inline,
                "protected": bool(params.get("protect_content")),
                "message": message,
            }
        )
        return message

    def _reply_keyboard(self, phone: Phone, markup: dict[str, Any]) -> None:
        phone.reply_keyboard = markup if "keyboard" in markup else None
        phone.tell({"event": "profile", "profile": phone.profile()})

    def _own_message(self, params: Params, missing: str) -> tuple[Phone, dict[str, Any]]:
        phone = self._chat(params)
        bubble = phone.find(str(params.get("message_id", "")))
        if bubble is None:
            raise bad_request(missing)
        return phone, bubble

    def _edit_text(self, params: Params) -> Any:
        phone, bubble = self._own_message(params, "message to edit not found")
        text, entities = self._text(params)
        markup = check_markup(params.get("reply_markup"), phone.chat_type)
        return self._edit(phone, bubble, text, entities, markup)

    def _edit_markup(self, params: Params) -> Any:
        phone, bubble = self._own_message(params, "message to edit not found")
        markup = check_markup(params.get("reply_markup"), phone.chat_type)
        return self._edit(phone, bubble, bubble["text"], bubble.get("entities", []), markup)

    def _edit(
        self,
        phone: Phone,
        bubble: dict[str, Any],
        text: str,
        entities: list[dict[str, Any]],
        markup: dict[str, Any] | None,
    ) -> Any:
        if bubble["by"] != "haki":
            raise bad_request("message can't be edited")
        if markup is not None and not markup.get("inline_keyboard"):
            markup = None
        same_text = (text, entities) == (bubble["text"], bubble.get("entities", []))
        if same_text and markup == bubble.get("markup"):
            raise bad_request(NOT_MODIFIED)
        message = {**bubble["message"], "text": text, "edit_date": int(time.time())}
        for key, value in (("entities", entities), ("reply_markup", markup)):
            message.pop(key, None)
            if value:
                message[key] = value
        phone.update(
            bubble,
            text=text,
            entities=entities,
            markup=markup,
            message=message,
            edited=bubble.get("edited", False) or not same_text,
        )
        return message

    def _delete_message(self, params: Params) -> Any:
        phone, bubble = self._own_message(params, "message to delete not found")
        phone.remove(bubble)
        return True

    def _answer_query(self, params: Params) -> Any:
        text = str(params.get("text") or "")
        if utf16_units(text) > ANSWER_LIMIT:
            raise bad_request("MESSAGE_TOO_LONG")
        query_id = str(params.get("callback_query_id", ""))
        if query_id not in self._phones.queries:
            raise bad_request(
                "query is too old and response timeout expired or query ID is invalid"
            )
        phone, message_id = self._phones.queries[query_id]
        alert = bool(params.get("show_alert"))
        phone.tell(
            {"event": "answered", "query": query_id, "id": message_id, "text": text, "alert": alert}
        )
        return True

    def _chat_action(self, params: Params) -> Any:
        phone = self._chat(params)
        if params.get("action") not in _ACTIONS:
            raise bad_request("wrong parameter action in request")
        phone.tell({"event": "typing", "action": params["action"]})
        return True

    def _set_webhook(self, params: Params) -> Any:
        url = str(params.get("url") or "")
        if not url:
            return self._delete_webhook(params)
        if not self._world.settings.is_local(url):
            raise bad_request("bad webhook: the stand-in posts to this computer only")
        secret = str(params.get("secret_token") or "")
        if secret and not _SECRET.fullmatch(secret):
            raise bad_request("secret token contains unallowed characters")
        allowed = params.get("allowed_updates")
        self._updates.set_webhook(url, secret, allowed, bool(params.get("drop_pending_updates")))
        return True

    def _delete_webhook(self, params: Params) -> Any:
        self._updates.set_webhook("", "", None, bool(params.get("drop_pending_updates")))
        return True

    def _webhook_info(self, _: Params) -> Any:
        return {
            "url": self._updates.url,
            "has_custom_certificate": False,
            "pending_update_count": self._updates.count,
            "max_connections": MAX_CONNECTIONS,
            "allowed_updates": self._updates.allowed,
        } | self._updates.last_error

    def _set_commands(self, params: Params) -> Any:
        commands = params.get("commands")
        if not isinstance(commands, list) or len(commands) > 100:
            raise bad_request("can't parse list of bot commands")
        for command in commands:
            if not _COMMAND.fullmatch(str(command.get("command", "")).lstrip("/")):
                raise bad_request("BOT_COMMAND_INVALID")
            if not 1 <= utf16_units(str(command.get("description", ""))) <= 256:
                raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
        self._profile[self._key("Commands", params)] = commands
        return True

    def _get_commands(self, params: Params) -> Any:
        return self._profile.get(self._key("Commands", params), [])

    def _delete_commands(self, params: Params) -> Any:
        self._profile.pop(self._key("Commands", params), None)
        return True

    def _key(self, name: str, params: Params) -> tuple[str, str, str]:
        scope = params.get("scope") or {}
        where = f"{scope.get('type', 'default')} {scope.get('chat_id', '')}".strip()
        where = "" if where == "default" else where
        return name, where, str(params.get("language_code") or "")

    def _setter(self, name: str) -> Method:
        field, limit = _TEXTS[name]

        def setter(params: Params) -> Any:
            value = str(params.get(field) or "")
            if utf16_units(value) > limit:
                raise bad_request(f"{field} is too long")
            self._profile[self._key(name, params)] = value
            return True

        return setter

    def _getter(self, name: str) -> Method:
        return lambda params: {_TEXTS[name][0]: self._profile.get(self._key(name, params), "")}

    def _get_chat(self, params: Params) -> Any:
        return chat_of(self._chat(params)) | {"accent_color_id": 0, "max_reaction_count": 11}

    def _leave_chat(self, params: Params) -> Any:
        phone = self._chat(params)
        if phone.chat_type == "private":
            raise bad_request("chat member status can't be changed in private chats")
        phone.blocked = True
        return True
