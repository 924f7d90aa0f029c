"""Folders with counts, their lists, and the search. Never more than the member may see."""

from typing import Any

from django.db.models import Count, F, Q, QuerySet

from console.aliases import alias
from console.cases import mentions
from console.cases.access import visible
from console.models import Case, CaseEntry, EntryKind, Membership, Status, Urgency
from console.models.cases import UNRESOLVED

PAGE = 50
# The search looks at so many of the latest cases, and opens so many of the latest sealed texts of
# the member's own cases: some 100 ms at most.
MOST_CASES, MOST_TEXTS = 5000, 1000
_WITH_TEXT = (EntryKind.INBOUND, EntryKind.REPLY, EntryKind.NOTE, EntryKind.BOT)
_WITHOUT_TEXT = ("called_by",)


def _conditions(member: Membership) -> dict[str, Q]:
    unresolved = Q(status__in=UNRESOLVED)
    return {
        "mine": unresolved & Q(assignee=member),
        "unassigned": unresolved & Q(assignee=None),
        "open": Q(status=Status.OPEN),
        "urgent": unresolved & Q(urgency__lt=Urgency.NORMAL),
        "mentions": _mentioned(member),
        "pending": Q(status=Status.PENDING),
        "snoozed": Q(status=Status.SNOOZED),
        "resolved": Q(status=Status.RESOLVED),
    }


def folders(member: Membership) -> dict[str, int]:
    """Return how many cases are in each folder; of the mentions, how many are unseen."""
    counts = {
        name: Count("pk", filter=condition)
        for name, condition in _conditions(member).items()
        if name != "mentions"
    }
    found: dict[str, int] = visible(member).order_by().aggregate(**counts)
    new = mentions.unseen(member).filter(case__in=visible(member).order_by())
    return {**found, "mentions": new.count()}


def mentioned_in(member: Membership) -> set[int]:
    """Return the cases (primary keys) with a mention of the member that they have not seen."""
    return set(mentions.unseen(member).values_list("case_id", flat=True))


def _mentioned(member: Membership) -> Q:
    """Return the unresolved cases that mention the member, and whatever they have not seen."""
    anywhere = Q(pk__in=mentions.of(member).order_by().values("case_id"))
    new = Q(pk__in=mentions.unseen(member).order_by().values("case_id"))
    return Q(status__in=UNRESOLVED) & anywhere | new


def listing(member: Membership, folder: str, before: str | None = None) -> list[Case]:
    """Return a page of a folder: the urgent first, then the longest waiting; the closed ones by
    when they were closed, the latest first.

    `before` is the public id of the last case of the page before. Raises KeyError for no folder.
    """
    cases = visible(member).select_related("assignee").defer(*_WITHOUT_TEXT)
    cases = cases.filter(_conditions(member)[folder])
    after = visible(member).filter(public_id=before).first() if before else None
    if folder == "resolved":
        ordered = cases.order_by("-resolved_at", "-pk")
        return list((ordered.filter(_closed_before(after)) if after else ordered)[:PAGE])
    ordered = cases.order_by("urgency", F("waiting_since").asc(nulls_last=True), "pk")
    return list((ordered.filter(_ranks_after(after)) if after else ordered)[:PAGE])


def _closed_before(last: Case) -> Q:
    same = Q(resolved_at=last.resolved_at, pk__lt=last.pk)
    return Q(resolved_at__lt=last.resolved_at) | same


def _ranks_after(last: Case) -> Q:
    """Return what stands behind `last`: less urgent, or waiting for less long, or not at all."""
    if last.waiting_since is None:
        behind = Q(waiting_since=None, pk__gt=last.pk)
    else:
        same = Q(waiting_since=last.waiting_since, pk__gt=last.pk)
        behind = Q(waiting_since__gt=last.waiting_since) | same | Q(waiting_since=None)
    return Q(urgency__gt=last.urgency) | Q(urgency=last.urgency) & behind


def search(member: Membership, words: str) -> list[Case]:
    """Return at most a page of cases that fit `words`, the latest first.

    Every word must be found in alias, public id, topic, status, country or language; or all words
    in one text of the member's own cases (texts are sealed, so only the latest are opened).
    """
    wanted = words.casefold().split()
    if not wanted:
        return []
    found = {*_by_label(member, wanted), *_by_text(member, wanted)}
    cases = visible(member).select_related("assignee").defer(*_WITHOUT_TEXT)
    return list(cases.filter(pk__in=found).order_by("-last_entry_at", "-pk")[:PAGE])


def _by_label(member: Membership, wanted: list[str]) -> list[int]:
    names = ("pk", "contact_id", "public_id", "topic", "status", "country", "language")
    latest: QuerySet[Case, dict[str, Any]] = (
        visible(member).order_by("-last_entry_at").values(*names)
    )
    return [row["pk"] for row in latest[:MOST_CASES] if _all_in(wanted, _labels(row))]


def _labels(row: dict[str, Any]) -> str:
    topic = row["topic"].replace("_", " ")
    told = (row["public_id"], topic, row["status"], row["country"], row["language"])
    return " ".join((alias(row["contact_id"]), *told))


def _by_text(member: Membership, wanted: list[str]) -> list[int]:
    mine = visible(member).filter(assignee=member)
    latest = CaseEntry.objects.filter(case__in=mine, kind__in=_WITH_TEXT).order_by("-pk")
    rows = latest.values_list("case_id", "text")[:MOST_TEXTS]
    return [case for case, text in rows if _all_in(wanted, str(text))]


def _all_in(wanted: list[str], text: str) -> bool:
    lowered = text.casefold()
    return all(word in lowered for word in wanted)
