"""What answers cost as SMS: segments of the first answer and of the rest, over all cards.

    .venv/bin/python benchmarks/sms_cost.py [--json] [--content FOLDER]

Counts exactly what is sent: the replies of the actions, laid out for SMS with their menus, in the
segments of bot.channels.segments. Writes benchmarks/results/sms_cost.md. Exit status 1 if a first
answer takes more than 2 segments where GSM-7 is used, or more than 3 elsewhere.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT))

from benchmarks.speed.figures import percentile  # noqa: E402

HEAD = """# What answers cost as SMS

Made by `benchmarks/sms_cost.py` over every card of `content/`. Segments as carriers count them
(3GPP TS 23.038/23.040); an answer with its menu, as it is sent. First answer: rule, what to do,
risk (mean, p95, most). Parts: what follows on 1 (More). Target: first answers of at most 2
segments in GSM-7, 3 in UCS-2.

| language | alphabet | cards | first | p95 | most | over target | parts | part p95 | whole card |
| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"""
RESULT = PROJECT / "benchmarks" / "results" / "sms_cost.md"


@dataclass(frozen=True)
class Cost:
    """Segments of one language's answers; `p95` is the nearest-rank 95th percentile."""

    language: str
    alphabet: str
    cards: int
    first_mean: float
    first_p95: int
    first_most: int
    over_target: int
    parts_mean: float
    part_p95: int
    whole_mean: float


def measure() -> list[Cost]:
    """Return the costs of every language that any card has."""
    from actions.shelf import library

    found = []
    for language in sorted({code for card in library().cards.values() for code in card.texts}):
        cards = [card for card in library().cards.values() if language in card.texts]
        found.append(_cost(language, cards))
    return found


def _cost(language: str, cards: list) -> Cost:  # type: ignore[type-arg]
    from actions import card_replies
    from bot.channels.segments import GSM7_LANGUAGES

    firsts, parts_of_cards = [], []
    for card in cards:
        turn = _turn(language, card)
        firsts.append(_segments(card_replies.first_answer(turn, card)))
        parts = []
        while (part := card_replies.part(turn, card, len(parts) + 1)) is not None:
            parts.append(_segments(part))
        parts_of_cards.append(parts)
    target = 2 if language in GSM7_LANGUAGES else 3
    every_part = [cost for parts in parts_of_cards for cost in parts]
    wholes = [first + sum(parts) for first, parts in zip(firsts, parts_of_cards, strict=True)]
    return Cost(
        language=language,
        alphabet="GSM-7" if language in GSM7_LANGUAGES else "UCS-2",
        cards=len(cards),
        first_mean=round(statistics.mean(firsts), 2),
        first_p95=int(percentile(firsts, 95)),
        first_most=max(firsts),
        over_target=sum(cost > target for cost in firsts),
        parts_mean=round(statistics.mean(len(parts) for parts in parts_of_cards), 2),
        part_p95=int(percentile(every_part, 95)),
        whole_mean=round(statistics.mean(wholes), 1),
    )


def _turn(language: str, card):  # type: ignore[no-untyped-def]
    from actions.turn import Turn

    return Turn(
        channel="sms", text="", intent=card.topic, ranking=((card.topic, 1.0),), language=language,
        country=card.country, origin="", stage="", prefix="", welcomed=True, language_known=True,
    )  # fmt: skip


def _segments(reply) -> int:  # type: ignore[no-untyped-def]
    from bot.channels.layout import lay_out
    from bot.channels.names import Channel

    return sum(bubble.segments for bubble in lay_out(reply, Channel.SMS))


def report(costs: list[Cost]) -> str:
    """Return the page for benchmarks/results."""
    lines = [HEAD]
    for cost in costs:
        values = list(asdict(cost).values())
        lines.append("| " + " | ".join(str(value) for value in values) + " |")
    return "\n".join(lines) + "\n"


def main() -> int:
    """Measure, print, write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print JSON, write nothing")
    parser.add_argument("--content", default="", help="another content folder")
    options = parser.parse_args()
    if options.content:
        os.environ["HAKI_CONTENT_DIR"] = options.content
    costs = measure()
    if options.json:
        print(json.dumps([asdict(cost) for cost in costs], indent=2))
    else:
        RESULT.write_text(report(costs), encoding="utf-8")
        print(report(costs))
    return int(any(cost.over_target for cost in costs))


if __name__ == "__main__":
    sys.exit(main())
