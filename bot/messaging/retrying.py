"""When a job that failed is tried again: for as long as the person's answer is worth having.

No job ends by failing. What is away comes back, so those jobs go on, slower and slower; a message
that no try can answer is given up by `handling`, which says so to the person and the operator.
"""

import httpx
import redis
from django.db import InterfaceError, OperationalError
from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.jobs import Job

from bot.channels.delivery_errors import DeliveryError
from bot.dialogue.client import RasaFailed

# What passes by itself or by an operator's hand: never a reason to give a message up.
AWAY = (
    RasaFailed,
    DeliveryError,
    redis.RedisError,
    httpx.HTTPError,
    OperationalError,
    InterfaceError,
)
# Seconds between two tries at most. The dialogue and the engines are ours and come back soon; a
# provider that is down gets room.
LONGEST, LONGEST_FOR_PROVIDER = 15.0, 120.0


class TooMany(Exception):
    """The person writes more than can be answered one by one; `wait` in seconds, then together."""

    def __init__(self, wait: float) -> None:
        super().__init__(f"answered in {wait:.0f} s")
        self.wait = wait


def seconds_until_next_try(error: BaseException, attempts: int) -> float:
    """Return how long to wait after `error`; `attempts` counts the tries before this one."""
    if isinstance(error, TooMany):
        return error.wait
    longest = LONGEST_FOR_PROVIDER if isinstance(error, DeliveryError) else LONGEST
    wait = min(2.0 ** min(attempts, 10), longest)
    return max(wait, error.wait) if isinstance(error, DeliveryError) else wait


class Patiently(BaseRetryStrategy):  # type: ignore[misc]  # procrastinate shows no types
    """Tries again after every exception."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision:
        """Return when to try again."""
        seconds = seconds_until_next_try(exception, job.attempts)
        return RetryDecision(retry_in={"milliseconds": int(seconds * 1000)})
