"""Who can help, as lines of text."""

from collections.abc import Sequence

from actions.phrasebook import text
from actions.turn import Turn
from bot.library import Contact

# An SMS names this many contacts at a time.
SMS_CONTACTS = 3
MOST_CONTACTS = 6
# How a sentence ends, before the next; ". " in the other languages.
_STOPS = {"zh": "。", "am": "። ", "ne": "। "}
_ALL_STOPS = " .。।።"


def lines(turn: Turn, contacts: Sequence[Contact], short: bool) -> list[str]:
    """Return one line for each contact: name, how to reach it, hours, and how sure we are.

    `short` is for SMS: the name and one way to reach it.
    """
    return [_line(turn, contact, short) for contact in contacts]


def _line(turn: Turn, contact: Contact, short: bool) -> str:
    ways = _ways(contact, turn)
    line = f"{contact.name_in(turn.language)}: {', '.join(ways[:1] if short else ways)}"
    if short:
        return line
    details = [contact.serves_in(turn.language), contact.hours_in(turn.language)]
    sure = "contact.verified" if contact.confidence != "unconfirmed" else "contact.unconfirmed"
    details.append(text(turn, sure, date=contact.verified))
    stop = _STOPS.get(turn.language, ". ")
    told = [detail.rstrip(_ALL_STOPS) for detail in details if detail]
    return f"{line}\n   {stop.join(told)}{stop.rstrip()}"


def _ways(contact: Contact, turn: Turn) -> list[str]:
    ways = [contact.phone] if contact.phone else []
    if contact.whatsapp:
        ways.append(f"WhatsApp {contact.whatsapp}")
    if contact.url:
        ways.append(contact.url)
    return ways or [text(turn, "contact.no_way")]


def reachable(contacts: Sequence[Contact]) -> list[Contact]:
    """Return the contacts that can be reached, those with a number first."""
    by_phone = [contact for contact in contacts if contact.phone or contact.whatsapp]
    by_web = [c for c in contacts if c.url and c not in by_phone]
    return [*by_phone, *by_web]
