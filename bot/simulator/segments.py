"""How a carrier counts one SMS: the provider's own arithmetic.

Deliberately not shared with ``bot.channels``: when Haki's count is wrong, the stand-in must be
able to disagree. Source: 3GPP TS 23.038 and Twilio's message-segment-calculator.
"""

from __future__ import annotations

from dataclasses import dataclass

import regex

_BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ ÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = "^{}\\[~]|€\f"
_SEPTETS = dict.fromkeys(_BASIC, 1) | dict.fromkeys(_EXTENDED, 2)
_GRAPHEME = regex.compile(r"\X")


@dataclass(frozen=True)
class SmsSize:
    """`units` are septets (GSM-7) or UTF-16 code units (UCS-2)."""

    encoding: str
    units: int
    segments: int


def utf16_units(text: str) -> int:
    """Length in UTF-16 code units, as Twilio, Telegram and UCS-2 count."""
    return len(text) + sum(1 for character in text if ord(character) > 0xFFFF)


def sms_size(text: str) -> SmsSize:
    """Encoding and number of parts of `text`; an empty text is one part."""
    if all(character in _SEPTETS for character in text):
        return _fill("GSM-7", [_SEPTETS[character] for character in text], single=160, part=153)
    widths = [utf16_units(cluster) for cluster in _GRAPHEME.findall(text)]
    return _fill("UCS-2", widths, single=70, part=67)


def _fill(encoding: str, widths: list[int], *, single: int, part: int) -> SmsSize:
    total = sum(widths)
    if total <= single:
        return SmsSize(encoding, total, 1)
    segments, used = 1, 0
    for width in widths:
        if used + width > part:
            segments, used = segments + 1, 0
        used += width
    return SmsSize(encoding, total, segments)
