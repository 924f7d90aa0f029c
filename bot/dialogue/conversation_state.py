"""Forgetting what Redis holds of a conversation."""

import redis

from bot.settings.environment import environment

# The prefixes under which bot.dialogue.tracker_store keeps a conversation; repeated here because
# that module imports Rasa, which the worker does not load.
KEY_PREFIXES = ("haki:tracker:", "haki:before:")


def forget(sender: str) -> None:
    """Delete the conversation state of `sender`. Raises redis.RedisError when Redis is away."""
    with redis.Redis.from_url(environment().redis_url, socket_timeout=5) as connection:
        connection.delete(*(prefix + sender for prefix in KEY_PREFIXES))
