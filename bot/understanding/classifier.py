"""What a message is about, whether someone is in danger, and the stage it tells, from its features.

One model scores everything that a message may be: its intent (topics and acts), whether someone is
in danger now and in which, and which stage of the journey it tells. What the lists of danger say is
added to the score of danger with a small fixed weight: written beside the training messages, they
fit those better than any others, so a model that learnt their weight would trust them too much.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import load_file, save_file
from scipy.sparse import csr_matrix

from bot.understanding.calibration import (
    probability,
    shares,
    slope_and_offset,
    temperature_for,
)
from bot.understanding.encoder import Vectors
from bot.understanding.kernel import Floats, KernelRidge, fit
from bot.understanding.stages import STAGES
from bot.understanding.topics import TOPICS

SAFE = "none"
"""Class of the danger model for messages in which nobody is in danger now."""

_SECOND_TOPIC = 0.3  # share of a message's label that goes to its `also` topics
# How far rare intents are lifted (0 not, 1 fully), and how much more a message of danger counts.
_BALANCE = 0.5
_DANGER_WEIGHT = 3.0
# What speaks for an act (thanks, a greeting, something else entirely) speaks against danger.
_ACT_AGAINST = 0.1
# Every fifth run of this many messages, which often have one author, measures the confidences.
_RUN, _HELD_OUT = 20, 5


@dataclass(frozen=True)
class Example:
    """A training message's labels."""

    intent: str
    also: tuple[str, ...] = ()
    danger: str = SAFE
    stage: str = ""


@dataclass(frozen=True)
class Scores:
    """What the models say of one message: probabilities by label, highest first. Of stages, which
    exclude nothing, only how much the message is like those that tell them (about 0 to 1)."""

    intents: tuple[tuple[str, float], ...]
    danger: tuple[tuple[str, float], ...]
    stages: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class IntentModel:
    """The fitted model; its columns are `intents`, `kinds` of danger, danger at all, and the
    stages."""

    model: KernelRidge
    intents: tuple[str, ...]
    kinds: tuple[str, ...]
    temperature: float
    alarm: tuple[float, float]
    """Slope and offset by which the score of danger becomes a probability."""

    @classmethod
    def fit(
        cls,
        vectors: Vectors,
        ngrams: csr_matrix,
        support: Callable[[Sequence[int]], Floats],
        examples: Sequence[Example],
    ) -> "IntentModel":
        """Learn from sentence vectors and n-grams (one row per example). `support` gives the
        `danger.support` of the examples with some numbers: of those that measure confidences."""
        order, first = _held_out_last(len(examples))
        examples = [examples[i] for i in order]
        intents, kinds, targets = _targets(examples)
        importance = _importance(targets[:, : len(intents)], targets[:, -1])
        told = np.array([[one.stage == name for name in STAGES] for one in examples], np.float32)
        model, trial = fit(
            vectors[order], ngrams[order], np.hstack([targets, told]), importance, first
        )
        scores, known = trial.scores[:, : -len(STAGES)], targets[trial.first :]
        temperature = temperature_for(scores[:, : len(intents)], known[:, : len(intents)])
        given = shares(scores[:, : len(intents)], temperature)
        alarm = _alarm(scores[:, len(intents) :], support(order[trial.first :]), intents, given)
        return cls(model, intents, kinds, temperature, slope_and_offset(alarm, known[:, -1] > 0))

    def score(self, vectors: Vectors, ngrams: csr_matrix, support: Floats) -> list[Scores]:
        """Return the ranked labels of each row; `support` is `danger.support`."""
        everything = self.model.scores(vectors, ngrams)
        scores, told = everything[:, : -len(STAGES)], everything[:, -len(STAGES) :]
        intents = shares(scores[:, : len(self.intents)], self.temperature)
        kinds = shares(scores[:, len(self.intents) : -1], self.temperature)
        alarm = _alarm(scores[:, len(self.intents) :], support, self.intents, intents)
        alarm = probability(alarm, *self.alarm)
        danger = np.hstack([1 - alarm[:, None], kinds * alarm[:, None]])
        labels = (SAFE, *self.kinds)
        return [
            Scores(_ranked(self.intents, a), _ranked(labels, b), _ranked(STAGES, c))
            for a, b, c in zip(intents, danger, told, strict=True)
        ]

    def save(self, folder: Path) -> None:
        """Write `intents.json` and `intents.safetensors` into `folder`.

        The two large tables are kept in half precision: they say the same in half the space.
        """
        told = {
            "intents": self.intents,
            "kinds": self.kinds,
            "temperature": self.temperature,
            "alarm": self.alarm,
        }
        (folder / "intents.json").write_text(json.dumps(told), "utf-8")
        tensors: dict[str, np.ndarray[Any, Any]] = {
            "vectors": self.model.vectors.astype(np.float16),
            "pulls": self.model.pulls,
            "weights": self.model.weights.astype(np.float16),
            "means": self.model.means,
        }
        save_file(tensors, str(folder / "intents.safetensors"))

    @classmethod
    def load(cls, folder: Path) -> "IntentModel":
        """Read what :meth:`save` wrote."""
        told = json.loads((folder / "intents.json").read_text("utf-8"))
        stored = load_file(str(folder / "intents.safetensors"))
        tensors = {name: tensor.astype(np.float32) for name, tensor in stored.items()}
        slope, offset = told["alarm"]
        return cls(
            KernelRidge(**tensors),
            tuple(told["intents"]),
            tuple(told["kinds"]),
            told["temperature"],
            (slope, offset),
        )


