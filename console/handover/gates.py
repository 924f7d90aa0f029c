"""Whether something may go out to a person now. One place, asked by pages and by the worker."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Protocol

from bot.handover.hours import SafeHours
from bot.handover.zones import zone_of
from console.models import Case, Sending, Urgency

# By night, on the clock of where they are, nobody is woken; by danger, or in a conversation that is
# going on, the night does not count.
DAY = (time(7, 0), time(22, 0))
GOING_ON = timedelta(hours=2)
# After so long without a word from the person the next message is a neutral one again.
A_PAUSE = timedelta(hours=24)


class Reachable(Protocol):
    """What a gate asks of a contact."""

    @property
    def country(self) -> str: ...

    @property
    def opted_out_at(self) -> datetime | None: ...

    @property
    def unreachable_at(self) -> datetime | None: ...

    @property
    def last_inbound_at(self) -> datetime: ...


class Careful(Protocol):
    """What a gate asks of a safety plan."""

    @property
    def hours_from(self) -> time | None: ...

    @property
    def hours_until(self) -> time | None: ...

    @property
    def zone(self) -> str: ...

    @property
    def neutral_first(self) -> bool: ...

    @property
    def hidden_since(self) -> datetime | None: ...


@dataclass(frozen=True)
class Gate:
    """`sending` is HANDED_OVER when open, HELD or NOT_SENT with the `reason` when not; `until`
    is when a held one may go, None when that depends on the person."""

    sending: Sending
    reason: str = ""
    until: datetime | None = None


OPEN = Gate(Sending.HANDED_OVER)


def look(
    person: Reachable,
    plan: Careful | None,
    case: Case,
    now: datetime,
    after_closing: bool = False,
) -> Gate:
    """Tell whether words of the case may go to the person now.

    `after_closing`: words that may follow the closing, such as the question how it went. Reasons:
    withdrawn, opted_out, unreachable (not sent); hidden, safe_hours, quiet_hours, neutral_first
    (held).
    """
    if case.withdrawn_at:
        return Gate(Sending.NOT_SENT, "withdrawn")
    if person.opted_out_at:
        return Gate(Sending.NOT_SENT, "opted_out")
    if person.unreachable_at:
        return Gate(Sending.NOT_SENT, "unreachable")
    if plan is not None and plan.hidden_since:
        return Gate(Sending.HELD, "hidden")
    hours = safe_hours(plan) if plan is not None else None
    if hours is not None and not hours.safe(now):
        return Gate(Sending.HELD, "safe_hours", hours.next_safe(now))
    day = quiet(person, case, now) if hours is None else None
    if day is not None and not day.safe(now):
        return Gate(Sending.HELD, "quiet_hours", day.next_safe(now))
    if (
        plan is not None
        and plan.neutral_first
        and not after_closing
        and _needs_a_knock(person, case, now)
    ):
        return Gate(Sending.HELD, "neutral_first")
    return OPEN


def safe_hours(plan: Careful) -> SafeHours | None:
    """Return the hours of a plan, None when any time is safe."""
    start, until = plan.hours_from, plan.hours_until
    if start is None or until is None:
        return None
    return SafeHours(start, until, plan.zone)


def quiet(person: Reachable, case: Case, now: datetime) -> SafeHours | None:
    """Return the hours of day where a message could wake the person, None where that does not
    count: in danger, while they write, or where we do not know where they are."""
    awake = now - person.last_inbound_at < GOING_ON
    if case.urgency == Urgency.DANGER or awake or not person.country:
        return None
    return SafeHours(*DAY, zone_of(person.country))


def _needs_a_knock(person: Reachable, case: Case, now: datetime) -> bool:
    """Nothing of this case has reached them yet, or they have been away for long."""
    answered = case.knocked_at is not None and person.last_inbound_at > case.knocked_at
    return not answered or now - person.last_inbound_at > A_PAUSE
