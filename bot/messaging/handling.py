"""What the worker does with one inbound message: answer it once, then deliver."""

import logging

from django.db import transaction

from bot.channels.delivery_errors import DeliveryError
from bot.channels.names import Channel
from bot.channels.outgoing import read_tap_token
from bot.dialogue.client import Answer, RasaFailed
from bot.dialogue.conversation_state import forget
from bot.messaging import answering, outbox
from bot.messaging.contacts import new_contact
from bot.messaging.models import Contact, Direction, Message, State
from bot.messaging.senders import telegram_sender
from bot.messaging.tasks import ATTEMPTS, ATTEMPTS_FOR_RASA

log = logging.getLogger(__name__)


def handle(message_id: int, attempt: int) -> None:
    """Answer and deliver; `attempt` counts the earlier tries of this job, from 0.

    Raises RasaFailed or DeliveryError while another try may help.
    """
    message = Message.objects.select_related("contact").filter(pk=message_id).first()
    if message is None:
        return
    if message.state == State.RECEIVED:
        _end_tap(message)
        answer = _answer(message, last_try=attempt + 1 >= ATTEMPTS_FOR_RASA)
        outbox.store_answer(message, answer.replies, answer.effects)
    outbox.deliver(message.contact, give_up=attempt + 1 >= ATTEMPTS)
    if message.contact.erase_requested_at:
        erase(message.contact)


def _answer(message: Message, last_try: bool) -> Answer:
    try:
        return answering.answer(message)
    except RasaFailed as error:
        log.warning("no answer from Rasa to message %s: %s", message.pk, error)
        if not last_try:
            raise
        return Answer((answering.fallback(message),))


def _end_tap(message: Message) -> None:
    """End the spinner of a Telegram button and take the used keyboard away.

    A convenience for the eye: when Telegram refuses it, the answer still goes out.
    """
    query = message.details.get("acknowledge")
    if message.channel != Channel.TELEGRAM or not query:
        return
    try:
        telegram_sender().acknowledge_tap(query)
        used = _tapped_message(message)
        if used is not None:
            telegram_sender().remove_buttons(message.contact.address, used)
    except DeliveryError as error:
        log.info("tap of message %s was not acknowledged: %s", message.pk, error)


def _tapped_message(message: Message) -> str | None:
    token = read_tap_token(message.details.get("tap", ""))
    if token is None:
        return None
    sent = Message.objects.filter(
        pk=token[0], contact_id=message.contact_id, direction=Direction.OUTBOUND
    ).first()
    if sent is None or not sent.provider_id:
        return None
    return sent.provider_id.partition(":")[2] or None


def erase(contact: Contact) -> None:
    """Remove the person: contact, messages, wishes, and what Redis holds of the conversation.

    What they wrote after they asked for it, and nobody answered yet, goes to the new person that
    they are now: nothing is lost. Raises redis.RedisError when Redis is away; the job is then
    tried again.
    """
    forget(str(contact.pk))
    with transaction.atomic():
        unanswered = contact.messages.select_for_update().filter(
            direction=Direction.INBOUND, state=State.RECEIVED
        )
        if unanswered.exists():
            unanswered.update(contact=new_contact(contact))
        contact.delete()
    log.info("a person was erased at their wish")
