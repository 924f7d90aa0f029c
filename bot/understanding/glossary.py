"""Word-by-word English, above all for languages that the sentence encoder cannot read.

`data/glossary/<language>.yml` lists, for an English word or phrase, its forms in the language
and in Latin letters as people type them. The result is no translation: words stay in their order
and endings are dropped. Its vector still lies near that of the same thing said in English, which
is what counts.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot.understanding.normalise import match_key, normalise
from bot.understanding.tables import read_table

_FOLDER = Path(__file__).parent / "data" / "glossary"
_LONGEST_PHRASE = 4
# Languages that the encoder cannot read, or not as people type them.
UNREAD = ("am", "ar", "ht", "ne")
_HAN = re.compile("[\u3400-\u9fff]")
_MOST_KNOWN = 0.7
# A form stands for words that begin with it when it is at least this long (letters).
_LEAST_STEM = {"latin": 4, "other": 3, "ethiopic": 2}
_MOST_ENDING = 7
# Amharic writes prepositions, negation and relatives at the head of a word.
_AMHARIC_HEADS = (
    "እንደሚ", "እንዲ", "እንደ", "እንድ", "ስለሚ", "ስለ", "የሚ", "ያለ", "በየ", "የ",
    "በ", "ለ", "ከ", "እ", "አል", "አይ", "አት", "ያ", "ይ", "ት",
    "ል", "ሊ", "ሚ", "ስ", "ሳ", "ማ", "መ", "አስ", "ተ", "አ",
)  # fmt: skip
# Arabic writes "and", "the", "to", "with" and the like there; longest first.
_ARABIC_HEADS = (
    "وبال", "وال", "بال", "فال", "كال", "عال", "هال", "ولل",
    "لل", "ال", "وب", "ول", "و", "ف", "ب", "ل", "ك", "ه", "ح",
)  # fmt: skip
# Dialects put a verb between these to deny it: "ما بيدفعش" is also typed as one word.
_ARABIC_DENIAL = re.compile("^(?:ما|م)(.{3,})ش$")
_LEAST_ARABIC = 3
_ETHIOPIC = re.compile("[\u1200-\u139f]")
_ARABIC = re.compile("[\u0600-\u06ff]")
_LATIN = re.compile("[a-z]")
_SOUNDS = (
    ("chh", "c"), ("ch", "c"), ("x", "c"), ("aa", "a"), ("ee", "i"), ("ii", "i"),
    ("oo", "u"), ("uu", "u"), ("ou", "u"), ("ph", "f"), ("bh", "b"), ("dh", "d"),
    ("th", "t"), ("gh", "g"), ("kh", "k"), ("jh", "j"), ("sh", "s"), ("w", "v"),
    ("z", "j"), ("y", "i"), ("e", "i"), ("o", "u"),
)  # fmt: skip


@dataclass(frozen=True)
class _Glossary:
    """`exact` by normalised form; `sounds` by how Latin forms sound. `by_ear`: endings and
    spellings by ear count too, which fits languages without one spelling in Latin letters."""

    exact: dict[str, str]
    sounds: dict[str, str]
    by_ear: bool


def gloss(text: str, language: str) -> str:
    """Return `text` as the encoder should read it: in English where `language` has a glossary, else
    only normalised. Words without an entry stay if they are in Latin letters and go otherwise."""
    if _glossary_for(text, language) is None:
        return normalise(text)
    return " ".join(
        english or word
        for english, word in _read(text, language)
        if english or _LATIN.search(word) or word.isdigit()
    )


def gloss_and_rest(text: str, language: str) -> str:
    """Like :func:`gloss`, but words without an entry stay in any script: what n-grams are made
    of, so that languages share what the glossaries know and keep what they do not."""
    return " ".join(english or word for english, word in _read(text, language))


def _read(text: str, language: str) -> list[tuple[str, str]]:
    """Pairs of the English of a phrase, or '', and its first word as it stands."""
    glossary = _glossary_for(text, language)
    if glossary is None:
        return [("", normalise(text))]
    words = match_key(text).split()
    found: list[tuple[str, str]] = []
    position = 0
    while position < len(words):
        length, english = _longest(words, position, glossary)
        found.append((english, words[position]))
        position += length
    return found


def known_share(text: str, language: str) -> float:
    """Share of the words of `text` that the glossary of `language` has, 0 to 1."""
    glossary = _glossary(language)
    words = match_key(text).split()
    if glossary is None or not words:
        return 0.0
    return sum(1 for word in words if _one(word, glossary)) / len(words)


def likely_language(text: str) -> str | None:
    """The language of :data:`UNREAD` whose glossary knows most words of `text`, when it knows most
    of them."""
    share, code = max((known_share(text, code), code) for code in UNREAD)
    return code if share >= _MOST_KNOWN else None


def _longest(words: list[str], position: int, glossary: _Glossary) -> tuple[int, str]:
    for length in range(min(_LONGEST_PHRASE, len(words) - position), 1, -1):
        phrase = " ".join(words[position : position + length])
        english = glossary.exact.get(phrase) or glossary.exact.get(_phrase_head(phrase, glossary))
        if english:
            return length, english
    return 1, _one(words[position], glossary)


def _phrase_head(phrase: str, glossary: _Glossary) -> str:
    """The longest phrase of the glossary that `phrase` begins with (its last word may have
    endings)."""
    least = phrase.rfind(" ") + 3
    for end in range(len(phrase) - 1, least - 1, -1):
        if phrase[:end] in glossary.exact:
            return phrase[:end]
    return ""


def _one(word: str, glossary: _Glossary) -> str:
    if word in glossary.exact:
        return glossary.exact[word]
    if _ETHIOPIC.search(word):
        return _amharic(word, glossary)
    if not glossary.by_ear:
        return ""
    if _ARABIC.search(word):
        return _arabic(word, glossary)
    if _LATIN.search(word):
        return glossary.sounds.get(_sound(word), "") or _stem(word, glossary, "latin")
    return _stem(word, glossary, "other")


def _stem(word: str, glossary: _Glossary, script: str) -> str:
    least = max(_LEAST_STEM[script], len(word) - _MOST_ENDING)
    for end in range(len(word) - 1, least - 1, -1):
        if word[:end] in glossary.exact:
            return glossary.exact[word[:end]]
    return ""


def _arabic(word: str, glossary: _Glossary) -> str:
    """A word of Arabic script, its joined particles stripped if it is not known with them."""
    known = _stem(word, glossary, "other")
    if known:
        return known
    for head in _ARABIC_HEADS:
        rest = word[len(head) :]
        if word.startswith(head) and len(rest) >= _LEAST_ARABIC:
            english = glossary.exact.get(rest) or _stem(rest, glossary, "other")
            if english:
                return english
    denied = _ARABIC_DENIAL.match(word)
    english = _one(denied.group(1), glossary) if denied else ""
    return f"not {english}" if english else ""


def _amharic(word: str, glossary: _Glossary) -> str:
    bare = [word]
    for _ in range(2):
        for head in _AMHARIC_HEADS:
            bare.extend(
                w[len(head) :] for w in list(bare) if w.startswith(head) and len(w) > len(head) + 1
            )
    for form in dict.fromkeys(bare):
        english = glossary.exact.get(form) or _stem(form, glossary, "ethiopic")
        if english:
            return english
    return ""


def _sound(word: str) -> str:
    """One spelling for what sounds alike in words typed by ear: "sahaayog", "sahayog"."""
    for written, sound in _SOUNDS:
        word = word.replace(written, sound)
    return re.sub(r"(.)\1+", r"\1", word)


def _glossary_for(text: str, language: str) -> _Glossary | None:
    """The glossary to read `text` by; none for Chinese characters, only for pinyin."""
    return None if _HAN.search(text) and language == "zh" else _glossary(language)


@lru_cache(maxsize=16)
def _glossary(language: str) -> _Glossary | None:
    path = _FOLDER / f"{language}.yml"
    if not path.exists():
        return None
    data: dict[Any, list[Any]] = read_table(path)
    exact: dict[str, str] = {}
    sounds: dict[str, str] = {}
    for english, forms in data.items():
        for form in forms:
            key = match_key(str(form))
            exact.setdefault(key, str(english))
            if _LATIN.search(key) and " " not in key and len(key) > 3:
                sounds.setdefault(_sound(key), str(english))
    return _Glossary(exact, sounds, language in UNREAD)
