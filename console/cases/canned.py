"""Texts that an organisation sends often."""

from django.db.models import Case as When
from django.db.models import IntegerField, QuerySet, Value
from django.db.models import When as Condition

from console.cases.access import WRITERS, require
from console.cases.errors import Empty, TooLong
from console.cases.lines import audit
from console.models import CannedReply, Membership

LONGEST = 1600


def for_language(member: Membership, language: str) -> QuerySet[CannedReply]:
    """Return the organisation's texts, those in `language` first."""
    first = When(
        Condition(language=language, then=Value(0)), default=Value(1), output_field=IntegerField()
    )
    mine = CannedReply.objects.filter(organisation_id=member.organisation_id)
    return mine.annotate(first=first).order_by("first", "language", "title")


def save(member: Membership, language: str, title: str, text: str) -> CannedReply:
    """Add a text, or replace the one of the same title. Raises Empty, TooLong, NotAllowed."""
    require(member, *WRITERS)
    if not title.strip() or not text.strip():
        raise Empty
    if len(text) > LONGEST or len(title.strip()) > 60:
        raise TooLong
    saved, _ = CannedReply.objects.update_or_create(
        organisation_id=member.organisation_id,
        language=language,
        title=title.strip(),
        defaults={"text": text.strip()},
    )
    audit(member, "canned_saved", None, canned=saved.pk)
    return saved


def remove(member: Membership, canned_id: int) -> None:
    """Remove a text. Raises NotAllowed."""
    require(member, *WRITERS)
    CannedReply.objects.filter(pk=canned_id, organisation_id=member.organisation_id).delete()
    audit(member, "canned_removed", None, canned=canned_id)
