"""A case for the record: as JSON, as PDF, and the person's consent to that."""

import json
from typing import Any

from django.utils import timezone

from console import walls
from console.aliases import alias
from console.cases.access import WRITERS, in_hand, require, require_trained, require_unresolved
from console.cases.errors import NotConsented
from console.cases.events import publish
from console.cases.lines import audit, say
from console.cases.sheet import sheet
from console.cases.timeline import entries
from console.models import Case, CaseEntry, Consent, EntryKind, Membership, Sending
from console.tasks import send_soon

FORMAT = "haki-case/1"


def ask(member: Membership, case: Case) -> CaseEntry:
    """Ask the person whether a file may be made of the case. Raises NotAllowed, CaseClosed."""
    fresh = in_hand(member, case)
    require_unresolved(fresh)
    require_trained(member, fresh)
    question = say(fresh, "asked_export", member, Sending.WAITING)
    with walls.as_owner():
        send_soon(fresh.contact_id, question.pk)
    audit(member, "asked_export", fresh)
    publish(fresh.organisation_id, fresh.public_id, "changed")
    return question


def as_json(member: Membership, case: Case) -> bytes:
    """Return the case as JSON (UTF-8): its facts, its consents and what was said.

    Without private notes; blotted letters stay blotted. Raises NotConsented, NotAllowed.
    """
    made = record(member, case)
    audit(member, "exported", case, form="json")
    return json.dumps(made, ensure_ascii=False, indent=2).encode()


def as_pdf(member: Membership, case: Case) -> bytes:
    """Return the case as PDF, with the same contents as `as_json`. Raises what it raises."""
    made = record(member, case)
    audit(member, "exported", case, form="pdf")
    return sheet(made)


def record(member: Membership, case: Case) -> dict[str, Any]:
    """Return what an export holds. Raises NotConsented, NotAllowed."""
    require(member, *WRITERS)
    require_trained(member, case)
    if not case.allows_export or case.withdrawn_at:
        raise NotConsented
    lines = entries(member, case).exclude(kind=EntryKind.NOTE)
    return {
        "format": FORMAT,
        "case": case.public_id,
        "person": alias(case.contact_id),
        "called_by": case.called_by,
        "organisation": member.organisation.name,
        "exported_at": timezone.now().isoformat(timespec="seconds"),
        "exported_by": member.name,
        "opened_at": case.opened_at.isoformat(timespec="seconds"),
        "resolved_at": _moment(case.resolved_at),
        "status": case.status,
        "outcome": case.outcome,
        "topic": case.topic,
        "country": case.country,
        "origin": case.origin,
        "stage": case.stage,
        "language": case.language,
        "channel": case.channel,
        "consents": [_consent(one) for one in Consent.objects.filter(case=case)],
        "timeline": [_line(entry) for entry in lines],
    }


def _consent(consent: Consent) -> dict[str, Any]:
    return {
        "share": consent.share,
        "given_at": consent.given_at.isoformat(timespec="seconds"),
        "withdrawn_at": _moment(consent.withdrawn_at),
        "language": consent.language,
        "wording": consent.wording,
        "wording_version": consent.wording_version,
    }


def _line(entry: CaseEntry) -> dict[str, Any]:
    line: dict[str, Any] = {
        "at": entry.created_at.isoformat(timespec="seconds"),
        "kind": entry.kind,
        "from": _who(entry),
    }
    if entry.kind == EntryKind.SYSTEM:
        line |= {"what": entry.what, **entry.params}
    else:
        line["text"] = entry.text
    if entry.card:
        line["card"] = entry.card
    if entry.sending:
        state = entry.message_state  # type: ignore[attr-defined]
        line["delivery"] = state or entry.sending
        if entry.reason:
            line["reason"] = entry.reason
    if entry.masks:
        line["blotted"] = sum(mask["length"] for mask in entry.masks)
    return line


def _who(entry: CaseEntry) -> str:
    if entry.said_by_person:
        return "person"
    if entry.kind == EntryKind.BOT or entry.author is None:
        return "haki"
    return entry.author.name


def _moment(moment: Any) -> str:
    return moment.isoformat(timespec="seconds") if moment else ""
