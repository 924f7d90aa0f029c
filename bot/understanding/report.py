"""The JSON that `haki understand` speaks: one object in, one out, a line each (architecture.md)."""

from collections.abc import Mapping
from typing import Any

from bot.understanding.reader import Known, Understanding


class BadLine(Exception):
    """A line that is no JSON object with a `text`."""


def known_of(line: Mapping[str, Any]) -> Known:
    """What a line says about the writer besides the text; absent and empty are the same."""

    def told(name: str) -> str | None:
        return str(line[name]) if line.get(name) else None

    return Known(told("country"), told("stage"), told("language"), told("channel"))


def text_of(line: object) -> str:
    """The text of a line. Raises BadLine."""
    if not isinstance(line, dict) or not isinstance(line.get("text"), str):
        raise BadLine('each line must be a JSON object with a "text"')
    return str(line["text"])


def as_json(meant: Understanding, cards: list[tuple[str, float]]) -> dict[str, Any]:
    """The answer to one line. Confidences are rounded to four digits."""
    return {
        "text": meant.text,
        "language": meant.language,
        "language_confidence": round(meant.language_confidence, 4),
        "act": meant.act,
        "act_confidence": round(meant.act_confidence, 4),
        "topics": [{"topic": name, "confidence": round(c, 4)} for name, c in meant.topics],
        "danger": meant.danger is not None,
        "danger_kind": meant.danger.kind if meant.danger else None,
        "danger_rule": meant.danger.rule if meant.danger else None,
        "danger_score": round(meant.danger_score, 4),
        "places": [
            {"country": p.country, "role": p.role, "text": p.text, "confidence": p.confidence}
            for p in meant.places
        ],
        "stage": meant.stage,
        "second": _second(meant),
        "cards": [{"card": card, "score": round(score, 4)} for card, score in cards],
    }


def _second(meant: Understanding) -> dict[str, Any] | None:
    if meant.second is None:
        return None
    words = meant.text[meant.second.start : meant.second.end]
    return {"topic": meant.second.topic, "text": words, "apart": meant.second.apart}


def as_text(told: Mapping[str, Any]) -> str:
    """The same for people, on a few lines."""
    topics = ", ".join(f"{t['topic']} {t['confidence']:.0%}" for t in told["topics"][:3])
    places = ", ".join(f"{p['country']} {p['role']}".strip() for p in told["places"])
    danger = f"{told['danger_kind']} ({told['danger_rule']})" if told["danger"] else "no"
    cards = ", ".join(c["card"] for c in told["cards"][:3])
    second = f"{told['second']['topic']} ({told['second']['text']})" if told["second"] else "-"
    return "\n".join(
        [
            told["text"],
            (
                f"  language {told['language']} {told['language_confidence']:.0%}, "
                f"act {told['act']} {told['act_confidence']:.0%}"
            ),
            f"  topics   {topics}",
            f"  danger   {danger}, score {told['danger_score']:.2f}",
            f"  places   {places or '-'}, stage {told['stage'] or '-'}",
            f"  second   {second}",
            f"  cards    {cards or '-'}",
        ]
    )
