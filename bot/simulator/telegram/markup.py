"""parse_mode HTML as Telegram reads it: plain text and entities in UTF-16 units."""

from __future__ import annotations

import re
from typing import Any

from bot.simulator.segments import utf16_units
from bot.simulator.telegram.errors import bad_request

_TYPES = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline",
    "ins": "underline", "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough",
    "code": "code", "pre": "pre", "blockquote": "blockquote", "tg-spoiler": "spoiler",
    "a": "text_link",
}  # fmt: skip
_TOKEN = re.compile(r"<(/?)([^\s<>/]*)([^<>]*)>|&(#x?[0-9a-fA-F]+|lt|gt|amp|quot);|<")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_HREF = re.compile(r"""href\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_COMMAND = re.compile(r"(?<!\S)/[A-Za-z0-9_]{1,32}(?:@\w+)?(?!\S)")

Entities = list[dict[str, Any]]


def parse_html(source: str) -> tuple[str, Entities]:
    """Text and entities of `source`.

    Raises a 400 ``can't parse entities`` for an unknown, unclosed or misplaced tag.
    """
    text, entities, open_tags = "", [], []  # type: ignore[var-annotated]
    place = 0
    for match in _TOKEN.finditer(source):
        text += source[place : match.start()]
        place = match.end()
        closing, tag, rest, reference = match.groups()
        if reference:
            text += _character(reference)
        elif not tag:
            raise _cannot_parse(f'Unsupported start tag "" at byte offset {match.start()}')
        elif closing:
            entities += _close(open_tags, tag, text, match.start())
        elif tag.lower() not in _TYPES:
            raise _cannot_parse(f'Unsupported start tag "{tag}" at byte offset {match.start()}')
        else:
            open_tags.append((tag.lower(), utf16_units(text), rest))
    if open_tags:
        raise _cannot_parse(f'Can\'t find end tag corresponding to start tag "{open_tags[-1][0]}"')
    entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
    return text + source[place:], entities


def _close(open_tags: list[Any], tag: str, text: str, offset: int) -> Entities:
    if not open_tags:
        raise _cannot_parse(f"Unexpected end tag at byte offset {offset}")
    name, start, rest = open_tags.pop()
    if name != tag.lower():
        raise _cannot_parse(
            f'Unmatched end tag at byte offset {offset}, expected "</{name}>", found "</{tag}>"'
        )
    length = utf16_units(text) - start
    if not length:
        return []
    entity: dict[str, Any] = {"offset": start, "length": length, "type": _TYPES[name]}
    if name == "a":
        href = _HREF.search(rest)
        if not href:
            return []
        entity["url"] = _NAMED_REFERENCE.sub(lambda m: _character(m[1]), href[1] or href[2] or "")
    return [entity]


_NAMED_REFERENCE = re.compile(r"&(#x?[0-9a-fA-F]+|lt|gt|amp|quot);")


def _character(reference: str) -> str:
    if reference in _NAMED:
        return _NAMED[reference]
    digits = reference[1:]
    number = int(digits[1:], 16) if digits[0] in "xX" else int(digits)
    return chr(number) if 0 < number < 0x110000 else ""


def _cannot_parse(why: str) -> Exception:
    return bad_request(f"can't parse entities: {why}")


def commands_in(text: str) -> Entities:
    """``bot_command`` entities of a person's text."""
    return [
        {
            "offset": utf16_units(text[: match.start()]),
            "length": utf16_units(match[0]),
            "type": "bot_command",
        }
        for match in _COMMAND.finditer(text)
    ]
