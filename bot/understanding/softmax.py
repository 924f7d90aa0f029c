"""Multinomial logistic regression on dense features, with calibrated confidence.

scikit-learn's solver takes minutes on some ten thousand messages with 768 features and 40
classes; the same model with single-precision matrix products takes seconds.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize, minimize_scalar

Floats = npt.NDArray[np.float32]

# L2 penalty per unit of total example weight, and how far rare classes are lifted (0 not, 1 fully):
# chosen on held-out data, docs/decisions/0010-understanding.md.
_PENALTY = 5e-5
_BALANCE = 0.5
_ITERATIONS = 150
# Every fifth group of examples measures the temperature.
_HELD_OUT = 5


@dataclass(frozen=True)
class Softmax:
    """A fitted model: `labels`, one column of `weights` each, `bias`, and the `temperature` by
    which logits are divided so that confidences come true (Guo et al., 2017)."""

    labels: tuple[str, ...]
    weights: Floats
    bias: Floats
    temperature: float

    def probabilities(self, features: Floats) -> Floats:
        """One row of probabilities per row of `features`, in the order of `labels`."""
        return _shares((features @ self.weights + self.bias) / np.float32(self.temperature))


def fit(
    features: Floats,
    rows: Sequence[int],
    labels: Sequence[str],
    weights: Sequence[float],
) -> Softmax:
    """Fit labels[i] with weights[i] to features[rows[i]]; a row may carry several labels."""
    row, weight = np.asarray(rows), np.asarray(weights, dtype=np.float32)
    names, target = np.unique(np.asarray(labels), return_inverse=True)
    weight = weight * _lift(target, weight, len(names))
    seen = row % _HELD_OUT != 0
    trial = _solve(features[row[seen]], target[seen], weight[seen], len(names))
    logits = features[row[~seen]] @ trial[:-1] + trial[-1]
    temperature = _temperature(logits, target[~seen], weight[~seen])
    solved = _solve(features[row], target, weight, len(names))
    return Softmax(
        tuple(str(name) for name in names),
        np.ascontiguousarray(solved[:-1]),
        np.ascontiguousarray(solved[-1]),
        temperature,
    )


def _shares(logits: Floats) -> Floats:
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), dtype=np.float32)


def _lift(target: npt.NDArray[np.intp], weight: Floats, classes: int) -> Floats:
    """Weights that make rare classes count for more than their number."""
    mass = np.bincount(target, weights=weight, minlength=classes)
    return np.asarray((mass.mean() / mass[target]) ** _BALANCE, dtype=np.float32)


def _solve(features: Floats, target: npt.NDArray[np.intp], weight: Floats, classes: int) -> Floats:
    """Return weights and, in the last row, the bias."""
    count, size = features.shape
    inputs = np.hstack([features, np.ones((count, 1), np.float32)])
    share = (weight / weight.sum()).astype(np.float32)
    every = np.arange(count)

    def loss(flat: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        matrix = flat.reshape(size + 1, classes).astype(np.float32)
        shares = _shares(inputs @ matrix)
        cost = -(share * np.log(np.maximum(shares[every, target], 1e-12))).sum()
        shares[every, target] -= 1
        gradient = inputs.T @ (shares * share[:, None])
        held = matrix.copy()
        held[-1] = 0  # the bias is free
        total = float(cost) + 0.5 * _PENALTY * float((held * held).sum())
        return total, (gradient + _PENALTY * held).ravel().astype(np.float64)

    start = np.zeros((size + 1) * classes)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": _ITERATIONS})
    return np.asarray(found.x.reshape(size + 1, classes), dtype=np.float32)


def _temperature(logits: Floats, target: npt.NDArray[np.intp], weight: Floats) -> float:
    if not len(target):
        return 1.0
    every = np.arange(len(target))

    def loss(log_temperature: float) -> float:
        shares = _shares(logits / np.float32(np.exp(log_temperature)))
        return -float((weight * np.log(np.maximum(shares[every, target], 1e-12))).sum())

    return float(np.exp(minimize_scalar(loss, bounds=(-1.5, 2.5), method="bounded").x))
