"""What a person writes lands in their case."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone

from bot.messaging.models import Contact, Message
from bot.messaging.outbox import HolderChanged
from console.cases.events import publish
from console.cases.lines import say
from console.handover import safety, targets
from console.handover.opening import unresolved
from console.models import Case, CaseEntry, EntryKind, Status, Urgency


def take_in(contact: Contact, effect: Mapping[str, Any]) -> None:
    """Add the person's words to their case, in which it is our turn then.

    {"texts", "message", "danger": kind or '', "quiet": no answer is needed}. Raises HolderChanged
    when the case was closed meanwhile: the turn is answered anew.
    """
    case = unresolved(contact.pk)
    if case is None:
        raise HolderChanged("no case")
    _add(case, effect)
    if effect.get("danger"):
        _raise_urgency(case, str(effect["danger"]))
    safety.release(contact, "neutral_first")
    publish(case.organisation_id, case.public_id, "inbound")


def _add(case: Case, effect: Mapping[str, Any]) -> None:
    message = Message.objects.get(pk=effect["message"])
    _store(case, message, list(effect["texts"]))
    changes: dict[str, Any] = {"last_entry_at": timezone.now()}
    if not effect.get("quiet"):
        changes |= {
            "status": Status.OPEN,
            "snoozed_until": None,
            "waiting_since": case.waiting_since or message.created_at,
        }
    Case.objects.filter(pk=case.pk).update(**changes)
    if case.status == Status.SNOOZED and not effect.get("quiet"):
        say(case, "woken")


def _store(case: Case, message: Message, texts: list[str]) -> None:
    CaseEntry.objects.bulk_create(
        CaseEntry(
            case=case,
            organisation_id=case.organisation_id,
            kind=EntryKind.INBOUND,
            said_by_person=True,
            text=text,
            message=message,
            created_at=message.created_at,
        )
        for text in texts
    )


def _raise_urgency(case: Case, kind: str) -> None:
    say(case, "danger", kind=kind)
    if case.urgency == Urgency.DANGER:
        return
    due = _sooner(case.first_reply_due, targets.due(case.organisation, 0, timezone.now()))
    Case.objects.filter(pk=case.pk).update(
        urgency=Urgency.DANGER, first_reply_due=due, warned_at=None, noticed_at=None
    )


def _sooner(present: datetime | None, other: datetime) -> datetime:
    return min(present, other) if present else other


def add_line(contact: Contact, effect: Mapping[str, Any]) -> None:
    """Add a system line to the person's case, if an organisation holds it: {"what", "params"}."""
    case = unresolved(contact.pk)
    if case is not None:
        say(case, str(effect["what"]), **dict(effect.get("params", {})))
        publish(case.organisation_id, case.public_id, "changed")


def reopen(contact: Contact, effect: Mapping[str, Any]) -> None:
    """Open the case again that was closed shortly before, with the person's words.

    {"case": id, and what `take_in` takes}. Raises HolderChanged when it may not be any more.
    """
    case = Case.objects.select_related("organisation").get(pk=effect["case"])
    now = timezone.now()
    again = case.status == Status.RESOLVED and (case.reopens_until or now) > now
    if not again or case.withdrawn_at:
        raise HolderChanged("not to be reopened")
    due = targets.due(case.organisation, case.urgency, now)
    Case.objects.filter(pk=case.pk).update(
        status=Status.OPEN,
        resolved_at=None,
        reopens_until=None,
        one_touch=False,
        outcome="",
        reopened=case.reopened + 1,
        waiting_since=None,
        first_reply_at=None,
        first_reply_due=due,
        warned_at=None,
        noticed_at=None,
    )
    say(case, "reopened_by_person")
    contact.refresh_from_db(fields=["holder"])
    take_in(contact, effect)


def thank(contact: Contact, effect: Mapping[str, Any]) -> None:
    """Add thanks or a goodbye to a closed case, which stays closed.

    {"case", "texts", "message"}.
    """
    case = Case.objects.filter(pk=effect["case"], withdrawn_at=None).first()
    if case is not None:
        _store(case, Message.objects.get(pk=effect["message"]), list(effect["texts"]))
        publish(case.organisation_id, case.public_id, "inbound")


def leave(contact: Contact, effect: Mapping[str, Any]) -> None:
    """The person went back to the bot: their words do not reopen a case any more."""
    Case.objects.filter(contact=contact, status=Status.RESOLVED).update(reopens_until=None)


def rate(contact: Contact, effect: Mapping[str, Any]) -> None:
    """Store how it went: {"case": public id, "rating": good or bad}."""
    case = Case.objects.filter(contact=contact, public_id=str(effect["case"])).first()
    rating = str(effect["rating"])
    if case is None or case.withdrawn_at or rating not in ("good", "bad"):
        return
    Case.objects.filter(pk=case.pk).update(rating=rating)
    say(case, "rated", rating=rating)
    publish(case.organisation_id, case.public_id, "changed")
