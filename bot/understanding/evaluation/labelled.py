"""The test set: tests/understanding/<language>.jsonl, written apart from the training data."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bot.understanding.reader import Known

FOLDER = Path(__file__).resolve().parents[3] / "tests" / "understanding"


@dataclass(frozen=True)
class Case:
    """A message and what a person says it means. `topics` are the acceptable ones, best first;
    `danger` is the kind or ''; `cards` the acceptable cards for a person of whom `known` is
    known."""

    text: str
    language: str
    act: str
    topics: tuple[str, ...]
    danger: str
    country: str | None
    stage: str | None
    cards: tuple[str, ...]
    known: Known


def read_cases(paths: Iterable[Path] | None = None) -> list[Case]:
    """Return the cases of `paths`, by default of every file of the test set.

    Raises ValueError, with file and line, for a case that is not complete.
    """
    cases = []
    for path in sorted(paths) if paths is not None else sorted(FOLDER.glob("*.jsonl")):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
            if line.strip():
                try:
                    cases.append(_case(json.loads(line)))
                except (KeyError, TypeError, json.JSONDecodeError) as wrong:
                    raise ValueError(f"{path.name}, line {number}: {wrong!r}") from wrong
    return cases


def _case(told: dict[str, object]) -> Case:
    context = told.get("context") or {}
    if not isinstance(context, dict) or not isinstance(told["topics"], list):
        raise TypeError("context must be an object and topics a list")
    cards = told.get("cards") or []
    return Case(
        text=str(told["text"]),
        language=str(told["language"]),
        act=str(told["act"]),
        topics=tuple(str(topic) for topic in told["topics"]),
        danger=_danger(told["danger"], told.get("danger_kind")),
        country=_text(told.get("country")),
        stage=_text(told.get("stage")),
        cards=tuple(str(card) for card in cards) if isinstance(cards, list) else (),
        known=Known(country=_text(context.get("country")), stage=_text(context.get("stage"))),
    )


def _danger(told: object, kind: object) -> str:
    if told is True:
        return str(kind or "danger")
    return str(told) if told else ""


def _text(told: object) -> str | None:
    return str(told) if told else None
