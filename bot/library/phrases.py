"""Haki's own sentences (welcome, questions, notices) in every language: content/strings/*.po.

A msgid is a key such as `welcome.text`; `{name}` in a text is filled in. A missing translation
is said in English, the language that all others are made from.
"""

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import polib

SOURCE_LANGUAGE = "en"


class MissingPhrase(KeyError):
    """A key that stands in no language: a mistake in the code or in content/strings/en.po."""


class Phrases:
    """All phrases in memory."""

    def __init__(self, texts: dict[str, dict[str, str]]) -> None:
        self._texts = texts

    @classmethod
    def load(cls, content: Path) -> "Phrases":
        """Read `content`/strings/<language>.po."""
        texts = {}
        for path in sorted((content / "strings").glob("*.po")):
            entries = polib.pofile(str(path))
            texts[path.stem] = {entry.msgid: entry.msgstr for entry in entries if entry.msgstr}
        return cls(texts)

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that have a file, English first."""
        others = sorted(code for code in self._texts if code != SOURCE_LANGUAGE)
        return (SOURCE_LANGUAGE, *others)

    def items(self) -> Iterator[tuple[str, str, str]]:
        """Every phrase as (language, key, text)."""
        for language, texts in self._texts.items():
            for key, text in texts.items():
                yield language, key, text

    def get(self, key: str, language: str, **values: object) -> str:
        """Return the phrase `key` in `language`, filled with `values`.

        Raises MissingPhrase for a key that English lacks too.
        """
        return self.template(key, language).format(**values)

    def template(self, key: str, language: str) -> str:
        """Return the phrase `key` in `language` with its `{names}` as they are.

        Raises MissingPhrase for a key that English lacks too.
        """
        text = self._texts.get(language, {}).get(key) or self._texts[SOURCE_LANGUAGE].get(key)
        if text is None:
            raise MissingPhrase(key)
        return text


@lru_cache(maxsize=4)
def phrases(content: Path) -> Phrases:
    """Return the phrases under `content`, read once per process."""
    return Phrases.load(content)
