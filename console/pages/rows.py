"""A case as the list shows it. Nothing in it leads back to a phone number."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from console.aliases import alias
from console.models import Case, Membership, Status, Urgency
from console.pages import words

# A target is shown as at risk when less than this is left.
AT_RISK = timedelta(minutes=30)


@dataclass(frozen=True)
class Badge:
    """A word that catches the eye; `kind` is its style."""

    text: str
    kind: str = ""


@dataclass(frozen=True)
class Row:
    """One line of the list."""

    public_id: str
    alias: str
    facts: str
    waiting_since: datetime | None
    waits: str
    classes: str
    badges: list[Badge]


def row(case: Case, member: Membership, mentioned: bool = False) -> Row:
    """Return `case` as the list shows it to `member`. Reads `case.assignee`.

    `mentioned`: a note names the member, and they have not opened the case since.
    """
    now = timezone.now()
    parts = [words.channel(case.channel), words.language(case.language), words.topic(case.topic)]
    parts += [words.country(case.country)] if case.country else []
    parts += [words.stage(case.stage)] if case.stage else []
    late = is_late(case, now)
    classes = {Urgency.DANGER: "danger-row", Urgency.HIGH: "high-row"}.get(
        Urgency(case.urgency), ""
    )
    waits_for_us = case.waiting_since if case.status != Status.RESOLVED else None
    return Row(
        public_id=case.public_id,
        alias=alias(case.contact_id),
        facts=" · ".join(parts),
        waiting_since=waits_for_us,
        waits=words.waits(waits_for_us, now),
        classes=" ".join(filter(None, [classes, "late" if late else ""])),
        badges=[*_told(mentioned), *badges(case, now), *_owner(case, member)],
    )


def is_late(case: Case, now: datetime) -> bool:
    """Tell whether the first reply is overdue."""
    return bool(
        case.first_reply_due
        and not case.first_reply_at
        and case.status != Status.RESOLVED
        and case.first_reply_due < now
    )


def badges(case: Case, now: datetime) -> list[Badge]:
    """Return what stands out about a case: danger, its target, that consent was withdrawn."""
    found = []
    if case.urgency != Urgency.NORMAL:
        style = "danger" if case.urgency == Urgency.DANGER else "high"
        found.append(Badge(str(words.URGENCIES[case.urgency]), style))
    if case.withdrawn_at:
        found.append(Badge(_("Consent withdrawn"), "high"))
    if is_late(case, now):
        found.append(Badge(_("Overdue"), "high"))
    elif case.first_reply_due and not case.first_reply_at and case.status != Status.RESOLVED:
        left = case.first_reply_due - now
        if left < AT_RISK:
            found.append(Badge(_("Due in %(time)s") % {"time": words.span(left)}, "warn"))
    if case.status == Status.SNOOZED and case.snoozed_until:
        until = timezone.localtime(case.snoozed_until).strftime("%d.%m. %H:%M")
        found.append(Badge(_("Until %(time)s") % {"time": until}))
    if case.reopened:
        found.append(Badge(_("Reopened")))
    return found


def _told(mentioned: bool) -> list[Badge]:
    return [Badge(_("Mentions you"), "mention")] if mentioned else []


def _owner(case: Case, member: Membership) -> list[Badge]:
    if case.assignee_id is None:
        return []
    if case.assignee_id == member.pk:
        return [Badge(_("Mine"))]
    return [Badge(case.assignee.name if case.assignee else "")]
