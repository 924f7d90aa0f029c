"""What can be wrong with the content, said so that an editor can mend it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Mistake:
    """One thing to mend: the file (relative to the content folder), the place in it, the reason.

    `rule` is a short stable name of the rule that was broken; tests and reports count by it.
    """

    file: str
    place: str
    reason: str
    rule: str = "format"

    def __str__(self) -> str:
        place = f"{self.place}: " if self.place else ""
        return f"{self.file}: {place}{self.reason} [{self.rule}]"


class ContentError(Exception):
    """The content cannot be loaded. `mistakes` holds every reason found in one run."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        self.mistakes = sorted(mistakes)
        lines = "\n".join(str(mistake) for mistake in self.mistakes)
        super().__init__(f"{len(mistakes)} mistakes in the content:\n{lines}")


class UnknownTextError(LookupError):
    """No version of this card's text with this hash is in the edition, its archive or its git."""
