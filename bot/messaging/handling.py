"""What the worker does with one conversation: answer what waits, once and in order, and deliver.

Safe to run again at any point: an answered message is not answered twice, a sent one not sent
twice, whatever died in between.
"""

import logging
import traceback
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import httpx
from django.db import transaction
from django.utils import timezone

from bot.dialogue.client import Answer, RasaFailed
from bot.dialogue.conversation_state import forget
from bot.messaging import answering, chat_manners, incidents, limits, outbox, partners
from bot.messaging.contacts import new_contact
from bot.messaging.incidents import Kind
from bot.messaging.limits import Verdict
from bot.messaging.models import Contact, Direction, Message, State
from bot.messaging.retrying import AWAY, TooMany
from bot.messaging.tasks import handle_message
from bot.messaging.turns import Turn, first_stop, next_turn
from bot.settings.environment import environment

log = logging.getLogger(__name__)

# After so many tries, some two minutes, a message that fails while everything else works is itself
# the reason. From JOINED_TRIES on its companions are answered apart, so that only it is given up.
MOST_TRIES, JOINED_TRIES = 8, 4
# Failures of the dialogue in a row, in one process, from which on it is an incident.
DIALOGUE_IN_A_ROW = 3
# So long without an answer, and the person is told that it will take longer.
PATIENCE = timedelta(seconds=60)
PROBE_TIMEOUT = 2.0


def handle(message_id: int, attempt: int = 0) -> None:
    """Tend the conversation of one message; see `tend`."""
    found = Message.objects.filter(pk=message_id).values_list("contact_id", flat=True).first()
    if found is not None:
        tend(found, attempt)


def tend(contact_id: UUID | str, attempt: int = 0) -> None:
    """Deliver and answer everything that waits in a conversation.

    `attempt` counts the earlier tries of this job, from 0. Raises RasaFailed, DeliveryError or
    another exception of `retrying` when another try is needed.
    """
    waiting = list(
        Message.objects.filter(
            contact_id=contact_id, state__in=[State.RECEIVED, State.QUEUED, State.SENDING]
        )
        .select_related("contact")
        .order_by("id")
    )
    contact = waiting[0].contact if waiting else _being_erased(contact_id)
    if contact is None:
        return
    for message in waiting:
        message.contact = contact
    inbound = [message for message in waiting if message.direction == Direction.INBOUND]
    unsent = [message for message in waiting if message.direction == Direction.OUTBOUND]
    if unsent and first_stop(inbound) >= 0:
        for row in unsent:
            outbox.close(row, "stopped")
        unsent = []
    if unsent and partners.handover().keeps_silent(contact, inbound):
        unsent = []
    _deliver(contact, unsent, attempt)
    if not contact.erase_requested_at:
        _answer_all(contact, inbound, attempt)
    if contact.erase_requested_at:
        erase(contact)


def _being_erased(contact_id: UUID | str) -> Contact | None:
    """Return the contact if its erasure was cut off; else nothing is left to do."""
    return Contact.objects.filter(pk=contact_id).exclude(erase_requested_at=None).first()


def _deliver(contact: Contact, rows: Sequence[Message], attempt: int) -> None:
    """Send what an earlier try left. Raises what `outbox.deliver_one` raises."""
    # Erasing a person must not wait for a provider.
    give_up = bool(contact.erase_requested_at) and attempt >= JOINED_TRIES
    for row in rows:
        cut_off = row.state == State.SENDING
        try:
            outbox.deliver_one(contact, row, cut_off=cut_off, give_up=give_up)
        except AWAY:
            raise
        except Exception as error:
            if attempt < MOST_TRIES:
                raise
            _tell_operator(row, error)
            outbox.close(row, type(error).__name__)


def _answer_all(contact: Contact, inbound: list[Message], attempt: int) -> None:
    inbound = _within_limits(contact, inbound)
    while inbound and not contact.erase_requested_at:
        turn = next_turn(inbound, join=attempt < JOINED_TRIES)
        _answer_turn(contact, turn, attempt)
        inbound = [message for message in inbound if message not in turn.messages]


def _answer_turn(contact: Contact, turn: Turn, attempt: int) -> None:
    """Answer one turn and deliver the answer; after MOST_TRIES say that we cannot."""
    lead = turn.lead
    try:
        answer = _unsaid(turn) if turn.unsaid else _ask(turn)
        rows = outbox.store_answer(lead, answer.replies, answer.effects, turn.messages)
    except RasaFailed as error:
        _dialogue_failed(turn, error)
        if attempt < MOST_TRIES or not dialogue_is_well():
            raise
        rows = _give_up(turn, error)
    except AWAY:
        raise
    except Exception as error:
        if attempt < MOST_TRIES:
            raise
        rows = _give_up(turn, error)
    outbox.deliver_new(contact, rows)


