"""What a message is about, with calibrated confidence: logistic regression over its features.

One model ranks the intents (topics and acts); a second one, on the same features, says how likely it
is that someone is in danger now. Confidence is calibrated by a temperature measured on messages that
the model had not seen.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from safetensors.numpy import load_file, save_file
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression

from bot.understanding.encoder import Vectors

Floats = npt.NDArray[np.float32]
SAFE = "none"
"""Class of the danger model for messages in which nobody is in danger now."""

# Inverse regularisation and weight of the n-grams beside the sentence vector (unit length each),
# chosen on held-out data: docs/decisions/understanding-classifier.md
_C = 20.0
_NGRAM_WEIGHT = 1.0
_SECOND_TOPIC = 0.3  # share of a message's weight that goes to its `also` topics
_ITERATIONS = 150
_HELD_OUT = 5  # every fifth message measures the temperature


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
class _Linear:
    labels: tuple[str, ...]
    weights: Floats  # features x labels
    bias: Floats
    temperature: float

    def probabilities(self, features: csr_matrix) -> Floats:
        logits = (features @ self.weights + self.bias) / self.temperature
        logits -= logits.max(axis=1, keepdims=True)
        shares = np.exp(logits)
        return np.asarray(shares / shares.sum(axis=1, keepdims=True), dtype=np.float32)


def join(vectors: Vectors, ngrams: csr_matrix) -> csr_matrix:
    """Put sentence vectors and n-grams side by side so that neither drowns the other."""
    return csr_matrix(hstack([csr_matrix(vectors), ngrams * _NGRAM_WEIGHT]), dtype=np.float32)


@dataclass(frozen=True)
class IntentModel:
    """The two fitted models."""

    intents: _Linear
    danger: _Linear

    @classmethod
    def fit(cls, features: csr_matrix, examples: Sequence[Example]) -> "IntentModel":
        """Learn from `features` (one row per example)."""
        rows, labels, weights = _spread(examples)
        intents = _fit(features, rows, labels, weights)
        alarms = [e.danger for e in examples]
        every = list(range(len(examples)))
        danger = _fit(features, every, alarms, [1.0] * len(alarms))
        return cls(intents, danger)

    def score(self, features: csr_matrix) -> list[Scores]:
        """Return the ranked labels of each row."""
        intents = self.intents.probabilities(features)
        danger = self.danger.probabilities(features)
        return [
            Scores(_ranked(self.intents.labels, a), _ranked(self.danger.labels, b))
            for a, b in zip(intents, danger, strict=True)
        ]

    def save(self, folder: Path) -> None:
        """Write `intents.json` and `intents.safetensors` into `folder`."""
        told = {}
        tensors = {}
        for name, model in (("intents", self.intents), ("danger", self.danger)):
            told[name] = {"labels": model.labels, "temperature": model.temperature}
            tensors[f"{name}.weights"] = np.ascontiguousarray(model.weights)
            tensors[f"{name}.bias"] = np.ascontiguousarray(model.bias)
        (folder / "intents.json").write_text(json.dumps(told), "utf-8")
        save_file(tensors, str(folder / "intents.safetensors"))

    @classmethod
    def load(cls, folder: Path) -> "IntentModel":
        """Read what :meth:`save` wrote."""
        told = json.loads((folder / "intents.json").read_text("utf-8"))
        tensors = load_file(str(folder / "intents.safetensors"))

        def linear(name: str) -> _Linear:
            return _Linear(
                tuple(told[name]["labels"]),
                tensors[f"{name}.weights"],
                tensors[f"{name}.bias"],
                told[name]["temperature"],
            )

        return cls(linear("intents"), linear("danger"))


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


def _fit(
    features: csr_matrix, rows: Sequence[int], labels: Sequence[str], weights: Sequence[float]
) -> _Linear:
    row, label, weight = np.asarray(rows), np.asarray(labels), np.asarray(weights)
    seen = row % _HELD_OUT != 0
    trial = _regression().fit(features[row[seen]], label[seen], sample_weight=weight[seen])
    temperature = _temperature(trial, features[row[~seen]], label[~seen])
    model = _regression().fit(features[row], label, sample_weight=weight)
    coefficients, bias = model.coef_, model.intercept_
    if len(model.classes_) == 2:  # scikit-learn keeps one row for two classes
        coefficients = np.vstack([-coefficients, coefficients]) / 2
        bias = np.concatenate([-bias, bias]) / 2
    return _Linear(
        tuple(str(c) for c in model.classes_),
        coefficients.T.astype(np.float32),
        bias.astype(np.float32),
        temperature,
    )


def _regression() -> LogisticRegression:
    return LogisticRegression(C=_C, max_iter=_ITERATIONS, class_weight="balanced", tol=1e-3)


def _temperature(model: LogisticRegression, features: csr_matrix, labels: npt.NDArray[np.str_]) -> float:
    """The divisor of the logits that makes confidence true on unseen messages (Guo et al. 2017)."""
    known = np.isin(labels, model.classes_)
    if not known.any():
        return 1.0
    logits = model.decision_function(features[known])
    if logits.ndim == 1:
        logits = np.column_stack([-logits / 2, logits / 2])
    right = np.searchsorted(model.classes_, labels[known])

    def loss(log_temperature: float) -> float:
        scaled = logits / np.exp(log_temperature)
        scaled = scaled - scaled.max(axis=1, keepdims=True)
        shares = scaled - np.log(np.exp(scaled).sum(axis=1, keepdims=True))
        return float(-shares[np.arange(len(right)), right].mean())

    found = minimize_scalar(loss, bounds=(-1.5, 2.5), method="bounded")
    return float(np.exp(found.x))
