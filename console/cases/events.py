"""Telling open pages that a case changed: which one and what happened, never a text."""

import json
import logging
from functools import lru_cache

import redis
from django.db import transaction

from bot.settings.environment import environment

LOG = logging.getLogger(__name__)
# Seconds. A live update is a comfort; nobody waits long for it.
_PATIENCE = 2.0


def publish(organisation_id: int, public_id: str, event: str) -> None:
    """Tell the organisation's open pages once the transaction is through.

    Events: opened, inbound, reply, note, changed, delivery. Lost when Redis is away: pages ask
    again when it is back.
    """
    message = json.dumps({"case": public_id, "event": event})
    transaction.on_commit(lambda: _send(f"console:{organisation_id}", message))


def _send(channel: str, message: str) -> None:
    try:
        _redis().publish(channel, message)
    except redis.RedisError as error:
        LOG.warning("a live update was not sent: %s", type(error).__name__)


@lru_cache(maxsize=1)
def _redis() -> redis.Redis:
    return redis.Redis.from_url(
        environment().redis_url, socket_timeout=_PATIENCE, socket_connect_timeout=_PATIENCE
    )
