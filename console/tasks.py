"""The worker's jobs for cases. Their arguments are ids and nothing else."""

from datetime import datetime
from uuid import UUID

from procrastinate import JobContext
from procrastinate.contrib.django import app

from bot.messaging.tasks import PATIENTLY, QUEUE


@app.task(name="haki.case_words", queue=QUEUE, pass_context=True, retry=PATIENTLY)
def send_words(context: JobContext, entry_id: int) -> None:
    """Send one line of a case to its person, or hold it back with a reason. Safe to run again."""
    from console.handover.sending import send

    send(entry_id, attempt=context.job.attempts)


@app.task(name="haki.case_words_later", queue=QUEUE, retry=PATIENTLY)
def send_words_later(contact_id: str, entry_id: int) -> None:
    """Hand a held line on when its time has come.

    A job of its own without a lock: one that waits for its hour under the conversation's lock
    would keep back everything behind it.
    """
    send_soon(UUID(contact_id), entry_id)


def send_soon(contact_id: UUID, entry_id: int) -> None:
    """Let a worker send a line after what is under way. Call it in the storing transaction."""
    send_words.configure(lock=str(contact_id)).defer(entry_id=entry_id)


def send_at(contact_id: UUID, entry_id: int, moment: datetime) -> None:
    """Let a worker send a line at `moment`."""
    later = send_words_later.configure(schedule_at=moment)
    later.defer(contact_id=str(contact_id), entry_id=entry_id)


@app.periodic(cron="* * * * *")
@app.task(name="haki.mind_cases", queue="upkeep", queueing_lock="mind_cases")
def mind_cases(timestamp: int) -> None:
    """Wake snoozed cases, warn before a target passes and tell after it."""
    from console.handover.minding import mind

    mind()
