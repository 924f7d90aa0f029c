"""Every test here gets its own running stand-in; the class fixture changes its account."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.simulator.stand_in import StandIn, running


@pytest.fixture
def stand_in_settings() -> dict[str, Any]:
    """Overridden by tests that need another account."""
    return {}


@pytest.fixture
def stand_in(stand_in_settings: dict[str, Any]) -> Iterator[StandIn]:
    """A stand-in on a free port."""
    with running(**stand_in_settings) as stand_in:
        yield stand_in
