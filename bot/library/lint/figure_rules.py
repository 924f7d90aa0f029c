"""Figures: a translation names the same amounts, dates and sections as its English.

A machine that translates may change a figure and sound sure. Small numbers are left out, for
languages write them as words; so is 18, which many say as "minor".
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from bot.library.errors import Mistake
from bot.library.lint.scope import Scope, text_file
from bot.library.model import Text

_SMALLEST = 13
_MINOR = 18
_OTHER_DIGIT = re.compile(r"(?![0-9])\d")
_GROUPED = re.compile(r"(?<=\d)[,.\u00a0\u202f '’](?=\d{3}(?!\d))")
_COUNTED = re.compile(
    r"(\d+(?:[.,]\d+)?)\s*(万|亿|लाख|करोड|mil\b|mille\b|millions?\b|millón\b|millones\b|milhão\b"
    r"|milhões\b|milyon\b|مليون|ملايين|ሚሊዮን|मिलियन)",
    re.IGNORECASE,
)
_UNITS = {"万": 10**4, "亿": 10**8, "लाख": 10**5, "करोड": 10**7, "mil": 10**3, "mille": 10**3}
_MILLION = 10**6
_VIKRAM_YEARS = range(2000, 2100)
_VIKRAM_AHEAD = (56, 57)
"""Nepal's calendar is 56 or 57 years ahead, by the month: a law of 2064 is of 2007."""


def check_figures(scope: Scope) -> Iterator[Mistake]:
    """No figure of the English is lost in a translation, and none is new."""
    for card, text in scope.texts():
        if text.language == "en" or text.stale:
            continue
        english, own = figures(card.texts["en"]), figures(text)
        lost = {figure for figure in english if not own & _same(figure, text.language)}
        new = {figure for figure in own if not english & _before(figure, text.language)}
        for what, wrong in (("lacks", lost), ("is alone in naming", new)):
            if wrong:
                listed = ", ".join(str(figure) for figure in sorted(wrong))
                reason = f"{what} the figure {listed}: the same facts, no more and no less"
                yield Mistake(text_file(card, text), "", reason, "figures")


def figures(text: Text) -> set[int]:
    """Figures of 13 and more in a text, whatever digits they are written in."""
    plain = _OTHER_DIGIT.sub(_ascii_digit, f"{text.sms}\n{text.body}")
    plain = _GROUPED.sub("", plain)
    found = {_counted(number, unit) for number, unit in _COUNTED.findall(plain)}
    found |= {int(digits) for digits in re.findall(r"\d+", _COUNTED.sub("", plain))}
    return {figure for figure in found if figure >= _SMALLEST and figure != _MINOR}


def _counted(number: str, unit: str) -> int:
    """`2.4 million` in full."""
    factor = _UNITS.get(unit.lower(), _MILLION)
    return round(float(number.replace(",", ".")) * factor)


def _ascii_digit(digit: re.Match[str]) -> str:
    return str(unicodedata.decimal(digit.group()))


def _same(figure: int, language: str) -> set[int]:
    """What an English figure may be called in a language."""
    if language != "ne":
        return {figure}
    return {figure, *(figure + ahead for ahead in _VIKRAM_AHEAD)}


def _before(figure: int, language: str) -> set[int]:
    """What a translation's figure may stand for in English."""
    if language != "ne" or figure not in _VIKRAM_YEARS:
        return {figure}
    return {figure, *(figure - ahead for ahead in _VIKRAM_AHEAD)}
