import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.speed.figures import percentile, spread

values = st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=60)


@given(values, st.integers(1, 100))
def test_a_percentile_is_the_smallest_value_with_that_share_at_or_below(
    measured: list[float], percent: int
) -> None:
    found = percentile(measured, percent)

    assert found in measured
    assert sum(value <= found for value in measured) * 100 >= percent * len(measured)
    below = [value for value in measured if value < found]
    assert len(below) * 100 < percent * len(measured)


def test_percentiles_of_a_hundred_values_are_their_ranks() -> None:
    lies = spread([float(value) for value in range(100, 0, -1)])

    assert (lies.count, lies.p50, lies.p95, lies.p99) == (100, 50, 95, 99)


def test_no_values_and_no_percentage_are_refused() -> None:
    with pytest.raises(ValueError, match="no values"):
        percentile([], 50)
    with pytest.raises(ValueError, match="percentage"):
        percentile([1.0], 0)
