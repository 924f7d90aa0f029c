"""Is someone in danger now?"""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.understanding.classifier import SAFE

KINDS = ("violence", "captivity", "trafficking", "arrest", "medical", "self_harm", "missing_child")
_THRESHOLD = 0.5


@dataclass(frozen=True)
class Danger:
    """Danger that a message tells of. `rule` names the rule that fired or "classifier"; `score` is the
    classifier's probability of danger, 0 to 1."""

    kind: str
    rule: str
    score: float


def detect(text: str, language: str, scores: Sequence[tuple[str, float]]) -> Danger | None:
    """Return the danger that `text` tells of, or None."""
    likely = 1.0 - dict(scores).get(SAFE, 0.0)
    kind = next(name for name, _ in scores if name != SAFE)
    if likely >= _THRESHOLD:
        return Danger(kind, "classifier", likely)
    return None
