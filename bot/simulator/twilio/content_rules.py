"""Limits of WhatsApp content and the filling in of variables (protocols.md 4.2)."""

from __future__ import annotations

import json
import re
from typing import Any

from bot.simulator.segments import utf16_units
from bot.simulator.twilio.errors import TwilioError

BODY, TEXT_BODY, TITLE, ITEM, BUTTON, DESCRIPTION, ID = 1024, 1600, 20, 24, 20, 72, 200
#: Buttons without approval inside the service window, and with approval.
OPEN_BUTTONS, APPROVED_BUTTONS, ITEMS = 3, 10, 10
VARIABLES, VARIABLE_KEY, VARIABLE_VALUE = 100, 16, 1600
#: Richest first: the first that the channel supports is sent.
RICHEST = ("twilio/list-picker", "twilio/quick-reply", "twilio/text")
_VARIABLE = re.compile(r"\{\{([A-Za-z0-9_]{1,16})\}\}")

Content = dict[str, Any]


def check_types(types: Any) -> None:
    """Raise `TwilioError` when a content could not be created.

    Fields with variables are measured again when a message is sent.
    """
    if not isinstance(types, dict) or not types:
        raise TwilioError(20001, message="types is required")
    for kind, value in types.items():
        if kind not in RICHEST:
            raise TwilioError(20001, message=f"types: {kind} is not supported by this stand-in")
        if not isinstance(value, dict):
            raise TwilioError(20001, message=f"types.{kind} must be an object")
        problem = _problem(kind, value, most_buttons=APPROVED_BUTTONS, with_variables=True)
        if problem:
            raise TwilioError(20001, message=f"types.{kind}.{problem}")


def sending_problem(kind: str, value: Content, *, approved: bool) -> str:
    """What WhatsApp would refuse in a filled-in content; empty when nothing."""
    most = APPROVED_BUTTONS if approved else OPEN_BUTTONS
    return _problem(kind, value, most_buttons=most, with_variables=False)


def _problem(kind: str, value: Content, *, most_buttons: int, with_variables: bool) -> str:
    def bad(field: str, text: Any, limit: int) -> str:
        if not isinstance(text, str) or not text.strip():
            return f"{field} is required"
        if with_variables and "{{" in text:
            return ""
        return f"{field} exceeds {limit} characters" if utf16_units(text) > limit else ""

    if kind == "twilio/text":
        return bad("body", value.get("body"), TEXT_BODY)
    problem = bad("body", value.get("body"), BODY)
    if kind == "twilio/quick-reply":
        rows, most, fields = value.get("actions"), most_buttons, (("title", TITLE), ("id", ID))
    else:
        problem = problem or bad("button", value.get("button"), BUTTON)
        rows, most, fields = value.get("items"), ITEMS, (("item", ITEM), ("id", ID))
    name = "actions" if kind == "twilio/quick-reply" else "items"
    if not isinstance(rows, list) or not 1 <= len(rows) <= most:
        return problem or f"{name} must hold 1 to {most} entries"
    for place, row in enumerate(rows):
        for field, limit in fields:
            problem = problem or bad(f"{name}[{place}].{field}", row.get(field), limit)
        described = row.get("description") or "-"
        problem = problem or bad(f"{name}[{place}].description", described, DESCRIPTION)
    if not with_variables and not problem:
        problem = _repeated(name, rows)
    return problem


def _repeated(name: str, rows: list[dict[str, str]]) -> str:
    """WhatsApp refuses two buttons of one title and two rows of one id."""
    field = "title" if name == "actions" else "id"
    keys = {row[field] for row in rows}
    return f"{name} repeat a {field}" if len(keys) < len(rows) else ""


def variables(raw: str | None) -> dict[str, str]:
    """ContentVariables as a mapping. Raises 21656 or 21658."""
    if not raw:
        return {}
    try:
        values = json.loads(raw)
    except ValueError as error:
        raise TwilioError(21656) from error
    if not isinstance(values, dict) or len(values) > VARIABLES:
        raise TwilioError(21656)
    for key, value in values.items():
        if not isinstance(value, str) or not 1 <= len(key) <= VARIABLE_KEY:
            raise TwilioError(21656)
        if utf16_units(value) > VARIABLE_VALUE:
            raise TwilioError(21658)
    return values


def filled(value: Any, given: dict[str, str], defaults: dict[str, str]) -> Any:
    """`value` with every ``{{name}}`` replaced, in all its texts."""
    if isinstance(value, str):
        return _VARIABLE.sub(
            lambda match: given.get(match[1], defaults.get(match[1], match[0])), value
        )
    if isinstance(value, list):
        return [filled(item, given, defaults) for item in value]
    if isinstance(value, dict):
        return {key: filled(item, given, defaults) for key, item in value.items()}
    return value


def richest(types: Content, channel: str) -> str:
    """The type that `channel` gets, empty when it can show none."""
    wanted = RICHEST if channel == "whatsapp" else ("twilio/text",)
    return next((kind for kind in wanted if kind in types), "")
