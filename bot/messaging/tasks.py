"""The worker's jobs. A job's arguments are ids and nothing else: they are stored and logged."""

import logging
from typing import Any

import redis
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from bot.channels.delivery_errors import DeliveryError
from bot.dialogue.client import RasaFailed

log = logging.getLogger(__name__)

# Waits 3, 9, 27 s between the tries: a restart of Rasa (some 20 s) fits in.
ATTEMPTS = 6
ATTEMPTS_FOR_RASA = 4


@app.task(
    name="haki.handle_message",
    queue="conversations",
    pass_context=True,
    retry=RetryStrategy(
        max_attempts=ATTEMPTS,
        exponential_wait=3,
        retry_exceptions={RasaFailed, DeliveryError, redis.RedisError},
    ),
)
def handle_message(context: JobContext, message_id: int) -> None:
    """Answer one inbound message and deliver the answer.

    One job at a time per conversation and in order (procrastinate's lock). Safe to run again at
    any point: an answered message is not answered twice, a sent one not sent twice.
    """
    from bot.messaging.handling import handle

    handle(message_id, attempt=context.job.attempts)


@app.periodic(cron="* * * * * */20")
@app.task(name="haki.take_over", queueing_lock="take_over", pass_context=True)
async def take_over_stalled_jobs(context: JobContext, timestamp: int) -> None:
    """Hand the jobs of workers that stopped sending heartbeats to the living ones."""
    log.debug("looking for stalled jobs at %s", timestamp)
    manager = context.app.job_manager
    stalled: Any = await manager.get_stalled_jobs()
    for job in stalled:
        log.warning("job %s is taken over from a worker that is gone", job.id)
        await manager.retry_job(job)
