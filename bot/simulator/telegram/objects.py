"""User, Chat and message ids as the Bot API shows them."""

from __future__ import annotations

from typing import Any

from bot.simulator.world import Phone


def user_of(phone: Phone) -> dict[str, Any]:
    """The person; in a group, somebody of a fixed id derived from the group's."""
    user: dict[str, Any] = {
        "id": abs(int(phone.address)),
        "is_bot": False,
        "first_name": phone.name,
        "language_code": phone.language,
    }
    if phone.username:
        user["username"] = phone.username
    return user


def chat_of(phone: Phone) -> dict[str, Any]:
    """The chat; a private chat has the id of its user."""
    chat: dict[str, Any] = {"id": int(phone.address), "type": phone.chat_type}
    if phone.chat_type != "private":
        return chat | {"title": phone.name}
    chat["first_name"] = phone.name
    if phone.username:
        chat["username"] = phone.username
    return chat


def next_id(phone: Phone) -> int:
    """The next message id of this chat."""
    phone.telegram_ids += 1
    return phone.telegram_ids
