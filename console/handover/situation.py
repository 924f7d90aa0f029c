"""How a person stands with partners, read once for each turn."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F
from django.utils import timezone

from bot.messaging.models import Contact, Message
from console.models import Status

_FIELDS = (
    "safety__id",
    "safety__code_word",
    "safety__hidden_since",
    "cases__id",
    "cases__public_id",
    "cases__status",
    "cases__resolved_at",
    "cases__reopens_until",
    "cases__withdrawn_at",
    "cases__called_by",
    "cases__organisation__name",
    "cases__organisation__active",
)


@dataclass(frozen=True)
class Situation:
    """The safety plan and the latest case; '' and None where there is none."""

    has_plan: bool = False
    code_word: str = ""
    hidden: bool = False
    case_id: int | None = None
    public_id: str = ""
    partner: str = ""
    open: bool = False
    resolved_at: datetime | None = None
    may_reopen: bool = False
    called_by: bool = False


def situation(message: Message) -> Situation:
    """Return how the person who wrote `message` stands; read at most once per message."""
    known: Situation | None = getattr(message, "situation", None)
    if known is None:
        known = read(message.contact)
        message.situation = known  # type: ignore[attr-defined]
    return known


def read(contact: Contact) -> Situation:
    """Return how the person stands now."""
    latest = F("cases__id").desc(nulls_last=True)
    row = Contact.objects.filter(pk=contact.pk).order_by(latest).values(*_FIELDS).first()
    if row is None:
        return Situation()
    resolved = row["cases__status"] == Status.RESOLVED
    until, withdrawn = row["cases__reopens_until"], row["cases__withdrawn_at"]
    reopens = bool(until and until > timezone.now()) and row["cases__organisation__active"]
    return Situation(
        has_plan=row["safety__id"] is not None,
        code_word=row["safety__code_word"] or "",
        hidden=row["safety__hidden_since"] is not None,
        case_id=row["cases__id"],
        public_id=row["cases__public_id"] or "",
        partner=row["cases__organisation__name"] or "",
        open=row["cases__id"] is not None and not resolved,
        resolved_at=row["cases__resolved_at"],
        may_reopen=bool(resolved and reopens and not withdrawn),
        called_by=bool(row["cases__called_by"]),
    )
