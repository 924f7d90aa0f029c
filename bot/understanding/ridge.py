"""The equations of kernel ridge regression, solved for many labels at once.

Factoring the whole matrix takes time cubic in the number of messages; conjugate gradients take a
few products with it. They are fast because a part of the matrix, its columns at some messages
drawn by lot, already says most of what the whole says: with it the equations are put almost into
the identity first (Nyström preconditioning: Frangella, Tropp, Udell, "Randomized Nyström
Preconditioning", SIAM J. Matrix Anal. Appl. 44, 2023). SciPy's `cg` solves one label at a time,
which reads the matrix anew for each.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.linalg import cho_factor, cho_solve, solve_triangular

Floats = npt.NDArray[np.float32]

_LANDMARKS = 2000
_LOT = 20  # the seed: the same messages give the same model
# Mistake that may remain, as a share of the right-hand side's length: the scores then differ by
# less than 0.002 on average from those of an exact solution.
_TOLERANCE = 0.02
_MOST_STEPS = 200
_JITTER = 1e-3  # of the mean of the diagonal: two messages may be the same


class NotSolvedError(ArithmeticError):
    """The steps did not come near a solution: the likenesses are no kernel, or not finite."""


@dataclass(frozen=True)
class Pulls:
    """How much each row speaks for each label: learnt from all rows, and from the first alone
    (zeros for the others)."""

    of_all: Floats
    of_first: Floats


def solve(likeness: Floats, noise: Floats, targets: Floats, first: int) -> Pulls:
    """Solve (likeness + diag(noise)) pulls = targets, for all rows and for the rows before `first`.

    `likeness` is symmetric and positive semidefinite (n x n), `noise` positive (n), `targets` has a
    column a label (n x labels). Raises NotSolvedError.
    """
    scale = (1 / np.sqrt(noise)).astype(np.float32)
    early = scale.copy()
    early[first:] = 0  # a row with no scale leaves the equations of the others alone
    labels = targets.shape[1]
    scales: Floats = np.hstack([np.repeat(s[:, None], labels, axis=1) for s in (scale, early)])
    nearly = _Nearly.of(likeness, scale, first)
    right: Floats = scales * np.hstack([targets, targets])
    lengths = np.maximum(np.linalg.norm(right, axis=0), 1e-12)

    found = np.zeros_like(right)
    rest = right
    ready = nearly.inverse(rest)
    direction, agreement = ready, _dots(rest, ready)
    for _ in range(_MOST_STEPS):
        if float((np.linalg.norm(rest, axis=0) / lengths).max()) < _TOLERANCE:
            return Pulls(*np.hsplit(scales * found, 2))
        image = direction + scales * (likeness @ (scales * direction))
        step = agreement / np.maximum(_dots(direction, image), 1e-20)
        found = found + step * direction
        rest = rest - step * image
        ready = nearly.inverse(rest)
        before, agreement = agreement, _dots(rest, ready)
        direction = ready + agreement / np.maximum(before, 1e-20) * direction
    raise NotSolvedError(f"no solution of {len(likeness)} equations in {_MOST_STEPS} steps")


@dataclass(frozen=True)
class _Nearly:
    """The scaled equations as a few columns of them show them: identity plus part times its
    transpose, for all rows (left half of what `inverse` gets) and the first (right half)."""

    part: Floats
    first: int
    core: tuple[Floats, bool]
    first_core: tuple[Floats, bool]

    @classmethod
    def of(cls, likeness: Floats, scale: Floats, first: int) -> "_Nearly":
        lot = np.random.default_rng(_LOT)
        rows = np.sort(lot.choice(first, min(first, _LANDMARKS), replace=False))
        among = likeness[np.ix_(rows, rows)].astype(np.float64)
        among[np.diag_indices(len(rows))] += _JITTER * float(np.trace(among)) / len(rows)
        columns = likeness[:, rows]
        if not np.isfinite(columns).all():
            raise NotSolvedError("a likeness is not finite")
        try:
            root = np.linalg.cholesky(among).astype(np.float32)
        except np.linalg.LinAlgError as error:
            raise NotSolvedError("the likenesses are no kernel") from error
        part = solve_triangular(root, columns.T, lower=True, check_finite=False).T
        part = np.ascontiguousarray(part * scale[:, None])
        held = part[first:]
        core = part.T @ part
        core[np.diag_indices(len(rows))] += 1
        return cls(part, first, cho_factor(core), cho_factor(core - held.T @ held))

    def inverse(self, rest: Floats) -> Floats:
        whole, early = np.hsplit(rest, 2)
        inner = cho_solve(self.core, self.part.T @ whole, check_finite=False)
        kept = self.part[: self.first]
        first_inner = cho_solve(self.first_core, kept.T @ early[: self.first], check_finite=False)
        early = early.copy()
        early[: self.first] -= kept @ first_inner
        return np.hstack([whole - self.part @ inner, early])


def _dots(some: Floats, others: Floats) -> Floats:
    return np.asarray(np.einsum("ij,ij->j", some, others), dtype=np.float32)
