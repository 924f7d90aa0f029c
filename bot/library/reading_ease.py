"""How hard an English text is to read: sentence lengths and the Flesch-Kincaid grade.

Flesch-Kincaid grade level: Kincaid, Fishburne, Rogers and Chissom, "Derivation of new readability
formulas for Navy enlisted personnel", 1975. A grade plus five is about the age of a reader who has
no trouble with the text. Syllables are counted by vowel groups: good to about one in twenty, enough
for an average over a card, never for one sentence.
"""

from __future__ import annotations

import re

_SENTENCE_END = re.compile(r"(?<!\bNo)(?<!\bart)(?<!\barts)(?<!\bs)(?<!\bss)[.!?:;]+(?=\s|$)|\n+")
_WORD = re.compile(r"[A-Za-z']+")
_PARENTHESIS = re.compile(r"\([^()]*\)")
_VOWELS = re.compile(r"[aeiou]+(?:y(?![aeiou]))?|y(?![aeiou])")


def sentences(text: str) -> list[str]:
    """Sentences and bullets, without what stands in parentheses (the names of laws, mostly)."""
    plain = _PARENTHESIS.sub("", re.sub(r"^- ", "", text, flags=re.MULTILINE))
    return [part.strip() for part in _SENTENCE_END.split(plain) if _WORD.search(part)]


def words(sentence: str) -> list[str]:
    """Words of letters; numbers are not counted."""
    return _WORD.findall(sentence)


def syllables(word: str) -> int:
    """Vowel groups, less a silent final e; at least one."""
    lowered = word.lower()
    count = len(_VOWELS.findall(lowered))
    if lowered.endswith("e") and not lowered.endswith(("le", "ee", "ye")) and count > 1:
        count -= 1
    return max(count, 1)


def grade(text: str) -> float:
    """Flesch-Kincaid grade; 0.0 for a text without words."""
    found = sentences(text)
    spoken = [word for sentence in found for word in words(sentence)]
    if not spoken:
        return 0.0
    per_sentence = len(spoken) / len(found)
    per_word = sum(syllables(word) for word in spoken) / len(spoken)
    return 0.39 * per_sentence + 11.8 * per_word - 15.59
