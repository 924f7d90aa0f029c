"""Typed reading of a mapping whose scalars are text, noting each mistake and going on."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from bot.library.errors import Mistake


class Fields:
    """One mapping of one file. Each reader returns a value of its type, also after a mistake."""

    def __init__(
        self, values: Mapping[str, Any], file: str, mistakes: list[Mistake], place: str = ""
    ) -> None:
        self.values = values
        self._file = file
        self._place = place
        self._mistakes = mistakes

    def wrong(self, key: str, reason: str, rule: str = "schema") -> None:
        """Note a mistake at `key`."""
        place = ".".join(part for part in (self._place, key) if part)
        self._mistakes.append(Mistake(self._file, place, reason, rule))

    def expect_keys(self, required: Collection[str], optional: Collection[str] = ()) -> None:
        """Note each required key that is missing and each key that nobody reads."""
        for key in required:
            if key not in self.values:
                self.wrong(key, "is missing")
        for key in self.values:
            if key not in required and key not in optional:
                self.wrong(str(key), "is not a key of this file")

    def text(self, key: str, *, required: bool = True) -> str:
        """A line of text, stripped; '' if the key is missing (see `expect_keys`)."""
        value = self.values.get(key, "")
        if not isinstance(value, str):
            self.wrong(key, "must be text")
            return ""
        if required and key in self.values and not value.strip():
            self.wrong(key, "is empty")
        return value.strip()

    def choice(self, key: str, allowed: Collection[str]) -> str:
        """One of `allowed`."""
        value = self.text(key)
        if value and value not in allowed:
            self.wrong(key, f"`{value}` is not one of: {', '.join(allowed)}")
        return value

    def words(self, key: str, allowed: Collection[str] | None = None) -> tuple[str, ...]:
        """A list of words, each among `allowed` if that is given, none twice."""
        value = self.values.get(key, [])
        if value == "":
            return ()
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self.wrong(key, "must be a list of words")
            return ()
        for item in sorted(set(value)):
            if value.count(item) > 1:
                self.wrong(key, f"`{item}` stands twice")
            if allowed is not None and item not in allowed:
                self.wrong(key, f"`{item}` is not one of: {', '.join(allowed)}")
        return tuple(item.strip() for item in value)

    def flag(self, key: str) -> bool:
        """`true` or `false`."""
        value = self.values.get(key, "false")
        if value not in ("true", "false"):
            self.wrong(key, "must be `true` or `false`")
        return bool(value == "true")

    def day(self, key: str) -> date:
        """A day as YYYY-MM-DD; the earliest day there is after a mistake."""
        value = self.text(key)
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.wrong(key, f"`{value}` is not a day like 2027-05-23", "dates")
            return date.min

    def texts(self, key: str, languages: Collection[str]) -> dict[str, str]:
        """Text by language; a language that nobody knows is a mistake."""
        value = self.values.get(key, {})
        if value == "":
            return {}
        if not isinstance(value, dict):
            self.wrong(key, "must be texts by language")
            return {}
        found = {}
        for language, text in value.items():
            if language not in languages:
                self.wrong(f"{key}.{language}", "is not a language of Haki", "languages")
            elif not isinstance(text, str):
                self.wrong(f"{key}.{language}", "must be text")
            else:
                found[language] = text.strip()
        return found

    def parts(self, key: str) -> list[Fields]:
        """A list of mappings."""
        value = self.values.get(key, [])
        if value == "":
            return []
        if not isinstance(value, list):
            self.wrong(key, "must be a list")
            return []
        return [self._part(key, number, item) for number, item in enumerate(value, start=1)]

    def part(self, key: str) -> Fields:
        """One mapping."""
        value = self.values.get(key, {})
        if not isinstance(value, dict):
            self.wrong(key, "must be `key: value` lines")
            value = {}
        place = ".".join(part for part in (self._place, key) if part)
        return Fields(value, self._file, self._mistakes, place)

    def _part(self, key: str, number: int, value: object) -> Fields:
        name = value.get("id") if isinstance(value, dict) else None
        place = f"{key}[{name or number}]"
        if self._place:
            place = f"{self._place}.{place}"
        if not isinstance(value, dict):
            self._mistakes.append(
                Mistake(self._file, place, "must be `key: value` lines", "schema")
            )
            value = {}
        return Fields(value, self._file, self._mistakes, place)
