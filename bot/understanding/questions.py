"""The second question of a message: "can I join a union and also they keep my passport"."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.understanding.classifier import Scores
from bot.understanding.clauses import Clause
from bot.understanding.topics import TOPICS

# How sure a clause must be of another topic than the message's, and another clause of that one.
# On messages put together from two of the test set both are found so; of those about one matter,
# one in ten names another by the way (docs/decisions/0010-understanding.md). Less is enough where
# words say that something else follows.
_SURE_OF_SECOND = 0.5
_SURE_OF_FIRST = 0.2
_SURE_APART = 0.27
# What share of the topics a second question has at least.
SHARE = 0.3


@dataclass(frozen=True)
class Second:
    """A second question: its topic and where it stands in the message.

    `apart`: words say that it is one of its own, so that it wants an answer and not only an offer.
    """

    topic: str
    start: int
    end: int
    apart: bool


def second_question(topic: str, parts: Sequence[tuple[Clause, Scores]]) -> Second | None:
    """Return what else the clauses of a message about `topic` ask, or None."""
    if not any(dict(scores.intents).get(topic, 0.0) >= _SURE_OF_FIRST for _, scores in parts):
        return None
    best: Second | None = None
    most = 0.0
    for number, (clause, scores) in enumerate(parts):
        name, sure = scores.intents[0]
        apart = clause.apart or (number + 1 < len(parts) and parts[number + 1][0].apart)
        least = _SURE_APART if apart else _SURE_OF_SECOND
        if name in TOPICS and name != topic and sure >= max(least, most):
            best, most = Second(name, clause.start, clause.end, apart), sure
    return best
