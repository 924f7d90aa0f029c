"""What a member may know before a reply is sent: whether it would go out now."""

from django.utils import timezone

from bot.channels.names import Channel
from bot.messaging.service_window import MARGIN, WINDOW
from console.handover import gates
from console.models import Case, Person, SafetyPlan, Sending, Status

# The code word is not among them: the database shows it to no console.
PLAN_COLUMNS = (
    "contact_id", "hours_from", "hours_until", "zone", "neutral_first", "hidden_since",
)  # fmt: skip


def plan_of(case: Case) -> SafetyPlan | None:
    """Return when and how it is safe to write to the case's person, without the code word."""
    return SafetyPlan.objects.only(*PLAN_COLUMNS).filter(contact=case.contact_id).first()


def obstacle(case: Case) -> str:
    """Return why a reply would not go out now, '' if it would.

    The reasons of `gates.look`, and `resolved`, `window` (WhatsApp takes no free text now).
    """
    if case.status == Status.RESOLVED:
        return "resolved"
    person = Person.objects.get(pk=case.contact_id)
    gate = gates.look(person, plan_of(case), case, timezone.now())
    if gate.sending != Sending.HANDED_OVER:
        return gate.reason
    return "" if _window_open(case, person) else "window"


def _window_open(case: Case, person: Person) -> bool:
    if case.channel != Channel.WHATSAPP:
        return True
    if person.window_closed_at and person.window_closed_at >= person.last_inbound_at:
        return False
    return timezone.now() - person.last_inbound_at < WINDOW - MARGIN
