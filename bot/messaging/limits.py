"""How much of one person is answered one by one; counted in Redis, and without Redis not at all.

Generous: nobody in need reaches these. They stop two machines that answer each other, and keep a
flood from costing the answers of everybody else. Nothing is lost: what is over the limit waits
for the next minute and is then answered together.
"""

import hashlib
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

import redis

from bot.messaging.models import Contact, Message
from bot.settings.environment import environment

log = logging.getLogger(__name__)

MINUTE = 60
# Messages of one person in a minute, and of all people to one of our numbers.
OF_A_PERSON = 30
TO_A_NUMBER = 1200
# The same words so often within so many seconds come from a machine.
LIKE_MESSAGES = 20
LIKE_WITHIN = 300


class Verdict(Enum):
    """What to do with a person's messages."""

    FINE = "fine"
    LATER = "later"  # together, when the minute is over
    LOOP = "loop"  # take them in and stay silent


@dataclass(frozen=True)
class Look:
    """A verdict, and whether the person should be told of it, which is once."""

    verdict: Verdict
    tell: bool = False
    wait: float = 0.0


FINE = Look(Verdict.FINE)


@lru_cache(maxsize=1)
def _redis() -> "redis.Redis":
    return redis.Redis.from_url(environment().redis_url, socket_timeout=1, socket_connect_timeout=1)


def look(contact: Contact, waiting: Sequence[Message]) -> Look:
    """Count `waiting`, each message once however often it is looked at, and judge."""
    if not environment().rate_limits or not waiting:
        return FINE
    try:
        return _look(str(contact.pk), contact.our_address, waiting)
    except redis.RedisError as error:
        log.warning("Redis is away, so nothing is limited: %s", type(error).__name__)
        return FINE


def _look(person: str, number: str, waiting: Sequence[Message]) -> Look:
    now = time.time()
    minute = int(now // MINUTE)
    like = f"haki:like:{person}:{_alike(waiting[-1])}:{int(now // LIKE_WITHIN)}"
    with _redis().pipeline(transaction=False) as batch:
        for message in waiting:
            written = int(message.created_at.timestamp() // MINUTE)
            for name in (f"haki:heard:{person}:{written}", f"haki:to:{number}:{written}"):
                batch.sadd(name, message.pk)
                batch.expire(name, 2 * MINUTE)
        batch.sadd(like, waiting[-1].pk)
        batch.expire(like, LIKE_WITHIN)
        batch.scard(f"haki:heard:{person}:{minute}")
        batch.scard(f"haki:to:{number}:{minute}")
        batch.scard(like)
        of_person, to_number, alike = batch.execute()[-3:]
    if alike > LIKE_MESSAGES:
        return Look(Verdict.LOOP, _first(f"haki:told:loop:{person}", LIKE_WITHIN))
    wait = (minute + 1) * MINUTE - now
    if of_person > OF_A_PERSON:
        return Look(Verdict.LATER, _first(f"haki:told:many:{person}", LIKE_WITHIN), wait)
    if to_number > TO_A_NUMBER:
        return Look(Verdict.LATER, False, wait)
    return FINE


def _first(name: str, seconds: int) -> bool:
    return bool(_redis().set(name, 1, ex=seconds, nx=True))


def _alike(message: Message) -> str:
    """Return a name for what was said; keyed, so that Redis holds nothing that can be guessed."""
    plain = " ".join([message.kind, *message.text.casefold().split()])
    key = environment().lookup_key.encode("utf-8")[:64]
    return hashlib.blake2b(plain.encode("utf-8"), digest_size=8, key=key).hexdigest()
