"""Putting a case aside, closing it, opening it again."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from console import walls
from console.cases.access import change, in_hand, require_unresolved
from console.cases.errors import CaseClosed, NotConsented, Taken, WrongTime
from console.cases.events import publish
from console.cases.lines import audit, say
from console.models import Case, Membership, Referral, ReferralState, Sending, Status
from console.tasks import send_soon

# A message of the person within this time of closing opens the case again.
REOPENS_WITHIN = timedelta(hours=72)
LONGEST_SNOOZE = timedelta(days=90)
OUTCOMES = ("answered", "helped", "referred_out", "unreachable", "not_ours", "other")


def snooze(member: Membership, case: Case, until: datetime) -> Case:
    """Put the case aside until then, or until the person writes. Raises WrongTime, CaseClosed."""
    now = timezone.now()
    if not now < until <= now + LONGEST_SNOOZE:
        raise WrongTime
    fresh = in_hand(member, case)
    require_unresolved(fresh)
    change(fresh, status=Status.SNOOZED, snoozed_until=until)
    say(fresh, "snoozed", member, until=until.isoformat())
    return _changed(member, fresh, "snoozed")


def wait(member: Membership, case: Case) -> Case:
    """Say that it is the person's turn: nothing is owed now. Raises CaseClosed."""
    fresh = in_hand(member, case)
    require_unresolved(fresh)
    change(fresh, status=Status.PENDING, snoozed_until=None, waiting_since=None)
    say(fresh, "waiting", member)
    return _changed(member, fresh, "waiting")


def put_back(member: Membership, case: Case) -> Case:
    """Open a snoozed or pending case again: it is our turn. Raises CaseClosed."""
    fresh = in_hand(member, case)
    require_unresolved(fresh)
    now = timezone.now()
    change(
        fresh,
        status=Status.OPEN,
        snoozed_until=None,
        waiting_since=fresh.waiting_since or now,
    )
    say(fresh, "put_back", member)
    return _changed(member, fresh, "put_back")


def resolve(member: Membership, case: Case, outcome: str = "answered") -> Case:
    """Close the case: the bot answers again, and asks the person once how it went.

    Raises CaseClosed when it is closed already.
    """
    fresh = in_hand(member, case)
    require_unresolved(fresh)
    return finish(member, fresh, outcome)


def finish(member: Membership, case: Case, outcome: str) -> Case:
    """Close a case that is in hand already."""
    now = timezone.now()
    change(
        case,
        status=Status.RESOLVED,
        resolved_at=now,
        reopens_until=now + REOPENS_WITHIN,
        snoozed_until=None,
        waiting_since=None,
        outcome=outcome if outcome in OUTCOMES else "other",
    )
    Referral.objects.filter(case=case, state=ReferralState.ASKED).update(
        state=ReferralState.LAPSED, answered_at=now
    )
    say(case, "resolved", member, outcome=case.outcome)
    question = say(case, "asked_rating", member, Sending.WAITING)
    with walls.as_owner():
        send_soon(case.contact_id, question.pk)
    return _changed(member, case, "resolved")


def reopen(member: Membership, case: Case) -> Case:
    """Take the conversation up again within 72 hours of closing.

    Later, or once the person went back to the bot, only the person can begin: NotConsented.
    Raises Taken when another organisation has the conversation by now.
    """
    fresh = in_hand(member, case)
    if fresh.status != Status.RESOLVED:
        raise CaseClosed
    if fresh.reopens_until is None or fresh.reopens_until < timezone.now():
        raise NotConsented
    try:
        with transaction.atomic():
            change(
                fresh,
                status=Status.OPEN,
                resolved_at=None,
                reopens_until=None,
                one_touch=False,
                waiting_since=timezone.now(),
                reopened=fresh.reopened + 1,
            )
    except IntegrityError as error:
        raise Taken from error
    say(fresh, "reopened", member)
    return _changed(member, fresh, "reopened")


def _changed(member: Membership, case: Case, what: str) -> Case:
    audit(member, what, case)
    publish(case.organisation_id, case.public_id, "changed")
    return case
