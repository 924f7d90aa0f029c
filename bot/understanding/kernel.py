"""Kernel ridge regression: every training message speaks for its labels, the more so the more a new
one is like it.

Two messages are alike in meaning (how near their sentence vectors are, made steeper by an
exponential) and in spelling (n-grams in common); the two likenesses are added. On held-out messages
this is far better than a linear model on the same features, docs/decisions/0010-understanding.md.
The part that comes from spelling folds into one weight a feature; for the part from meaning the
training messages' vectors are kept.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from bot.cores import cores
from bot.understanding.ridge import solve

Floats = npt.NDArray[np.float32]

# How fast likeness in meaning falls with the angle, and the noise that one message is supposed to
# have: chosen on held-out authors (docs/decisions/0010-understanding.md).
_STEEPNESS = 3.0
_NOISE = 0.4
_BLOCK = 1024


@dataclass(frozen=True)
class KernelRidge:
    """A fitted model: a score for each of `means`' columns, about 1 where the label holds and 0
    where not."""

    vectors: Floats
    """Sentence vectors of the training messages, a row each."""
    pulls: Floats
    """How much each training message speaks for each label."""
    weights: Floats
    """The same for each n-gram."""
    means: Floats
    """How often each label holds: the score of a message like no other."""

    def scores(self, vectors: Floats, ngrams: csr_matrix) -> Floats:
        """One row of scores per message."""
        out = _likeness(vectors, self.vectors) @ self.pulls + self.means
        out += np.asarray(ngrams @ self.weights, dtype=np.float32)
        return np.asarray(out, dtype=np.float32)


@dataclass(frozen=True)
class Trial:
    """What a model learnt from the rows before `first` says of the rows from there on."""

    first: int
    scores: Floats


def fit(
    vectors: Floats, ngrams: csr_matrix, targets: Floats, importance: Floats, first_held_out: int
) -> tuple[KernelRidge, Trial]:
    """Learn `targets` (a row per message, a column per label) weighed by `importance`.

    Memory: four bytes for each pair of messages, 2.9 GB for 27,000. The trial on the rows from
    `first_held_out` is learnt beside the model, from the same likenesses. Raises
    ridge.NotSolvedError.
    """
    likeness = _pairs(vectors, ngrams)
    means = np.average(targets, axis=0, weights=importance).astype(np.float32)
    pulls = solve(likeness, np.float32(_NOISE) / importance, targets - means, first_held_out)
    learnt, held = slice(first_held_out), slice(first_held_out, None)
    scores = likeness[held, learnt] @ pulls.of_first[learnt] + means
    weights = np.ascontiguousarray(ngrams.T @ pulls.of_all, dtype=np.float32)
    model = KernelRidge(
        np.ascontiguousarray(vectors), np.ascontiguousarray(pulls.of_all), weights, means
    )
    return model, Trial(first_held_out, np.asarray(scores, dtype=np.float32))


def _likeness(some: Floats, others: Floats) -> Floats:
    cosines = some @ others.T
    return np.asarray(np.exp(np.float32(_STEEPNESS) * (cosines - 1)), dtype=np.float32)


def _pairs(vectors: Floats, ngrams: csr_matrix) -> Floats:
    """Likeness of all pairs."""
    count = len(vectors)
    pairs = np.empty((count, count), dtype=np.float32)

    def fill(start: int) -> None:
        end = min(start + _BLOCK, count)
        spelled = (ngrams[start:end] @ ngrams[start:].T).toarray()
        block = _likeness(vectors[start:end], vectors[start:]) + spelled
        pairs[start:end, start:] = block
        pairs[start:, start:end] = block.T

    with ThreadPoolExecutor(cores()) as pool:
        for _ in pool.map(fill, range(0, count, _BLOCK)):
            pass
    return pairs
