"""Whether words may go now: the reasons in their order, and the night."""

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta, timezone

import pytest

from console.handover.gates import look
from console.models import Case, Urgency

# 2 o'clock at night in Kuala Lumpur, 6 in the afternoon in UTC.
NIGHT = datetime(2026, 11, 23, 18, 0, tzinfo=timezone.utc)
MORNING = datetime(2026, 11, 23, 23, 0, tzinfo=timezone.utc)


@dataclass(frozen=True)
class Someone:
    country: str = "MYS"
    opted_out_at: datetime | None = None
    unreachable_at: datetime | None = None
    last_inbound_at: datetime = NIGHT - timedelta(hours=9)


@dataclass(frozen=True)
class Plan:
    hours_from: time | None = None
    hours_until: time | None = None
    zone: str = "Asia/Kuala_Lumpur"
    neutral_first: bool = False
    hidden_since: datetime | None = None


def test_by_night_a_reply_waits_until_seven() -> None:
    gate = look(Someone(), None, Case(), NIGHT)

    assert (gate.reason, gate.until) == ("quiet_hours", MORNING)
    assert look(Someone(), None, Case(), MORNING).reason == ""


@pytest.mark.parametrize(
    ("person", "case"),
    [
        (Someone(), Case(urgency=Urgency.DANGER)),
        (Someone(last_inbound_at=NIGHT - timedelta(minutes=5)), Case()),
        (Someone(country=""), Case()),
    ],
)
def test_the_night_does_not_count_in_danger_or_while_they_write(
    person: Someone, case: Case
) -> None:
    assert look(person, None, case, NIGHT).reason == ""


def test_hours_that_they_named_take_the_place_of_the_night() -> None:
    plan = Plan(time(1, 0), time(4, 0))

    assert look(Someone(), plan, Case(), NIGHT).reason == ""
    assert look(Someone(), plan, Case(), MORNING).reason == "safe_hours"
    danger = Case(urgency=Urgency.DANGER)
    assert look(Someone(), plan, danger, MORNING).reason == "safe_hours"


def test_the_strongest_reason_is_told() -> None:
    plan = Plan(time(1, 0), time(4, 0), neutral_first=True, hidden_since=NIGHT)
    person = replace(Someone(), opted_out_at=NIGHT)

    withdrawn = Case(withdrawn_at=NIGHT)
    assert look(person, plan, withdrawn, MORNING).reason == "withdrawn"
    assert look(person, plan, Case(), MORNING).reason == "opted_out"
    assert look(Someone(), plan, Case(), MORNING).reason == "hidden"
    seen = replace(plan, hidden_since=None)
    assert look(Someone(), seen, Case(), MORNING).reason == "safe_hours"
    assert look(Someone(), seen, Case(), NIGHT).reason == "neutral_first"
