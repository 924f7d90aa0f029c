"""What a member should know before they write."""

from decimal import Decimal

from django.utils import timezone

from bot.channels.names import Channel
from bot.messaging.models import Contact
from bot.messaging.service_window import MARGIN, WINDOW
from bot.messaging.spending import price_of
from console import walls
from console.handover import gates
from console.models import Case, Person, Precautions, Status


def plan_of(case: Case) -> Precautions | None:
    """Return when and how it is safe to write to the person, None when they said nothing."""
    return Precautions.objects.filter(contact_id=case.contact_id).first()


def obstacle(case: Case) -> str:
    """Return why a reply would not go out now, '' if it would.

    safe_hours, quiet_hours, hidden, neutral_first, window: it would be kept until it may;
    opted_out, withdrawn, unreachable, resolved: it would not be sent.
    """
    if case.withdrawn_at:
        return "withdrawn"
    if case.status == Status.RESOLVED:
        return "resolved"
    person = Person.objects.filter(pk=case.contact_id).first()
    if person is None:
        return "unreachable"
    gate = gates.look(person, plan_of(case), case, timezone.now())
    return gate.reason or ("window" if not window_is_open(person) else "")


def cost(case: Case, segments: int) -> Decimal | None:
    """Return what so many SMS segments to the person are estimated to cost, None unpriced.

    The currency is that of HAKI_SMS_PRICES. Prices go by the country of the number, which members
    may not read: only the amount comes back through the wall.
    """
    with walls.as_owner():
        country = Contact.objects.values_list("country_of_prefix", flat=True).get(
            pk=case.contact_id
        )
    return price_of(segments, country)


def window_is_open(person: Person) -> bool:
    """Tell whether WhatsApp takes free text now; always true elsewhere."""
    if person.channel != Channel.WHATSAPP:
        return True
    if person.window_closed_at and person.window_closed_at >= person.last_inbound_at:
        return False
    return timezone.now() - person.last_inbound_at < WINDOW - MARGIN
