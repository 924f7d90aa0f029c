"""Lines that say what happened: in the case for colleagues, in the audit for the coordinator."""

from typing import Any, Final

from console.models import AuditLine, Case, CaseEntry, EntryKind, Membership, Sending

# Every `what` of a system line, with the parameters that it may have.
WHAT: Final[dict[str, tuple[str, ...]]] = {
    "opened": ("share",),
    "claimed": (),
    "assigned": ("to", "note"),
    "unassigned": ("note",),
    "snoozed": ("until",),
    "woken": (),
    "waiting": (),
    "put_back": (),
    "resolved": ("outcome",),
    "reopened": (),
    "reopened_by_person": (),
    "ended_by_person": (),
    "withdrawn": (),
    "urgency": ("from", "to"),
    "danger": ("kind",),
    "media": ("kind",),
    "hidden": (),
    "back": (),
    "opted_out": (),
    "opted_in": (),
    "erasing": (),
    "language": ("language",),
    "knocked": (),
    "asked_rating": (),
    "rated": ("rating",),
    "asked_referral": ("to", "share"),
    "referral_agreed": ("to",),
    "referral_refused": ("to",),
    "referral_failed": ("to",),
    "referral_lapsed": ("to",),
    "came_by_referral": ("from",),
    "masked": ("length",),
    "asked_export": (),
    "export_allowed": (),
    "export_refused": (),
}


def say(
    case: Case,
    what: str,
    member: Membership | None = None,
    sending: Sending = Sending.NONE,
    **params: Any,
) -> CaseEntry:
    """Add a system line to the case; `params` are those that `WHAT` names."""
    if set(params) - set(WHAT[what]):
        raise TypeError(f"a line {what!r} has no such parameter")
    return CaseEntry.objects.create(
        case=case,
        organisation_id=case.organisation_id,
        kind=EntryKind.SYSTEM,
        author=member,
        what=what,
        params=params,
        sending=sending,
    )


def audit(member: Membership, what: str, case: Case | None = None, **details: Any) -> None:
    """Add a line to the audit in the member's name. `details` hold ids and counts, no texts."""
    AuditLine.objects.create(
        organisation_id=member.organisation_id,
        member=member,
        what=what,
        case=case.public_id if case else "",
        details=details,
    )
