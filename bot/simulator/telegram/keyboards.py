"""Checks of reply_markup (protocols.md 5.3)."""

from __future__ import annotations

from typing import Any

from bot.simulator.telegram.errors import bad_request

CALLBACK_DATA_BYTES = 64
INLINE_BUTTONS = 100
PLACEHOLDER = 64

Markup = dict[str, Any]


def check_markup(markup: Any, chat_type: str) -> Markup | None:
    """The keyboard, or None. Raises Telegram's 400 for a bad one."""
    if markup in (None, "", {}):
        return None
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" in markup:
        return {"inline_keyboard": _inline(markup["inline_keyboard"])}
    if "keyboard" in markup:
        return _reply(markup, chat_type)
    if "remove_keyboard" in markup or "force_reply" in markup:
        return markup
    raise bad_request("can't parse reply keyboard markup JSON object")


def _rows(rows: Any) -> list[list[Any]]:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request("can't parse reply keyboard markup JSON object: Array of Array expected")
    return rows


def _inline(rows: Any) -> list[list[Markup]]:
    buttons = [button for row in _rows(rows) for button in row]
    if len(buttons) > INLINE_BUTTONS:
        raise bad_request("reply markup is too long")
    for button in buttons:
        if not isinstance(button, dict) or not str(button.get("text", "")).strip():
            raise bad_request("text buttons must be non-empty")
        data = button.get("callback_data")
        if data is None and not button.get("url"):
            raise bad_request("text buttons are unallowed in the inline keyboard")
        if data is not None and not 1 <= len(str(data).encode()) <= CALLBACK_DATA_BYTES:
            raise bad_request("BUTTON_DATA_INVALID")
    return [row for row in rows if row]


def _reply(markup: Markup, chat_type: str) -> Markup:
    rows = []
    for row in _rows(markup["keyboard"]):
        buttons = [{"text": button} if isinstance(button, str) else button for button in row]
        for button in buttons:
            if not str(button.get("text", "")).strip():
                raise bad_request("text buttons must be non-empty")
            asks = button.get("request_contact") or button.get("request_location")
            if asks and chat_type != "private":
                raise bad_request("phone number or location can be requested in private chats only")
        rows.append(buttons)
    if len(markup.get("input_field_placeholder", "")) > PLACEHOLDER:
        raise bad_request("input field placeholder is too long")
    return {**markup, "keyboard": rows}
