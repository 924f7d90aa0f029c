"""Percentiles and the few other sums of the speed benchmarks."""

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Spread:
    """How values lie: percentiles by the nearest-rank method, in the unit of the values."""

    count: int
    p50: float
    p95: float
    p99: float


def percentile(values: Sequence[float], percent: float) -> float:
    """Return the nearest-rank percentile: the smallest value with `percent` of all at or below it.

    Raises ValueError for no values, or for a `percent` outside of 0 < percent <= 100.
    """
    if not values:
        raise ValueError("no values")
    if not 0 < percent <= 100:
        raise ValueError(f"{percent} is not a percentage above 0")
    return sorted(values)[math.ceil(len(values) * percent / 100) - 1]


def spread(values: Sequence[float]) -> Spread:
    """Return count and percentiles. Raises ValueError for no values."""
    return Spread(
        len(values), percentile(values, 50), percentile(values, 95), percentile(values, 99)
    )
