"""What one SMS can hold: alphabets, units, segments, and cutting a long text.

Pure functions over text; nothing here sends. The linter of `content/` and the code that sends
count with these same functions, so an answer costs what the editor was told.

Sources: 3GPP TS 23.038 (GSM 7-bit default alphabet and its extension table), 3GPP TS 23.040
(6-octet concatenation header: 153 septets or 67 UTF-16 units a part). Counting follows Twilio's
segment calculator: a two-septet character, a surrogate pair or a grapheme cluster never straddles
a border, so it leaves a hole and `ceil(n / 153)` would be too low.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

import regex

Encoding = Literal["GSM-7", "UCS-2"]

GSM7_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""3GPP TS 23.038, 6.2.1: one septet each."""

GSM7_EXTENSION = frozenset("\f^{}\\[~]|€")
"""3GPP TS 23.038, 6.2.1.1: escape plus one, two septets each."""

GSM7_LANGUAGES = frozenset({"en", "fr", "es", "pt", "ht"})
"""Languages that Haki writes within GSM-7 on SMS; the others are sent as they are, in UCS-2."""

MAX_BODY_UNITS = 1600
"""Twilio refuses a longer `Body`. Counted in UTF-16 units, the stricter reading of its manual."""

_ALONE = {"GSM-7": 160, "UCS-2": 70}
_IN_PARTS = {"GSM-7": 153, "UCS-2": 67}

_GRAPHEME = regex.compile(r"\X")
_SENTENCE = regex.compile(
    r".+?(?:[.!?…؟۔。！？।॥።፧]+[\"'”’»)\]]*(?:\s+|(?<=[。！？])|$)|\n+|$)", regex.DOTALL
)
_WORD = regex.compile(r"\S+\s*|\s+")

