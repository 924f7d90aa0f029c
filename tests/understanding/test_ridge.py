"""The equations of kernel ridge regression, solved step by step."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.understanding import ridge
from bot.understanding.ridge import NotSolvedError, solve

FIRST = 320


def _likeness(rows: int, seed: int) -> ridge.Floats:
    points = np.random.default_rng(seed).normal(size=(rows, 24))
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    return np.asarray(np.exp(3 * (points @ points.T - 1)), dtype=np.float32)


def _mistake(
    matrix: ridge.Floats, found: ridge.Floats, targets: ridge.Floats, noise: ridge.Floats
) -> float:
    """The worst label's mistake, as a share of what was to be met."""
    weights = 1 / np.sqrt(noise)[:, None]
    left = np.linalg.norm(weights * (matrix @ found - targets), axis=0)
    return float((left / np.linalg.norm(weights * targets, axis=0)).max())


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 1000), landmarks=st.sampled_from([20, 200, 4000]))
def test_the_solution_is_that_of_the_equations(seed: int, landmarks: int) -> None:
    random = np.random.default_rng(seed)
    likeness = _likeness(400, seed)
    noise = random.uniform(0.05, 2, 400).astype(np.float32)
    targets = random.normal(size=(400, 3)).astype(np.float32)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ridge, "_LANDMARKS", landmarks)
        pulls = solve(likeness, noise, targets, FIRST)

    whole = likeness + np.diag(noise)
    assert _mistake(whole, pulls.of_all, targets, noise) < 0.021
    early = slice(FIRST)
    assert (
        _mistake(whole[early, early], pulls.of_first[early], targets[early], noise[early]) < 0.021
    )
    assert not pulls.of_first[FIRST:].any()


def test_messages_said_twice_and_labels_that_nobody_has_do_no_harm() -> None:
    likeness = np.tile(_likeness(50, 1), (2, 2))
    targets = np.zeros((100, 2), np.float32)
    targets[::7, 0] = 1
    pulls = solve(likeness, np.full(100, 0.4, np.float32), targets, 80)
    assert np.isfinite(pulls.of_all).all()
    assert not pulls.of_all[:, 1].any()


def test_what_is_no_kernel_is_refused_and_not_guessed() -> None:
    likeness = _likeness(60, 2)
    ones = np.ones(60, np.float32)
    with pytest.raises(NotSolvedError, match="no kernel"):
        solve(-likeness, ones, ones[:, None], 60)
    likeness[3, 5] = likeness[5, 3] = np.nan
    with pytest.raises(NotSolvedError, match="not finite"):
        solve(likeness, ones, ones[:, None], 60)
