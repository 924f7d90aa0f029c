"""The small pattern language of the lists in `data/` (danger, stages): words, not regular
expressions.

A pattern is words in their comparable form (`normalise.match_key`): `a|b` in a word means
either, `word*` any ending, `~` up to four words between (eight characters where a language has
no blanks), `?` after a word that it may be absent.
"""

import re
from collections.abc import Sequence

from bot.understanding.normalise import match_key

_MOST_WORDS_BETWEEN = 4
_MOST_CHARACTERS_BETWEEN = 8
_BLANK = r"(?:(?<= )|(?<=^)| )"


def compile_pattern(rule: str, spaced: bool = True) -> re.Pattern[str]:
    """Return what finds `rule` in a text that went through `match_key`. `spaced` is False for
    Chinese."""
    return re.compile(_expression(rule, spaced))


def compile_any(rules: Sequence[str], spaced: bool = True) -> re.Pattern[str]:
    """Return what finds any of `rules`; nothing when there are none."""
    return re.compile("|".join(_expression(rule, spaced) for rule in rules) or r"(?!)")


def _expression(rule: str, spaced: bool) -> str:
    if not spaced:
        between = f".{{0,{_MOST_CHARACTERS_BETWEEN}}}"
        parts = rule.split("~")
        return between.join("|".join(map(_literal, p.split("|"))).join(("(?:", ")")) for p in parts)
    return rf"(?:^| ){''.join(_word(word) for word in rule.split())}(?= |$)"


def _literal(text: str) -> str:
    return re.escape(match_key(text))


def _word(word: str) -> str:
    """One word of a pattern, with the blank before it unless it is the first."""
    if word == "~":
        return rf"(?:{_BLANK}\S+){{0,{_MOST_WORDS_BETWEEN}}}"
    forms = []
    for form in word.rstrip("?").split("|"):
        key = _literal(form.rstrip("*"))
        if key:
            forms.append(key + (r"\S*" if form.endswith("*") else ""))
    body = rf"{_BLANK}(?:{'|'.join(forms)})(?= |$)"
    return f"(?:{body})?" if word.endswith("?") else body
