"""Text as people type it, made comparable.

Two forms, both for machines only and never shown to a person:

* :func:`normalise` is what features are computed from. It keeps words, word order, punctuation and
  the zero-width joiners that Indic scripts write with.
* :func:`match_key` is what fixed tables are compared with: no punctuation, no joiners,
  single spaces.
"""

import re
import unicodedata
from functools import lru_cache

# Marks that carry no letter: zero-width space, word joiner, BOM, soft hyphen, bidi controls,
# variation selectors, the keycap that turns "1" into an emoji. ZWNJ (200C) and ZWJ (200D) are not
# among them.
_INVISIBLE = re.compile(
    "[\u200b\u2060\ufeff\u00ad\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufe00-\ufe0f\u20e3]"
)
_JOINERS = re.compile("[\u200c\u200d]")
_LATIN_MARKS = re.compile("[\u0300-\u036f]")
# Arabic short vowels, superscript alef, Quranic marks, and the tatweel that only stretches a word.
_ARABIC_MARKS = re.compile("[\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0640]")
_ELONGATION = re.compile(r"([^\W\d_])\1{2,}")
_SPACES = re.compile(r"\s+")
_NOT_WORD = re.compile(
    r"[^\w\s\u0300-\u036f\u0900-\u0903\u093a-\u094f\u200c\u200d\U0001f1e6-\U0001f1ff]"
)

# Letters that one language writes in several ways without a change of sound, or that keyboards
# swap.
_LETTERS = str.maketrans(
    {
        # Arabic: carriers of hamza, final ya and ta marbuta, Persian and Urdu kaf and ya
        "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي", "ئ": "ي",
        "ؤ": "و", "ة": "ه", "ک": "ك",
        # Devanagari: length of i and u, the three s, chandrabindu, b/v, nukta (all mixed up in
        # messages)
        "ी": "ि", "ू": "ु", "ई": "इ", "ऊ": "उ", "श": "स", "ष": "स", "ँ": "ं", "व": "ब", "़": None,
        # typographic apostrophes and dashes
        "’": "'", "‘": "'", "`": "'", "´": "'", "ʼ": "'", "–": "-", "—": "-",
        "“": '"', "”": '"', "«": '"', "»": '"',
        # Latin letters without a decomposition
        "ø": "o", "ł": "l", "đ": "d", "ı": "i", "œ": "oe", "æ": "ae", "ß": "ss",
    }
)  # fmt: skip


def _ethiopic_homophones() -> dict[int, int]:
    """Amharic reads these series alike and writers mix them: ሐ ኀ as ሀ, ሠ as ሰ, ዐ as አ, ፀ as ጸ."""
    table: dict[int, int] = {}
    for series, base in (("ሐ", "ሀ"), ("ኀ", "ሀ"), ("ሠ", "ሰ"), ("ዐ", "አ"), ("ፀ", "ጸ")):
        for order in range(7):
            table[ord(series) + order] = ord(base) + order
    # the first and fourth order of the h and glottal series sound the same
    for first in ("ሀ", "አ"):
        table[ord(first) + 3] = ord(first)
    for series, base in (("ሐ", "ሀ"), ("ኀ", "ሀ"), ("ዐ", "አ")):
        table[ord(series) + 3] = ord(base)
    return table


_ETHIOPIC = _ethiopic_homophones()


def ascii_digits(text: str) -> str:
    """Replace decimal digits of every script by 0-9; other characters stay as they are."""
    if text.isascii():
        return text
    return "".join(
        str(unicodedata.decimal(c)) if not c.isascii() and c.isdecimal() else c for c in text
    )


def strip_latin_marks(text: str) -> str:
    """Remove accents from Latin letters (é to e); marks of other scripts are letters and stay."""
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", _LATIN_MARKS.sub("", decomposed))


@lru_cache(maxsize=4096)
def normalise(text: str) -> str:
    """Return `text` in one spelling per letter: NFKC, lower case, no accents, digits in ASCII,
    stretched letters once ("heeelp" to "help"), homophone letters of Arabic, Devanagari and
    Ethiopic merged, blanks single. Joiners and punctuation stay. Total: any string is accepted.
    """
    text = unicodedata.normalize("NFKC", text.replace("\x00", " "))
    text = _INVISIBLE.sub("", text).casefold()
    text = strip_latin_marks(text).translate(_LETTERS).translate(_ETHIOPIC)
    text = _ARABIC_MARKS.sub("", text)
    text = ascii_digits(text)
    text = _ELONGATION.sub(r"\1", text)
    return _SPACES.sub(" ", text).strip()


@lru_cache(maxsize=4096)
def match_key(text: str) -> str:
    """Return `normalise(text)` without joiners and punctuation: words separated by single blanks.
    Apostrophes disappear ("l'aide" is "l aide"); flags (regional indicators) stay."""
    text = _JOINERS.sub("", normalise(text))
    text = _NOT_WORD.sub(" ", text).replace("_", " ")
    return _SPACES.sub(" ", text).strip()


def words(text: str) -> list[str]:
    """The words of `match_key(text)`; a run of Chinese characters counts as one word."""
    return match_key(text).split()
