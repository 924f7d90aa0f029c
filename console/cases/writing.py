"""What a member writes in a case: replies, notes, drafts; and blotting out."""

from collections.abc import Sequence

from django.utils import timezone

from bot.channels.layout import SMS_SEGMENTS
from bot.channels.names import Channel
from bot.channels.segments import MAX_BODY_UNITS, measure
from console import walls
from console.cases.access import WRITERS, change, in_hand, require, require_trained
from console.cases.access import require_unresolved as require_open
from console.cases.closing import finish
from console.cases.errors import Empty, NoSuchCase, NotAllowed, TooLong
from console.cases.events import publish
from console.cases.lines import audit, say
from console.models import Case, CaseEntry, Draft, EntryKind, Membership, Sending, Status
from console.tasks import send_soon

BLOT = "\u2588"


def reply(
    member: Membership, case: Case, text: str, card: str = "", resolve: bool = False
) -> CaseEntry:
    """Write to the person. A worker sends it, or holds it back with a visible reason.

    The case waits for the person then, or is resolved at once; an unassigned one becomes the
    member's. `card` names the library card that was inserted. Raises Empty, TooLong, NotAllowed,
    CaseClosed.
    """
    said = text.strip()
    _require_fit(said, case.channel)
    fresh = in_hand(member, case)
    require_open(fresh)
    require_trained(member, fresh)
    entry = CaseEntry.objects.create(
        case=fresh,
        organisation_id=fresh.organisation_id,
        kind=EntryKind.REPLY,
        author=member,
        text=said,
        card=card,
        sending=Sending.WAITING,
    )
    now = timezone.now()
    change(
        fresh,
        status=Status.PENDING,
        assignee_id=fresh.assignee_id or member.pk,
        first_reply_at=fresh.first_reply_at or now,
        waiting_since=None,
        snoozed_until=None,
        last_entry_at=now,
    )
    Draft.objects.filter(case=fresh, member=member, note=False).delete()
    audit(member, "replied", fresh, entry=entry.pk)
    with walls.as_owner():
        send_soon(fresh.contact_id, entry.pk)
    if resolve:
        change(fresh, one_touch=True)
        finish(member, fresh, "answered")
    publish(fresh.organisation_id, fresh.public_id, "reply")
    return entry


def _require_fit(text: str, channel: str) -> None:
    if not text:
        raise Empty
    if len(text.encode("utf-16-le")) // 2 > MAX_BODY_UNITS:
        raise TooLong
    if channel == Channel.SMS and measure(text).segments > SMS_SEGMENTS:
        raise TooLong


def note(
    member: Membership, case: Case, text: str, mentions: Sequence[Membership] = ()
) -> CaseEntry:
    """Add a private note that the person never sees. Raises Empty, NotAllowed."""
    said = text.strip()
    if not said:
        raise Empty
    fresh = in_hand(member, case)
    require_trained(member, fresh)
    if any(other.organisation_id != member.organisation_id for other in mentions):
        raise NotAllowed
    entry = CaseEntry.objects.create(
        case=fresh,
        organisation_id=fresh.organisation_id,
        kind=EntryKind.NOTE,
        author=member,
        text=said,
        mentions=[other.pk for other in mentions],
    )
    change(fresh, last_entry_at=timezone.now())
    Draft.objects.filter(case=fresh, member=member, note=True).delete()
    audit(member, "noted", fresh, entry=entry.pk)
    publish(fresh.organisation_id, fresh.public_id, "note")
    return entry


def mask(member: Membership, entry: CaseEntry, start: int, length: int) -> CaseEntry:
    """Blot out `length` characters from `start` in the case's record, for good.

    Raises NotAllowed, NoSuchCase, Empty when the span lies outside the text.
    """
    case = in_hand(member, entry.case)
    fresh = CaseEntry.objects.filter(pk=entry.pk, case=case).first()
    if fresh is None:
        raise NoSuchCase
    if start < 0 or length < 1 or start + length > len(fresh.text):
        raise Empty
    fresh.text = fresh.text[:start] + BLOT * length + fresh.text[start + length :]
    now = timezone.now()
    fresh.masks = [
        *fresh.masks,
        {"start": start, "length": length, "member": member.pk, "at": now.isoformat()},
    ]
    fresh.save(update_fields=["text", "masks"])
    say(case, "masked", member, length=length)
    audit(member, "masked", case, entry=fresh.pk, start=start, length=length)
    publish(case.organisation_id, case.public_id, "changed")
    return fresh


def save_draft(member: Membership, case: Case, text: str, is_note: bool = False) -> None:
    """Keep what the member is writing; an empty text lets it go. Not a change of the case."""
    require(member, *WRITERS)
    mine = Draft.objects.filter(case=case, member=member, note=is_note)
    if not text.strip():
        mine.delete()
        return
    Draft.objects.update_or_create(
        case=case,
        member=member,
        note=is_note,
        defaults={"text": text, "updated_at": timezone.now()},
    )


def draft_of(member: Membership, case: Case, is_note: bool = False) -> str:
    """Return what the member was writing, '' if nothing."""
    found = Draft.objects.filter(case=case, member=member, note=is_note).first()
    return found.text if found else ""
