"""The small pattern language of the lists in `data/` (danger, stages): words, not regular
expressions.

A pattern is words in their comparable form (`normalise.match_key`): `a|b` in a word means
either, `word*` any ending, `~` up to four words between (eight characters where a language has
no blanks), `?` after a word that it may be absent.
"""

import re
from collections import defaultdict
from collections.abc import Sequence

from bot.understanding.normalise import match_key

_MOST_WORDS_BETWEEN = 4
_MOST_CHARACTERS_BETWEEN = 8
_BLANK = r"(?:(?<= )|(?<=^)| )"


class Rules:
    """Rules of one language, found in texts that went through `match_key`.

    A rule is only tried where a word stands that it may begin with: hundreds of rules then cost
    little more than one. `spaced` is False for Chinese.
    """

    def __init__(self, rules: Sequence[str], spaced: bool = True) -> None:
        self._spaced = spaced
        self._patterns = [re.compile(_expression(rule, spaced)) for rule in rules]
        self._words: defaultdict[str, list[int]] = defaultdict(list)
        self._heads: defaultdict[str, list[int]] = defaultdict(list)
        self._anywhere: list[int] = []
        for number, rule in enumerate(rules):
            self._file(number, rule)

    def found(self, key: str) -> list[int]:
        """Return the numbers of the rules that occur in `key`, in their order."""
        return [number for number in self._likely(key) if self._patterns[number].search(key)]

    def any_in(self, key: str) -> bool:
        """Whether any of the rules occurs in `key`."""
        return any(self._patterns[number].search(key) for number in self._likely(key))

    def _file(self, number: int, rule: str) -> None:
        """Note the words (or their heads, or Chinese literals) that `rule` may begin with."""
        first = rule.split("~")[0] if not self._spaced else rule.split()[0]
        for form in first.rstrip("?").split("|"):
            start = match_key(form.rstrip("*"))
            if not start or first == "~" or (self._spaced and first.endswith("?")):
                self._anywhere.append(number)
            elif not self._spaced or (form.endswith("*") and " " not in start):
                self._heads[start].append(number)
            else:
                self._words[start.split()[0]].append(number)

    def _likely(self, key: str) -> list[int]:
        numbers = set(self._anywhere)
        if not self._spaced:
            for head, of_head in self._heads.items():
                if head in key:
                    numbers.update(of_head)
            return sorted(numbers)
        for word in set(key.split()):
            numbers.update(self._words.get(word, ()))
            for end in range(1, len(word) + 1):
                numbers.update(self._heads.get(word[:end], ()))
        return sorted(numbers)


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
