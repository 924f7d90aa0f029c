"""Notes that name a colleague, and whether they opened the case since."""

from django.db.models import Exists, OuterRef, QuerySet

from console.models import AuditLine, CaseEntry, EntryKind, Membership


def of(member: Membership) -> QuerySet[CaseEntry]:
    """Return the notes that name the member, also those of cases that they may not see."""
    return CaseEntry.objects.filter(
        organisation_id=member.organisation_id,
        kind=EntryKind.NOTE,
        mentions__contains=[member.pk],
    )


def unseen(member: Membership) -> QuerySet[CaseEntry]:
    """Return those of `of` that are newer than the member's last look at the case.

    A look is a line of the audit; console.cases.access.view writes one for every unseen mention.
    """
    looks = AuditLine.objects.filter(
        member=member,
        what="viewed",
        case=OuterRef("case__public_id"),
        at__gte=OuterRef("created_at"),
    )
    return of(member).filter(~Exists(looks))
