"""Lengths, alphabets and markup: what a small screen and a short message can carry."""

from __future__ import annotations

from collections.abc import Iterator

import regex

from bot.channels.segments import (
    GSM7_LANGUAGES,
    is_gsm7,
    measure,
    outside_gsm7,
    reduce_to_gsm7,
)
from bot.library.errors import Mistake
from bot.library.lint.scope import Scope, text_file
from bot.library.model import Text

TITLE_LIMIT = 60
"""WhatsApp's header line; longer ones wrap on the phones we write for."""
LABEL_LIMIT = 24
"""WhatsApp: the title of a list row. A button holds 20."""
SMS_SEPTETS = 250
"""Two segments (306) less a line that says who checked it and a menu of two words."""
SMS_UNITS = 170
"""Three segments (201) less the same."""

_MARKUP = (
    (regex.compile(r"\*\*|__|(?<!\w)\*\w"), "bold or italics (`*`, `_`)"),
    (regex.compile(r"\]\(|<[a-z/]"), "a link or HTML"),
    (regex.compile(r"https?://|\bwww\."), "an address of a page"),
    (regex.compile(r"^\|", regex.MULTILINE), "a table"),
    (regex.compile(r"^(#|###+) ", regex.MULTILINE), "a heading other than `## `"),
    (regex.compile(r"^\s*([*+]|\d+[.)])\s", regex.MULTILINE), "a list that does not use `- `"),
    (regex.compile(r"`"), "a backtick"),
    (regex.compile(r"(?![0-9#*©®™])\p{Extended_Pictographic}"), "an emoji"),
)


def check_lengths(scope: Scope) -> Iterator[Mistake]:
    """Title, label and short text fit where they will be shown."""
    for card, text in scope.texts():
        file = text_file(card, text)
        if len(text.title) > TITLE_LIMIT:
            reason = f"{len(text.title)} characters, at most {TITLE_LIMIT}"
            yield Mistake(file, "title", reason, "length")
        if len(text.label) > LABEL_LIMIT:
            reason = f"{len(text.label)} characters, at most {LABEL_LIMIT} (a list row)"
            yield Mistake(file, "label", reason, "length")
        yield from _check_sms(file, text)


def check_markup(scope: Scope) -> Iterator[Mistake]:
    """Texts are plain: paragraphs and `- ` bullets, nothing that an SMS would show as signs."""
    for card, text in scope.texts():
        file = text_file(card, text)
        for place, part in (("title", text.title), ("label", text.label), ("sms", text.sms)):
            yield from _check_plain(file, place, part)
            if "\n" in part:
                yield Mistake(file, place, "must be one line", "markup")
        for section, part in text.sections.items():
            yield from _check_plain(file, f"## {section}", part)


def _check_sms(file: str, text: Text) -> Iterator[Mistake]:
    if text.language not in GSM7_LANGUAGES:
        units = len(text.sms.encode("utf-16-le")) // 2
        if units > SMS_UNITS:
            yield Mistake(file, "sms", f"{units} units, at most {SMS_UNITS}", "sms-length")
        return
    outside = outside_gsm7(text.sms)
    if outside:
        reason = f"not in the GSM alphabet, doubles the cost: {' '.join(outside)}"
        yield Mistake(file, "sms", reason, "sms-alphabet")
        return
    septets = measure(text.sms).units
    if septets > SMS_SEPTETS:
        yield Mistake(file, "sms", f"{septets} septets, at most {SMS_SEPTETS}", "sms-length")
    if not is_gsm7(reduce_to_gsm7(text.label, text.language)):
        reason = "cannot be written in the GSM alphabet for an SMS menu"
        yield Mistake(file, "label", reason, "sms-alphabet")


def _check_plain(file: str, place: str, part: str) -> Iterator[Mistake]:
    for pattern, what in _MARKUP:
        found = pattern.search(part)
        if found:
            near = part[max(0, found.start() - 15) : found.end() + 15].replace("\n", " ")
            yield Mistake(file, place, f"holds {what}: `{near}`", "markup")
