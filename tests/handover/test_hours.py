"""Hours by the clock on the wall, over midnight and over a change of the clocks."""

from datetime import datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.handover.hours import SafeHours, WrongHours, is_open, next_open
from bot.handover.zones import zone_of

MOMENTS = st.integers(1_735_689_600, 1_798_761_600).map(
    lambda second: datetime.fromtimestamp(second, timezone.utc)
)
CLOCKS = st.times().map(lambda t: t.replace(second=0, microsecond=0))
ZONES = st.sampled_from(["UTC", "Asia/Kathmandu", "Africa/Cairo", "America/Port-au-Prince"])


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=timezone.utc)


def test_hours_are_read_in_the_organisations_own_zone() -> None:
    week = {"0": [["09:00", "17:00"]]}

    assert is_open(week, "Asia/Kuala_Lumpur", at("2026-11-23T01:00"))
    assert not is_open(week, "Asia/Kuala_Lumpur", at("2026-11-23T09:00"))
    assert next_open(week, "Asia/Kuala_Lumpur", at("2026-11-23T09:00")) == at("2026-11-30T01:00")


def test_no_hours_never_open() -> None:
    assert next_open({}, "UTC", at("2026-11-23T09:00")) is None


def test_safe_hours_may_pass_midnight() -> None:
    night = SafeHours.read("22:00-02:00", "UTC")

    assert night.safe(at("2026-11-23T23:30"))
    assert night.safe(at("2026-11-23T01:59"))
    assert not night.safe(at("2026-11-23T02:00"))
    assert night.next_safe(at("2026-11-23T12:00")) == at("2026-11-23T22:00")


@pytest.mark.parametrize("text", ["", "18", "25:00-26:00", "a-b", "18:00-"])
def test_hours_that_no_clock_shows_are_refused(text: str) -> None:
    with pytest.raises(WrongHours):
        SafeHours.read(text, "UTC")


def test_an_unknown_zone_is_refused() -> None:
    with pytest.raises(WrongHours):
        SafeHours.read("08:00-09:00", "Mars/Olympus")


@given(CLOCKS, CLOCKS, ZONES, MOMENTS)
def test_the_next_safe_moment_is_safe_and_not_far(
    start: time, until: time, zone: str, now: datetime
) -> None:
    hours = SafeHours(start, until, zone)
    found = hours.next_safe(now)

    assert now <= found <= now + timedelta(hours=49)
    # Where clocks jump over the start, the moment after the jump is meant.
    assert hours.safe(found) or hours.safe(found + timedelta(hours=1))


@pytest.mark.parametrize(
    ("country", "zone"),
    [("NPL", "Asia/Kathmandu"), ("MYS", "Asia/Kuala_Lumpur"), ("HTI", "America/Port-au-Prince")],
)
def test_a_country_goes_by_the_clock_of_its_capital(country: str, zone: str) -> None:
    assert zone_of(country) == zone


def test_an_unknown_country_goes_by_utc() -> None:
    assert zone_of("") == "UTC"
