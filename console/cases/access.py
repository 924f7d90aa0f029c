"""Finding a case that a member may see, and taking it in hand to change it."""

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from bot.messaging.floor import take_floor
from console.cases import mentions
from console.cases.errors import CaseClosed, NoSuchCase, NotAllowed
from console.cases.lines import audit
from console.models import AuditLine, Case, Membership, Role, Status

WRITERS = (Role.COORDINATOR, Role.CASE_WORKER)
# Looking at a case again within this time is the same look.
ONE_LOOK = timedelta(minutes=10)


def visible(member: Membership) -> QuerySet[Case]:
    """Return the cases that the member may see: their organisation's, the sensitive ones only
    with training (a coordinator sees that they exist, to assign them)."""
    cases = Case.objects.filter(organisation_id=member.organisation_id)
    if member.trained_for_sensitive or member.role == Role.COORDINATOR:
        return cases
    return cases.filter(sensitive=False)


def find(member: Membership, public_id: str) -> Case:
    """Return the case. Raises NoSuchCase, also for another organisation's."""
    case = visible(member).select_related("assignee").filter(public_id=public_id).first()
    if case is None:
        raise NoSuchCase
    return case


def view(member: Membership, case: Case) -> bool:
    """Note in the audit that the member looked into the case, once per ten minutes.

    Who was mentioned since their last look has now seen it: that look is always noted. Tells
    whether there was such a mention.
    """
    known = AuditLine.objects.filter(
        member=member, what="viewed", case=case.public_id, at__gt=timezone.now() - ONE_LOOK
    )
    mentioned = mentions.unseen(member).filter(case=case).exists()
    if mentioned or not known.exists():
        audit(member, "viewed", case)
    return mentioned


def require(member: Membership, *roles: Role) -> None:
    """Raise NotAllowed unless the member has one of `roles`."""
    if member.role not in roles:
        raise NotAllowed


def require_trained(member: Membership, case: Case) -> None:
    """Raise NotAllowed when the case is for trained members and this one is not."""
    if case.sensitive and not member.trained_for_sensitive:
        raise NotAllowed


def in_hand(member: Membership, case: Case) -> Case:
    """Return the case as it stands now, for the member alone until the transaction ends.

    Raises NotAllowed for who may not write, NoSuchCase, CaseClosed when consent was taken back.
    """
    require(member, *WRITERS)
    take_floor(case.contact_id)
    fresh = find(member, case.public_id)
    if fresh.withdrawn_at:
        raise CaseClosed
    return fresh


def require_unresolved(case: Case) -> None:
    """Raise CaseClosed for a resolved case."""
    if case.status == Status.RESOLVED:
        raise CaseClosed


def change(case: Case, **values: Any) -> None:
    """Write these fields of the case. Raises NotAllowed when the database lets none be written."""
    for name, value in values.items():
        setattr(case, name, value)
    if not Case.objects.filter(pk=case.pk).update(**values):
        raise NotAllowed