def _unsaid(turn: Turn) -> Answer:
    return partners.handover().unsaid(turn.lead, turn.texts)


def _ask(turn: Turn) -> Answer:
    lead = turn.lead
    chat_manners.used_keyboard_away(lead)
    with chat_manners.typing(lead):
        answer = answering.answer(lead, turn.texts, turn.key)
    if lead.dialogue_ms is not None:
        incidents.over(Kind.DIALOGUE_AWAY)
    return answer


def _dialogue_failed(turn: Turn, error: RasaFailed) -> None:
    """Count it; after a minute tell the person, once, what works without us."""
    log.warning("no answer from Rasa to message %s: %s", turn.lead.pk, error)
    incidents.note_in_a_row(DIALOGUE_IN_A_ROW, Kind.DIALOGUE_AWAY, str(error))
    first = turn.messages[0]
    if timezone.now() - first.created_at < PATIENCE or _was_told(first):
        return
    outbox.deliver_new(first.contact, outbox.store_replies(first, [answering.fallback(first)]))


def _was_told(message: Message) -> bool:
    """Tell whether the person has had the honest line since `message` waits."""
    said = Message.objects.filter(
        contact_id=message.contact_id, direction=Direction.OUTBOUND, kind="fallback"
    )
    return said.filter(id__gt=message.pk).exists()


def _give_up(turn: Turn, error: Exception) -> list[Message]:
    """Mark a turn that no try could answer, tell the person and the operator."""
    lead = turn.lead
    _tell_operator(lead, error)
    with transaction.atomic():
        rows = (
            []
            if _was_told(turn.messages[0])
            else outbox.store_replies(lead, [answering.fallback(lead)])
        )
        Message.objects.filter(pk__in=[message.pk for message in turn.messages]).update(
            state=State.FAILED, error_code=type(error).__name__[:40], updated_at=timezone.now()
        )
    return rows


def _tell_operator(message: Message, error: Exception) -> None:
    """Log where it broke, without the exception's own words: they may hold a person's."""
    where = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{where.filename.rpartition('/')[2]}:{where.lineno}"
    log.error("message %s is given up: %s in %s", message.pk, type(error).__name__, place)
    incidents.note(Kind.MESSAGE_GIVEN_UP, type(error).__name__, message.channel)


def dialogue_is_well() -> bool:
    """Tell whether Rasa and its actions are up, so that a message itself must be the trouble."""
    haki = environment()
    try:
        answers = [
            httpx.get(url, timeout=PROBE_TIMEOUT, trust_env=False)
            for url in (f"{haki.rasa_url}/", f"{haki.actions_url}/health")
        ]
    except httpx.HTTPError:
        return False
    return all(answer.status_code == 200 for answer in answers)


def _within_limits(contact: Contact, inbound: list[Message]) -> list[Message]:
    """Return the messages to answer now. Raises TooMany when they should wait."""
    # STOP and its like always act.
    if not inbound or first_stop(inbound) >= 0:
        return inbound
    seen = limits.look(contact, inbound)
    if seen.verdict is Verdict.FINE:
        return inbound
    lead = inbound[-1]
    if seen.verdict is Verdict.LOOP:
        replies = [answering.limit_notice(lead, "limit.loop")] if seen.tell else []
        rows = outbox.store_answer(lead, replies, (), inbound)
        outbox.deliver_new(contact, rows)
        return []
    if seen.tell:
        notice = answering.limit_notice(lead, "limit.many")
        outbox.deliver_new(contact, outbox.store_replies(lead, [notice]))
    raise TooMany(seen.wait)


def erase(contact: Contact) -> None:
    """Remove the person: contact, messages, cases, and what Redis holds of the conversation.

    What they wrote after they asked for it, and nobody answered yet, goes to the new person that
    they are now, with a job: nothing is lost. Raises redis.RedisError when Redis is away; the job
    is then tried again.
    """
    forget(str(contact.pk))
    with transaction.atomic():
        unanswered = contact.messages.select_for_update().filter(
            direction=Direction.INBOUND, state=State.RECEIVED
        )
        last = unanswered.order_by("-id").first()
        if last is not None:
            now = new_contact(contact)
            unanswered.update(contact=now)
            handle_message.configure(lock=str(now.pk)).defer(message_id=last.pk)
        contact.delete()
    log.info("a person was erased at their wish")
