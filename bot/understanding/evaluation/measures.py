"""Figures from pairs of what was meant and what was understood."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.understanding.cards import Ranked, countries
from bot.understanding.evaluation.labelled import Case
from bot.understanding.reader import ASK, Understanding
from bot.understanding.reserved import match

OUT = "out_of_scope"
_REFUSED = 0.05  # share of in-scope messages that may be refused when out-of-scope recall is read
_BINS = 10
_LEAST_WORDS = 3  # language is judged on messages of this many words or more


@dataclass(frozen=True)
class Judged:
    """One case with what was understood and which cards were ranked."""

    case: Case
    meant: Understanding
    cards: Sequence[Ranked]


def measures(judged: Sequence[Judged]) -> dict[str, float | None]:
    """Return every figure for `judged`, each a share between 0 and 1; None where nothing was
    asked."""
    asked = [item for item in judged if item.case.act == ASK and item.case.topics]
    scored = [item for item in asked if item.case.cards]
    danger = [item for item in judged if item.case.danger]
    calm = [item for item in judged if not item.case.danger]
    long = [item for item in judged if _words(item.case) >= _LEAST_WORDS]
    return {
        "messages": float(len(judged)),
        "topic_macro_f1": _macro_f1(asked),
        "topic_top1": _share(_rank_of_topic(item) == 1 for item in asked),
        "topic_top3": _share(0 < _rank_of_topic(item) <= 3 for item in asked),
        "card_top1": _share(_rank_of_card(item) == 1 for item in scored),
        "card_top3": _share(0 < _rank_of_card(item) <= 3 for item in scored),
        "act": _share(item.case.act == item.meant.act for item in judged),
        "danger_recall": _share(item.meant.danger is not None for item in danger),
        "danger_false_alarms": _share(item.meant.danger is not None for item in calm),
        "out_of_scope_recall": _out_of_scope_recall(judged),
        "calibration_error": _calibration_error(asked),
        "language": _share(item.case.language == item.meant.language for item in long),
        "country": _share(_country(item) == item.case.country for item in judged),
        "country_named": _share(
            _country(item) == item.case.country for item in judged if item.case.country
        ),
        "stage": _share(item.meant.stage == item.case.stage for item in judged),
        "stage_told": _share(
            item.meant.stage == item.case.stage for item in judged if item.case.stage
        ),
    }


def confusions(judged: Sequence[Judged], most: int = 15) -> list[tuple[str, str, int]]:
    """The commonest mistakes: what was meant, what was understood, how often."""
    wrong = Counter(
        (_meant_label(item), _understood_label(item))
        for item in judged
        if _understood_label(item) not in (_meant_label(item), *item.case.topics)
    )
    return [(right, got, number) for (right, got), number in wrong.most_common(most)]


def _meant_label(item: Judged) -> str:
    return item.case.topics[0] if item.case.act == ASK and item.case.topics else item.case.act


def _understood_label(item: Judged) -> str:
    return item.meant.topics[0][0] if item.meant.act == ASK else item.meant.act


def _share(truths: object) -> float | None:
    values = list(truths)  # type: ignore[call-overload]
    return sum(map(bool, values)) / len(values) if values else None


def _words(case: Case) -> int:
    han = sum(1 for c in case.text if "\u3400" <= c <= "\u9fff")
    return han // 2 if han else len(case.text.split())


def _rank_of_topic(item: Judged) -> int:
    ranked = [name for name, _ in item.meant.topics]
    return min(ranked.index(topic) + 1 for topic in item.case.topics if topic in ranked)


def _rank_of_card(item: Judged) -> int:
    ranked = [found.card for found in item.cards]
    return min((ranked.index(card) + 1 for card in item.case.cards if card in ranked), default=0)


def _country(item: Judged) -> str | None:
    here, origin = countries(item.meant, type(item.case.known)())
    return here or origin


def _macro_f1(asked: Sequence[Judged]) -> float | None:
    """F1 of each topic that occurs, averaged; an acceptable first topic counts as the best one."""
    if not asked:
        return None
    right: Counter[str] = Counter()
    meant: Counter[str] = Counter()
    given: Counter[str] = Counter()
    for item in asked:
        first = item.meant.topics[0][0]
        truth = first if first in item.case.topics else item.case.topics[0]
        meant[truth] += 1
        given[first] += 1
        right[truth] += first == truth
    return sum(2 * right[t] / (meant[t] + given[t]) for t in meant) / len(meant)


def _out_of_scope_recall(judged: Sequence[Judged]) -> float | None:
    """Recall where the threshold on "out of scope" refuses 5 % of in-scope messages; reserved
    words are in scope by table."""
    inside = sorted((_outness(item) for item in judged if item.case.act != OUT), reverse=True)
    outside = [_outness(item) for item in judged if item.case.act == OUT]
    if not inside or not outside:
        return None
    threshold = inside[min(int(_REFUSED * len(inside)), len(inside) - 1)]
    return sum(score > threshold for score in outside) / len(outside)


def _outness(item: Judged) -> float:
    if match(item.case.text) is not None:
        return 0.0
    return dict(item.meant.intents).get(OUT, 0.0)


def _calibration_error(asked: Sequence[Judged]) -> float | None:
    """Expected calibration error of the first topic's confidence, ten equal bins."""
    if not asked:
        return None
    bins: Mapping[int, list[tuple[float, bool]]] = {i: [] for i in range(_BINS)}
    for item in asked:
        first, confidence = item.meant.topics[0]
        number = min(int(confidence * _BINS), _BINS - 1)
        bins[number].append((confidence, first in item.case.topics))
    gaps = (
        abs(sum(c for c, _ in rows) / len(rows) - sum(ok for _, ok in rows) / len(rows)) * len(rows)
        for rows in bins.values()
        if rows
    )
    return sum(gaps) / len(asked)
