"""Taking consent back, and the answer to a referral."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from bot.messaging import outbox
from bot.messaging.models import Contact, Direction
from console.cases.events import publish
from console.cases.lines import say
from console.handover import candidates, opening, targets
from console.handover.safety import NOT_OUT
from console.models import (
    AuditLine,
    Case,
    CaseEntry,
    Consent,
    Draft,
    Organisation,
    Referral,
    ReferralState,
    Sending,
    Status,
)

WAITING = (Sending.WAITING, Sending.HELD)


def withdraw(contact: Contact, effect: Mapping[str, Any]) -> None:
    """Take every consent of the person back: cases close, nothing more goes out, and what was
    said is hidden from the organisations."""
    now = timezone.now()
    Consent.objects.filter(contact=contact, withdrawn_at=None).update(withdrawn_at=now)
    for case in Case.objects.filter(contact=contact, withdrawn_at=None):
        _close(case, contact)
    contact.refresh_from_db(fields=["holder"])


def _close(case: Case, contact: Contact) -> None:
    now = timezone.now()
    lines = CaseEntry.objects.filter(case=case)
    lines.filter(sending__in=WAITING).update(sending=Sending.NOT_SENT, reason="withdrawn")
    unsent = contact.messages.filter(
        direction=Direction.OUTBOUND, state__in=NOT_OUT, case_entries__case=case
    )
    for message in unsent.distinct():
        outbox.close(message, "withdrawn")
    lines.update(hidden=True)
    Draft.objects.filter(case=case).delete()
    Referral.objects.filter(case=case, state=ReferralState.ASKED).update(
        state=ReferralState.LAPSED, answered_at=now
    )
    was_resolved = case.status == Status.RESOLVED
    Case.objects.filter(pk=case.pk).update(
        status=Status.RESOLVED,
        withdrawn_at=now,
        resolved_at=case.resolved_at or now,
        reopens_until=None,
        snoozed_until=None,
        waiting_since=None,
        called_by="",
        outcome=case.outcome if was_resolved else "withdrawn",
    )
    say(case, "withdrawn")
    AuditLine.objects.create(
        organisation_id=case.organisation_id, what="withdrawn", case=case.public_id
    )
    publish(case.organisation_id, case.public_id, "changed")


def may_go(referral: Referral) -> bool:
    """Tell whether the organisation that was named could take the case now."""
    found = candidates.read(referral.to_organisation_id)
    return bool(found) and (found[0].trained or not referral.case.sensitive)


def answer_referral(contact: Contact, effect: Mapping[str, Any]) -> None:
    """Store the person's answer: {"referral": id, "answer": yes|no, "failed": bool, "language",
    "wording", "wording_version"}. A yes closes the case here and opens one there.

    Raises PartnerGone when the other organisation cannot take it any more.
    """
    referral = (
        Referral.objects.select_related("case", "from_organisation", "to_organisation")
        .filter(pk=effect["referral"], case__contact=contact, state=ReferralState.ASKED)
        .first()
    )
    if referral is None:
        return
    Organisation.objects.select_for_update().get(pk=referral.to_organisation_id)
    yes = effect["answer"] == "yes" and not effect.get("failed")
    if yes and not may_go(referral):
        candidates.forget()
        raise opening.PartnerGone(f"organisation {referral.to_organisation_id}")
    consent = _consent(contact, referral, effect)
    referral.state = ReferralState.AGREED if yes else ReferralState.REFUSED
    if effect.get("failed"):
        referral.state = ReferralState.LAPSED
    referral.consent = consent
    referral.answered_at = timezone.now()
    case, other = referral.case, referral.to_organisation.name
    if yes:
        say(case, "referral_agreed", to=other)
        referral.new_case = _hand_on(referral, consent)
    else:
        say(case, "referral_failed" if effect.get("failed") else "referral_refused", to=other)
    referral.save(update_fields=["state", "consent", "answered_at", "new_case"])
    publish(case.organisation_id, case.public_id, "changed")


def _consent(contact: Contact, referral: Referral, effect: Mapping[str, Any]) -> Consent:
    told = {**effect, "share": referral.share}
    yes = effect["answer"] == "yes"
    return opening.consent(contact, referral.to_organisation, told, answer=yes)


def _hand_on(referral: Referral, consent: Consent) -> Case:
    """Close the case here and open it there; the consent for the first organisation has ended
    with its work, so it keeps its record and is told nothing new."""
    old, now = referral.case, timezone.now()
    Case.objects.filter(pk=old.pk).update(
        status=Status.RESOLVED,
        resolved_at=now,
        reopens_until=None,
        snoozed_until=None,
        waiting_since=None,
        outcome="referred",
    )
    CaseEntry.objects.filter(case=old, sending__in=WAITING).update(
        sending=Sending.NOT_SENT, reason="resolved"
    )
    new = Case.objects.create(
        contact_id=old.contact_id,
        organisation=referral.to_organisation,
        urgency=old.urgency,
        topic=old.topic,
        country=old.country,
        origin=old.origin,
        stage=old.stage,
        language=old.language,
        channel=old.channel,
        share=referral.share,
        called_by=old.called_by,
        routing={"key": "referral", "params": {"from": referral.from_organisation.name}},
        sensitive=old.sensitive,
        opened_at=now,
        waiting_since=now,
        first_reply_due=targets.due(referral.to_organisation, old.urgency, now),
    )
    consent.case = new
    consent.save(update_fields=["case"])
    came_from: dict[str, Any] = {"from": referral.from_organisation.name}
    say(new, "came_by_referral", **came_from)
    opening.share(new, new.contact)
    publish(new.organisation_id, new.public_id, "opened")
    return new


def answer_export(contact: Contact, effect: Mapping[str, Any]) -> None:
    """Store whether a file may be made of the open case: {"case", "answer", "language",
    "wording", "wording_version"}."""
    case = opening.unresolved(contact.pk)
    if case is None or case.public_id != effect["case"]:
        return
    yes = effect["answer"] == "yes"
    told = {**effect, "share": case.share}
    opening.consent(contact, case.organisation, told, case=case, answer=yes)
    Case.objects.filter(pk=case.pk).update(allows_export=yes)
    say(case, "export_allowed" if yes else "export_refused")
    publish(case.organisation_id, case.public_id, "changed")
