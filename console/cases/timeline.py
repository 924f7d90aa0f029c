"""The lines of a case as a page or an export shows them."""

from django.db.models import F, QuerySet

from console.models import Case, CaseEntry, Membership


def entries(member: Membership, case: Case) -> QuerySet[CaseEntry]:
    """Return the case's lines, oldest first.

    Each has `message_state` and `message_error` of the message that carried it, None without one.
    """
    return (
        CaseEntry.objects.filter(case=case, organisation_id=member.organisation_id)
        .select_related("author")
        .annotate(message_state=F("message__state"), message_error=F("message__error_code"))
        .order_by("id")
    )
