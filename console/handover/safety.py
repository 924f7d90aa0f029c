"""When and how it is safe to write to a person; the word for "someone is looking"."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from bot.handover.hours import SafeHours, WrongHours
from bot.handover.zones import zone_of
from bot.messaging import outbox
from bot.messaging.models import Contact, Direction, Message, State
from bot.understanding.normalise import match_key
from console.cases.events import publish
from console.cases.lines import say
from console.models import Case, CaseEntry, SafetyPlan, Sending, Status
from console.tasks import send_soon

ANY_TIME = "any"
NOT_OUT = (State.QUEUED, State.HELD, State.SENDING)


def plan(contact: Contact, effect: Mapping[str, Any]) -> None:
    """Store what the person said about safety; what the effect does not name stays as it is.

    `safe_hours` are by the clock of the capital of the country where they are. Hours that no
    clock shows count as not said: the dialogue checks them before it asks for consent.
    """
    changed: dict[str, Any] = {}
    hours = str(effect.get("safe_hours", ""))
    if hours == ANY_TIME:
        changed |= {"hours_from": None, "hours_until": None}
    elif hours:
        changed |= _hours(contact, hours)
    if "neutral" in effect:
        changed["neutral_first"] = bool(effect["neutral"])
    if effect.get("code_word"):
        changed["code_word"] = match_key(str(effect["code_word"]))
    if changed:
        SafetyPlan.objects.update_or_create(contact=contact, defaults=changed)


def _hours(contact: Contact, text: str) -> dict[str, Any]:
    place = zone_of(contact.country or contact.origin)
    try:
        read = SafeHours.read(text, place)
    except WrongHours:
        return {}
    return {"hours_from": read.start, "hours_until": read.until, "zone": place}


def same(text: str, code_word: str) -> bool:
    """Tell whether `text` is the code word, however it was typed; never for no word."""
    return bool(code_word) and match_key(text) == match_key(code_word)


def hide(contact: Contact, effect: Mapping[str, Any]) -> None:
    """Someone is looking: from now on nothing goes out. What waited is held in its case."""
    SafetyPlan.objects.filter(contact=contact).update(hidden_since=timezone.now())
    contact.refresh_from_db(fields=["holder"])
    waiting = contact.messages.filter(direction=Direction.OUTBOUND, state__in=NOT_OUT)
    for message in waiting:
        _take_back(message)
    _note(contact, "hidden")


def _take_back(message: Message) -> None:
    """Keep a message that did not go out: a case's own is held there, another one is over."""
    of_case = CaseEntry.objects.filter(message=message)
    if not of_case.update(sending=Sending.HELD, reason="hidden", held_until=None, message=None):
        outbox.close(message, "hidden")
    else:
        message.delete()


def come_back(contact: Contact, effect: Mapping[str, Any]) -> None:
    """Nobody is looking any more: what was held goes out, within the safe hours."""
    SafetyPlan.objects.filter(contact=contact).update(hidden_since=None)
    contact.refresh_from_db(fields=["holder"])
    _note(contact, "back")
    release(contact, "hidden")


def release(contact: Contact, *reasons: str) -> None:
    """Let a worker look again at what was held for one of `reasons`."""
    held = CaseEntry.objects.filter(
        case__contact=contact, sending=Sending.HELD, reason__in=reasons
    ).order_by("id")
    for entry_id in held.values_list("pk", flat=True):
        send_soon(contact.pk, entry_id)


def _note(contact: Contact, what: str) -> None:
    case = Case.objects.filter(contact=contact).exclude(status=Status.RESOLVED).first()
    if case is not None:
        say(case, what)
        publish(case.organisation_id, case.public_id, "changed")
