"""Folders with counts, the list of a folder, and the search.

What people wrote is sealed, so the database cannot search it: the search opens the newest lines.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from datetime import timezone as zones
from typing import Any, Final

from django.db.models import Count, F, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from console.aliases import alias
from console.cases.access import visible
from console.cases.errors import NoSuchCase
from console.models import Case, CaseEntry, Membership, Status, Urgency

PAGE = 50
# Opening a sealed line takes some 30 microseconds: these take a twentieth of a second.
LINES_SEARCHED = 1500
_NEVER = datetime(9999, 1, 1, tzinfo=zones.utc)


def _folders(member: Membership) -> dict[str, Q]:
    is_open = Q(status=Status.OPEN)
    return {
        "mine": is_open & Q(assignee_id=member.pk),
        "unassigned": is_open & Q(assignee=None),
        "open": is_open,
        "urgent": is_open & Q(urgency__lt=Urgency.NORMAL),
        "pending": Q(status=Status.PENDING),
        "snoozed": Q(status=Status.SNOOZED),
        "resolved": Q(status=Status.RESOLVED),
    }


# By urgency, then longest waiting. What does not wait for us goes by the time that matters there.
_BY_WAITING: Final = ("urgency", "key", "pk")
_KEYS: Final[dict[str, tuple[Any, tuple[str, ...]]]] = {
    "snoozed": (Coalesce("snoozed_until", Value(_NEVER)), ("key", "pk")),
    "resolved": (Coalesce("resolved_at", Value(_NEVER)), ("-key", "-pk")),
    "pending": (F("last_entry_at"), ("urgency", "key", "pk")),
}
_WAITING: Final = (Coalesce("waiting_since", Value(_NEVER)), _BY_WAITING)


def folders(member: Membership) -> dict[str, int]:
    """Return how many cases each folder holds, in one look."""
    counts = {name: Count("pk", filter=which) for name, which in _folders(member).items()}
    return visible(member).aggregate(**counts)


def listing(member: Membership, folder: str, before: str | None = None) -> list[Case]:
    """Return at most PAGE cases of a folder, in its order, each with its assignee.

    `before` is the public id of the last one shown: the next ones follow. Raises NoSuchCase for
    one that is not there, KeyError for an unknown folder.
    """
    key, order = _KEYS.get(folder, _WAITING)
    cases = visible(member).filter(_folders(member)[folder]).annotate(key=key)
    if before:
        last = visible(member).annotate(key=key).filter(public_id=before).first()
        if last is None:
            raise NoSuchCase
        cases = cases.filter(_after(last, order))
    return list(cases.select_related("assignee").order_by(*order)[:PAGE])


def _after(last: Any, order: Sequence[str]) -> Q:
    """Return what comes after `last` in `order` (keyset paging: no row is skipped or repeated)."""
    found, equal = Q(), Q()
    for field in order:
        name = field.lstrip("-")
        value = getattr(last, name)
        beyond = Q(**{f"{name}__{'lt' if field.startswith('-') else 'gt'}": value})
        found |= equal & beyond
        equal &= Q(**{name: value})
    return found


def search(member: Membership, words: str) -> list[Case]:
    """Return at most PAGE cases that match all `words`, the latest first.

    Looked at: the alias, the case's id, topic, country and language
    codes, the assignee's name, and the words of the newest lines of the organisation.
    """
    wanted = words.casefold().split()
    if not wanted:
        return []
    found = _by_facts(member, lambda text: all(word in text for word in wanted))
    if len(found) < PAGE:
        found |= _by_lines(member, wanted)
    cases = visible(member).filter(pk__in=found).select_related("assignee")
    return list(cases.order_by("-last_entry_at")[:PAGE])


def _by_facts(member: Membership, matches: Callable[[str], bool]) -> set[int]:
    facts: QuerySet[Any, Any] = visible(member).values_list(
        "pk", "contact_id", "public_id", "topic", "country", "language", "assignee__name"
    )
    return {
        pk
        for pk, contact, *rest in facts.iterator(chunk_size=2000)
        if matches(f"{alias(contact)} {' '.join(part or '' for part in rest)}".casefold())
    }


def _by_lines(member: Membership, wanted: Sequence[str]) -> set[int]:
    newest = CaseEntry.objects.filter(organisation_id=member.organisation_id).order_by("-pk")
    texts: dict[int, str] = {}
    for case, text in newest.values_list("case_id", "text")[:LINES_SEARCHED]:
        texts[case] = f"{texts.get(case, '')} {text.casefold()}"
    return {case for case, text in texts.items() if all(word in text for word in wanted)}
