"""Turning scores into confidences that come true, measured on messages held out from learning."""

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize, minimize_scalar

Floats = npt.NDArray[np.float32]


def shares(scores: Floats, temperature: float) -> Floats:
    """The scores of each row as probabilities that add up to 1 (Guo et al., 2017)."""
    scaled = scores / np.float32(temperature)
    powers = np.exp(scaled - scaled.max(axis=1, keepdims=True, initial=-np.inf))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), dtype=np.float32)


def temperature_for(scores: Floats, truth: Floats) -> float:
    """The temperature at which :func:`shares` give most to what holds in `truth` (a row of
    labels each, above 0 where one holds): a message about two things is about either."""
    if not len(scores):
        return 1.0
    holds = truth > 0

    def loss(log_temperature: float) -> float:
        given = shares(scores, float(np.exp(log_temperature)))
        return -float(np.log(np.maximum((given * holds).sum(axis=1), 1e-12)).sum())

    return float(np.exp(minimize_scalar(loss, bounds=(-5.0, 2.5), method="bounded").x))


def probability(scores: Floats, slope: float, offset: float) -> Floats:
    """Each score as the probability of yes (Platt, 1999)."""
    return np.asarray(1 / (1 + np.exp(-(slope * scores + offset))), dtype=np.float32)


def slope_and_offset(scores: Floats, truth: npt.NDArray[np.bool_]) -> tuple[float, float]:
    """The slope and offset at which :func:`probability` fits `truth` best; both answers must
    occur, else a steep slope that divides at one half."""
    if truth.all() or not truth.any():
        return 10.0, -5.0
    right = truth.astype(np.float64)

    def loss(at: npt.NDArray[np.float64]) -> float:
        logits = at[0] * scores.astype(np.float64) + at[1]
        return float((np.logaddexp(0, logits) - right * logits).sum() + 0.01 * at[0] ** 2)

    found = minimize(loss, np.array([5.0, -2.5]), method="L-BFGS-B").x
    return float(found[0]), float(found[1])