def _alarm(danger: Floats, support: Floats, names: Sequence[str], intents: Floats) -> Floats:
    """The score of danger with what the lists and the intents' probabilities add to it.

    `danger` has a column a kind and one of danger at all. The most likely kind counts as much as
    danger at all: what is a little like several kinds is seldom any (docs/decisions/0010).
    """
    acts = np.array([name not in TOPICS for name in names])
    against = np.float32(_ACT_AGAINST) * intents[:, acts].sum(axis=1)
    score = danger[:, -1] + danger[:, :-1].max(axis=1, initial=0.0)
    return np.asarray(score + support - against, dtype=np.float32)


def _held_out_last(count: int) -> tuple[list[int], int]:
    """All rows, those that measure confidences last, and where these begin."""
    held = [i for i in range(count) if (i // _RUN) % _HELD_OUT == _HELD_OUT - 1]
    kept = [i for i in range(count) if (i // _RUN) % _HELD_OUT != _HELD_OUT - 1]
    return [*kept, *held], len(kept)


def _targets(examples: Sequence[Example]) -> tuple[tuple[str, ...], tuple[str, ...], Floats]:
    """Intents, kinds of danger, and a row per example: 1 where a label holds. A message with a
    second topic is shared out."""
    intents = sorted({name for one in examples for name in (one.intent, *one.also)})
    kinds = sorted({one.danger for one in examples} - {SAFE})
    column = {name: number for number, name in enumerate(intents)}
    targets = np.zeros((len(examples), len(intents) + len(kinds) + 1), dtype=np.float32)
    for row, one in enumerate(examples):
        share = _SECOND_TOPIC / len(one.also) if one.also else 0.0
        targets[row, column[one.intent]] += 1 - share * len(one.also)
        for name in one.also:
            targets[row, column[name]] += share
        if one.danger != SAFE:
            targets[row, len(intents) + kinds.index(one.danger)] = 1
            targets[row, -1] = 1
    return tuple(intents), tuple(kinds), targets


def _importance(intents: Floats, danger: Floats) -> Floats:
    """How much each message counts: rare intents and danger for more than their number."""
    mass = intents.sum(axis=0)
    lift = (mass.mean() / np.maximum(mass, 1e-6)) ** _BALANCE
    return np.asarray(intents @ lift * (1 + (_DANGER_WEIGHT - 1) * danger), dtype=np.float32)


def _ranked(labels: Sequence[str], given: Floats) -> tuple[tuple[str, float], ...]:
    return tuple((labels[i], float(given[i])) for i in np.argsort(-given, kind="stable"))
