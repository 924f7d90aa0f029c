"""What a message is about and whether someone is in danger, from its features.

One model ranks the intents (topics and acts); a second one, on the same features, says how
likely it is that someone is in danger now, and of which kind; it also sees what the lists of
danger say.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file, save_file
from scipy.sparse import csr_matrix
from sklearn.decomposition import TruncatedSVD

from bot.understanding.encoder import Vectors
from bot.understanding.softmax import Floats, Softmax, fit

SAFE = "none"
"""Class of the danger model for messages in which nobody is in danger now."""

# The n-grams (tens of thousands, sparse) are projected on their strongest directions, and weigh
# less than the sentence vector: docs/decisions/0010-understanding.md.
_DIRECTIONS = 256
_NGRAM_WEIGHT = 0.85
_SECOND_TOPIC = 0.3  # share of a message's weight that goes to its `also` topics


@dataclass(frozen=True)
class Example:
    """A training message's labels."""

    intent: str
    also: tuple[str, ...] = ()
    danger: str = SAFE


@dataclass(frozen=True)
class Scores:
    """What the models say of one message: probabilities by label, highest first."""

    intents: tuple[tuple[str, float], ...]
    danger: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class IntentModel:
    """The fitted models and the projection of the n-grams that they share."""

    directions: Floats
    intents: Softmax
    danger: Softmax

    @classmethod
    def fit(
        cls,
        vectors: Vectors,
        ngrams: csr_matrix,
        cues: Floats,
        examples: Sequence[Example],
    ) -> "IntentModel":
        """Learn from sentence vectors, n-grams and what the lists say (one row per example)."""
        directions = strongest(ngrams)
        features = join(vectors, ngrams, directions)
        rows, labels, weights = _spread(examples)
        alarms = [example.danger for example in examples]
        every = range(len(examples))
        return cls(
            directions,
            fit(features, rows, labels, weights),
            fit(np.hstack([features, cues]), every, alarms, [1.0] * len(alarms)),
        )

    def score(self, vectors: Vectors, ngrams: csr_matrix, cues: Floats) -> list[Scores]:
        """Return the ranked labels of each row; `cues` are `danger.indicators`."""
        features = join(vectors, ngrams, self.directions)
        intents = self.intents.probabilities(features)
        danger = self.danger.probabilities(np.hstack([features, cues]))
        return [
            Scores(_ranked(self.intents.labels, a), _ranked(self.danger.labels, b))
            for a, b in zip(intents, danger, strict=True)
        ]

    def save(self, folder: Path) -> None:
        """Write `intents.json` and `intents.safetensors` into `folder`."""
        told = {}
        tensors = {"directions": self.directions}
        for name, model in (("intents", self.intents), ("danger", self.danger)):
            told[name] = {"labels": model.labels, "temperature": model.temperature}
            tensors[f"{name}.weights"] = model.weights
            tensors[f"{name}.bias"] = model.bias
        (folder / "intents.json").write_text(json.dumps(told), "utf-8")
        save_file(tensors, str(folder / "intents.safetensors"))

    @classmethod
    def load(cls, folder: Path) -> "IntentModel":
        """Read what :meth:`save` wrote."""
        told = json.loads((folder / "intents.json").read_text("utf-8"))
        tensors = load_file(str(folder / "intents.safetensors"))

        def model(name: str) -> Softmax:
            return Softmax(
                tuple(told[name]["labels"]),
                tensors[f"{name}.weights"],
                tensors[f"{name}.bias"],
                told[name]["temperature"],
            )

        return cls(tensors["directions"], model("intents"), model("danger"))


def strongest(ngrams: csr_matrix) -> Floats:
    """The directions (columns) along which the messages' n-grams differ most."""
    size = min(_DIRECTIONS, min(ngrams.shape) - 1)
    found = TruncatedSVD(size, random_state=0, n_iter=3).fit(ngrams)
    return np.ascontiguousarray(found.components_.T, dtype=np.float32)


def join(vectors: Vectors, ngrams: csr_matrix, directions: Floats) -> Floats:
    """Sentence vectors and projected n-grams side by side, so that neither drowns the other."""
    projected = np.asarray(ngrams @ directions, dtype=np.float32)
    return np.hstack([vectors, np.float32(_NGRAM_WEIGHT) * projected])


def _ranked(labels: Sequence[str], shares: Floats) -> tuple[tuple[str, float], ...]:
    return tuple((labels[i], float(shares[i])) for i in np.argsort(-shares, kind="stable"))


def _spread(examples: Sequence[Example]) -> tuple[list[int], list[str], list[float]]:
    """A message with a second topic trains both, in proportion."""
    rows: list[int] = []
    labels: list[str] = []
    weights: list[float] = []
    for row, example in enumerate(examples):
        share = _SECOND_TOPIC / len(example.also) if example.also else 0.0
        main = 1.0 - share * len(example.also)
        for label, weight in ((example.intent, main), *((a, share) for a in example.also)):
            rows.append(row)
            labels.append(label)
            weights.append(weight)
    return rows, labels, weights
