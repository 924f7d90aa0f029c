"""What a person asked: the topics it may be about, and a second question in the same message."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from actions.shelf import library
from actions.turn import Second, Turn
from bot.understanding.cards import LEAST_TOPIC

# A second topic at least this likely is a second question of the message. Below it, a grave topic
# does not go before a likelier one.
SECOND_TOPIC = 0.25
GRAVE = ("violence", "trafficking")


@dataclass(frozen=True)
class Question:
    """A question on `topic`, '' in `words` if it was picked from a menu. `shares` says how likely
    each topic is; they add up to about 1."""

    topic: str
    words: str = ""
    shares: Mapping[str, float] = field(default_factory=dict)
    second: Second | None = None

    @property
    def topics(self) -> str | Mapping[str, float]:
        """The topics for a look-up: the chosen one counts at least as much as any other."""
        if not self.shares:
            return self.topic
        return {**self.shares, self.topic: max(self.shares.values())}

    @property
    def main_words(self) -> str:
        """The words without those of a second question that gets an answer of its own."""
        return self.second.rest_of(self.words) if self.apart and self.second else self.words

    @property
    def apart(self) -> bool:
        """Whether the second question surely wants an answer of its own."""
        return self.second is not None and self.second.apart and self.second.topic != self.topic

    @property
    def also(self) -> list[str]:
        """The topics of second questions."""
        if self.second is not None and self.second.topic != self.topic:
            return [self.second.topic]
        likely = (name for name, share in self.shares.items() if share >= SECOND_TOPIC)
        return [name for name in likely if name != self.topic]

    def kept(self) -> dict[str, Any]:
        """What to remember of it, to answer again when the place is known: topics and numbers, no
        words."""
        return {
            "shares": {name: round(share, 3) for name, share in self.shares.items()},
            "second": asdict(self.second) if self.second else None,
        }


def asked_in(turn: Turn) -> Question:
    """Return the question in the words of `turn`; its topic is '' when there is none."""
    return Question(main_topic(turn), turn.text, likely_topics(turn), turn.second)


def taken_up(topic: str, words: str, kept: Mapping[str, Any] | None) -> Question:
    """Return the question asked before, from its words and what was `kept` of it."""
    if not words or not kept:
        return Question(topic, words)
    told = kept.get("second")
    second = Second(**told) if told and int(told["end"]) <= len(words) else None
    return Question(topic, words, dict(kept.get("shares") or {}), second)


def main_topic(turn: Turn) -> str:
    """Return the topic to answer first: the likeliest, or a graver one that is nearly as likely."""
    shares = likely_topics(turn)
    if turn.intent in shares:
        shares[turn.intent] = max(shares.values())
    graver = [name for name in GRAVE if shares.get(name, 0.0) >= SECOND_TOPIC]
    return graver[0] if graver else max(shares, key=lambda name: shares[name], default="")


def likely_topics(turn: Turn) -> dict[str, float]:
    """Return the topics that the words of `turn` may be about; their shares add up to about 1."""
    known = library().topics
    shares = {name: share for name, share in turn.ranking if name in known}
    total = sum(shares.values()) or 1.0
    return {n: s / total for n, s in shares.items() if s / total >= LEAST_TOPIC}