_PUNCTUATION = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′`´ʼ‹›", "'"),
        **dict.fromkeys("“”„‟″«»", '"'),
        **dict.fromkeys("‐‑‒–—―−•·", "-"),
        **dict.fromkeys("\t\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009"
                        "\u200a\u202f\u205f\u3000", " "),
        **dict.fromkeys("\u00ad\u200b\u200e\u200f\u2060\ufeff", ""),
        "…": "...", "×": "x", "½": "1/2", "¼": "1/4", "¾": "3/4",
        # "n°", "1º", "1ª": the sign stands for a letter in fr, es and pt
        "°": "o", "º": "o", "ª": "a",
    }
)  # fmt: skip

_LETTERS = str.maketrans(
    {"œ": "oe", "Œ": "OE", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ı": "i", "ð": "d", "Ð": "D",
     "þ": "th", "Þ": "Th", "ħ": "h", "Ħ": "H", "ŋ": "ng", "Ŋ": "Ng", "ĳ": "ij", "Ĳ": "IJ",
     "ŀ": "l", "Ŀ": "L", "ŉ": "n", "ſ": "s", "ẞ": "SS", "ŧ": "t", "Ŧ": "T"}
)  # fmt: skip
"""Latin letters that Unicode does not decompose, by their usual spelling in plain letters."""


@dataclass(frozen=True)
class Measure:
    """What a text costs as SMS: `units` are septets (GSM-7) or UTF-16 code units (UCS-2)."""

    encoding: Encoding
    units: int
    segments: int


def is_gsm7(text: str) -> bool:
    """True when every character stands in the GSM alphabet or its extension."""
    return all(char in GSM7_BASIC or char in GSM7_EXTENSION for char in text)


def outside_gsm7(text: str) -> list[str]:
    """The characters that force UCS-2, each once, in order of appearance."""
    return list(dict.fromkeys(c for c in text if c not in GSM7_BASIC and c not in GSM7_EXTENSION))


def measure(text: str) -> Measure:
    """Encoding, units and segments of `text` exactly as it stands (no normalisation).

    An empty text is one GSM-7 segment of no units: an SMS cannot be less.
    """
    encoding: Encoding = "GSM-7" if is_gsm7(text) else "UCS-2"
    units = sum(_width(atom, encoding) for atom in text)
    return Measure(encoding, units, len(segments_of(text)))


def segments_of(text: str) -> list[str]:
    """The text of each segment, in order; joined they are `text`."""
    encoding: Encoding = "GSM-7" if is_gsm7(text) else "UCS-2"
    if sum(_width(char, encoding) for char in text) <= _ALONE[encoding]:
        return [text]
    capacity = _IN_PARTS[encoding]
    parts: list[str] = []
    current: list[str] = []
    free = capacity
    for atom in _atoms(text, encoding, capacity):
        width = _width(atom, encoding)
        if width > free:
            parts.append("".join(current))
            current, free = [], capacity
        current.append(atom)
        free -= width
    parts.append("".join(current))
    return parts


def graphemes(text: str) -> list[str]:
    """User-perceived characters (Unicode UAX #29 extended grapheme clusters)."""
    return _GRAPHEME.findall(text)


def reduce_to_gsm7(text: str, language: str) -> str:
    """`text` written within GSM-7 where that loses no letter; otherwise `text` unchanged.

    Applies to the languages of `GSM7_LANGUAGES`: typographic quotes, dashes, ellipsis and spaces
    become ASCII, and accented Latin letters outside GSM-7 become their base letter (`ç` to `c`,
    `œ` to `oe`). It is all or nothing: when a character remains that GSM-7 cannot carry (another
    script, an emoji) the message is UCS-2 anyway, so the accents stay. Idempotent.
    """
    if language not in GSM7_LANGUAGES:
        return text
    composed = unicodedata.normalize("NFC", text)
    plain = regex.sub(r"(?<=«)[\s\u00a0\u202f]+|[\s\u00a0\u202f]+(?=»)", "", composed)
    plain = plain.translate(_PUNCTUATION)
    reduced = "".join(char if is_gsm7(char) else _base_letters(char) for char in plain)
    reduced = regex.sub(r"(?<=[A-Za-z])\p{Mn}+", "", reduced)
    return reduced if is_gsm7(reduced) else text


def split_for_sms(text: str, max_segments: int) -> list[str]:
    """Cut `text` into messages of at most `max_segments` segments and 1,600 units each.

    Cuts at the end of a sentence; inside one only if it is too long alone, then between words
    (so an address of a page stays whole), and inside a word only between graphemes. White space
    at a cut is dropped, nothing else. Raises ValueError if `max_segments` is below 1.
    """
    if max_segments < 1:
        raise ValueError("a message has at least one segment")
    messages: list[str] = []
    current = ""
    for piece in _pieces(text, max_segments):
        if current and not _fits(current + piece, max_segments):
            messages.append(current.strip())
            current = ""
        current += piece
    messages.append(current.strip())
    return [message for message in messages if message]


def _width(atom: str, encoding: Encoding) -> int:
    if encoding == "UCS-2":
        return sum(2 if ord(char) > 0xFFFF else 1 for char in atom)
    return sum(2 if char in GSM7_EXTENSION else 1 for char in atom)


def _atoms(text: str, encoding: Encoding, capacity: int) -> Iterator[str]:
    """The runs that must not straddle a border."""
    if encoding == "GSM-7":
        yield from text
        return
    for cluster in graphemes(text):
        if _width(cluster, encoding) <= capacity:
            yield cluster
        else:  # no part can hold it whole; only surrogate pairs stay together then
            yield from cluster


def _base_letters(char: str) -> str:
    spelled = char.translate(_LETTERS)
    if spelled != char:
        return spelled
    if "LATIN" not in unicodedata.name(char, ""):
        return char
    base = "".join(c for c in unicodedata.normalize("NFD", char) if not unicodedata.combining(c))
    return base.translate(_LETTERS)


def _fits(text: str, max_segments: int) -> bool:
    stripped = text.strip()
    return (
        _width(stripped, "UCS-2") <= MAX_BODY_UNITS and measure(stripped).segments <= max_segments
    )


def _pieces(text: str, max_segments: int) -> Iterator[str]:
    """Sentences, or smaller runs where a sentence does not fit; joined they are `text`."""
    for sentence in _SENTENCE.findall(text):
        if _fits(sentence, max_segments):
            yield sentence
            continue
        for word in _WORD.findall(sentence):
            yield from [word] if _fits(word, max_segments) else _runs(word, max_segments)


def _runs(word: str, max_segments: int) -> Iterable[str]:
    clusters = graphemes(word)
    return clusters if all(_fits(c, max_segments) for c in clusters) else list(word)
