"""Sending a line of a case to its person, or holding it back where everybody can see why."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from bot.channels.outgoing import Reply
from bot.messaging import outbox
from bot.messaging.floor import take_floor
from bot.messaging.handling import tend
from bot.messaging.models import Contact
from console.cases.events import publish
from console.cases.lines import say
from console.handover import gates, phrasing
from console.handover.gates import Gate
from console.models import (
    Case,
    CaseEntry,
    EntryKind,
    Referral,
    ReferralState,
    SafetyPlan,
    Sending,
    Status,
)
from console.tasks import send_at

WAITING = (Sending.WAITING, Sending.HELD)


def send(entry_id: int, attempt: int = 0) -> None:
    """Store the message that carries the line, once, and deliver what waits for the person.

    Runs under the conversation's job lock. Raises what `tend` raises while another try is needed.
    """
    contact_id = (
        CaseEntry.objects.filter(pk=entry_id).values_list("case__contact_id", flat=True).first()
    )
    if contact_id is None:
        return
    with transaction.atomic():
        take_floor(contact_id)
        entry = (
            CaseEntry.objects.select_related("case__organisation")
            .filter(pk=entry_id, sending__in=WAITING)
            .first()
        )
        if entry is not None:
            _decide(entry, Contact.objects.get(pk=contact_id))
    tend(contact_id, attempt)
    if entry is not None:
        publish(entry.organisation_id, entry.case.public_id, "delivery")


def _decide(entry: CaseEntry, contact: Contact) -> None:
    case, now = entry.case, timezone.now()
    gate = _gate(entry, contact, now)
    if gate is gates.OPEN:
        rows = outbox.store_words(contact, _reply(entry, contact))
        _settle(entry, Gate(Sending.HANDED_OVER))
        CaseEntry.objects.filter(pk=entry.pk).update(message=rows[-1] if rows else None)
    else:
        _settle(entry, gate)
        if gate.until is not None:
            send_at(contact.pk, entry.pk, gate.until)
        if gate.reason == "neutral_first":
            _knock(case, contact)
    publish(case.organisation_id, case.public_id, "delivery")


def _gate(entry: CaseEntry, contact: Contact, now: datetime) -> Gate:
    case = entry.case
    others = Case.objects.filter(contact=contact).exclude(pk=case.pk)
    if contact.erase_requested_at or others.exclude(status=Status.RESOLVED).exists():
        return Gate(Sending.NOT_SENT, "resolved")
    if entry.what == "asked_rating" and case.status != Status.RESOLVED:
        return Gate(Sending.NOT_SENT, "reopened")
    if entry.what == "asked_referral" and _asked(case) is None:
        return Gate(Sending.NOT_SENT, "resolved")
    plan = SafetyPlan.objects.filter(contact=contact).first()
    return gates.look(contact, plan, case, now, after_closing=entry.what == "asked_rating")


def _settle(entry: CaseEntry, gate: Gate) -> None:
    CaseEntry.objects.filter(pk=entry.pk).update(
        sending=gate.sending, reason=gate.reason, held_until=gate.until
    )


def _asked(case: Case) -> Referral | None:
    found = Referral.objects.select_related("to_organisation")
    return found.filter(case=case, state=ReferralState.ASKED).first()


def _reply(entry: CaseEntry, contact: Contact) -> Reply:
    case = entry.case
    language, name = contact.language or case.language, case.organisation.name
    if entry.kind == EntryKind.REPLY:
        return Reply(kind="case_reply", text=entry.text, language=phrasing.known_language(language))
    referral = _asked(case) if entry.what == "asked_referral" else None
    if referral is not None:
        other = referral.to_organisation.name
        return phrasing.referral(referral.pk, name, other, referral.share, language)
    if entry.what == "asked_export":
        return phrasing.export(case.public_id, name, language)
    return phrasing.rating(case.public_id, name, language)


def _knock(case: Case, contact: Contact) -> None:
    """Send the neutral message once; their answer to it opens the way."""
    if case.knocked_at is not None and case.knocked_at >= contact.last_inbound_at:
        return
    outbox.store_words(contact, phrasing.say("notice", "case.knock", contact.language))
    Case.objects.filter(pk=case.pk).update(knocked_at=timezone.now())
    say(case, "knocked")
