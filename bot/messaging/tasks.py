"""The worker's jobs. A job's arguments are ids and nothing else: they are stored and logged."""

import logging

from procrastinate import JobContext
from procrastinate.contrib.django import app

from bot.messaging.retrying import Patiently

log = logging.getLogger(__name__)

# Jobs of one conversation run one at a time and in order: their lock is the contact's id.
QUEUE = "conversations"
PATIENTLY = Patiently()


@app.task(name="haki.handle_message", queue=QUEUE, pass_context=True, retry=PATIENTLY)
def handle_message(context: JobContext, message_id: int) -> None:
    """Answer one inbound message, with what else waits of its conversation, and deliver.

    Safe to run again at any point: an answered message is not answered twice, a sent one not sent
    twice.
    """
    from bot.messaging.handling import handle, tend

    if context.job.lock:
        tend(context.job.lock, attempt=context.job.attempts)
    else:
        handle(message_id, attempt=context.job.attempts)


@app.task(name="haki.tend", queue=QUEUE, pass_context=True, retry=PATIENTLY)
def tend_conversation(context: JobContext, contact_id: str) -> None:
    """Deliver and answer whatever waits in a conversation. Defer it with `tend_soon`."""
    from bot.messaging.handling import tend

    tend(contact_id, attempt=context.job.attempts)


def tend_soon(contact_id: str) -> None:
    """Let a worker deliver what was stored for a person, after what is already under way.

    Call it in the transaction that stores the message.
    """
    tend_conversation.configure(lock=contact_id).defer(contact_id=contact_id)


@app.periodic(cron="* * * * *")
@app.task(name="haki.sweep", queue="upkeep", queueing_lock="sweep")
def sweep(timestamp: int) -> None:
    """Find conversations that wait without a job, and close what is long over."""
    from bot.messaging.sweeping import sweep as sweep_now

    sweep_now()
