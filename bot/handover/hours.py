"""Opening hours of an organisation and safe hours of a person, by the clock on their wall."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

# Weekday "0" (Monday) to "6" to spans of ["HH:MM", "HH:MM"]; "24:00" ends a day.
Week = Mapping[str, Sequence[Sequence[str]]]
_LOOK_AHEAD = 8  # days: the same weekday next week is found too


class WrongHours(ValueError):
    """Hours that no clock shows, or a time zone that this machine does not know."""


def zone(name: str) -> ZoneInfo:
    """Return the IANA time zone `name`. Raises WrongHours."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise WrongHours(f"unknown time zone {name!r}") from error


def is_open(week: Week, zone_name: str, now: datetime) -> bool:
    """Tell whether `now` (aware) lies in the hours. A span may not pass midnight."""
    return any(start <= now < end for start, end in _spans(week, zone_name, now))


def next_open(week: Week, zone_name: str, now: datetime) -> datetime | None:
    """Return when it opens next, in UTC; `now` itself while open, None if it never does."""
    if is_open(week, zone_name, now):
        return now.astimezone(timezone.utc)
    starts = [start for start, _ in _spans(week, zone_name, now) if start > now]
    return min(starts, default=None)


def _spans(week: Week, zone_name: str, now: datetime) -> Iterator[tuple[datetime, datetime]]:
    place = zone(zone_name)
    today = now.astimezone(place).date()
    for ahead in range(_LOOK_AHEAD):
        day = today + timedelta(days=ahead)
        for span in week.get(str(day.weekday()), ()):
            start, end = _moment(day, span[0], place), _moment(day, span[1], place)
            if start < end:
                yield start, end


def _moment(day: date, clock: str, place: ZoneInfo) -> datetime:
    if clock == "24:00":
        day, clock = day + timedelta(days=1), "00:00"
    return datetime.combine(day, read_clock(clock), place).astimezone(timezone.utc)


def read_clock(text: str) -> time:
    """Return the time that "HH:MM" shows. Raises WrongHours."""
    try:
        return datetime.strptime(text.strip(), "%H:%M").time()  # noqa: DTZ007 - a clock, no moment
    except ValueError as error:
        raise WrongHours(f"not a time of day: {text!r}") from error


@dataclass(frozen=True)
class SafeHours:
    """When it is safe to write to a person, in their zone; `until` before `start` passes
    midnight, and equal ends mean the whole day."""

    start: time
    until: time
    zone_name: str

    @classmethod
    def read(cls, text: str, zone_name: str) -> "SafeHours":
        """Return the hours that "HH:MM-HH:MM" names. Raises WrongHours."""
        head, dash, tail = text.partition("-")
        if not dash:
            raise WrongHours(f"not hours: {text!r}")
        zone(zone_name)
        return cls(read_clock(head), read_clock(tail), zone_name)

    def safe(self, now: datetime) -> bool:
        """Tell whether `now` (aware) is a safe moment."""
        clock = now.astimezone(zone(self.zone_name)).time()
        if self.start == self.until:
            return True
        if self.start < self.until:
            return self.start <= clock < self.until
        return clock >= self.start or clock < self.until

    def next_safe(self, now: datetime) -> datetime:
        """Return the next safe moment in UTC, `now` itself when it is one."""
        if self.safe(now):
            return now.astimezone(timezone.utc)
        place = zone(self.zone_name)
        today = now.astimezone(place).date()
        starts = (
            datetime.combine(today + timedelta(days=ahead), self.start, place) for ahead in range(3)
        )
        return min(start.astimezone(timezone.utc) for start in starts if start > now)
