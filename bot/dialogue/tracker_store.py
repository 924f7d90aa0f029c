"""The conversation's state in Redis: short, without texts, gone after its time to live.

Rasa's own Redis store keeps every event for ever in one value and reads and rewrites all of it
at each turn. This one keeps the slots and the last turns, and of those only what rules and
stories read: intents, entities, actions. So the thousandth message costs what the tenth did.
"""

import json
from typing import Any

import redis
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import SerializedTrackerAsText, TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.conversation import Dialogue
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    BotUttered,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from bot.dialogue import turn

KEY_PREFIX = "haki:tracker:"
# The name of the latest turn, a line break, and the record as it was before that turn.
BEFORE_PREFIX = "haki:before:"
# Turns that stories look back on (MemoizationPolicy's max_history is below it).
TURNS = 4
# What a person chose on the way to a case worker: a name, a code word. It never rests in Redis.
UNKEPT = "state"
# Seconds: two days of silence end what a conversation was about; the profile stays in PostgreSQL.
TIME_TO_LIVE = 172800


class BoundedTrackerStore(TrackerStore, SerializedTrackerAsText):
    """A Redis tracker store whose records are bounded in size and in time.

    `host` is what endpoints.yml calls `url` (Rasa hands it over under that name).
    """

    def __init__(
        self,
        domain: Domain,
        event_broker: EventBroker | None = None,
        host: str = "",
        record_exp: float = TIME_TO_LIVE,
        **kwargs: Any,
    ) -> None:
        if "://" not in host:
            raise ValueError("endpoints.yml: tracker_store.url needs HAKI_REDIS_URL.")
        self._redis = redis.Redis.from_url(host, decode_responses=True, socket_timeout=5)
        self._seconds = int(record_exp)
        super().__init__(domain, event_broker, **kwargs)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Store the cut tracker and renew its time to live."""
        await self.stream_events(tracker)
        kept = Dialogue(tracker.sender_id, cut(list(tracker.events), tracker))
        record = json.dumps(kept.as_dict())
        working_on = turn.current()
        if working_on is None:
            self._redis.set(KEY_PREFIX + tracker.sender_id, record, ex=self._seconds)
            return
        before = f"{working_on.key}\n{working_on.before}"
        with self._redis.pipeline(transaction=True) as both:
            both.set(KEY_PREFIX + tracker.sender_id, record, ex=self._seconds)
            both.set(BEFORE_PREFIX + tracker.sender_id, before, ex=self._seconds)
            both.execute()

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """Return the conversation, None when there is none or its time is over.

        In a turn that is asked again: the conversation as it was before that turn.
        """
        stored = self._read(sender_id)
        return self.deserialise_tracker(sender_id, stored) if stored else None

    def _read(self, sender_id: str) -> str:
        working_on = turn.current()
        if working_on is None or working_on.begun:
            return str(self._redis.get(KEY_PREFIX + sender_id) or "")
        keys = [KEY_PREFIX + sender_id, BEFORE_PREFIX + sender_id]
        stored, before = (str(value or "") for value in self._redis.mget(keys))
        key, _, earlier = before.partition("\n")
        working_on.before = earlier if key == working_on.key else stored
        working_on.begun = True
        return working_on.before

    async def retrieve_full_tracker(self, sender_id: str) -> DialogueStateTracker | None:
        """Return the conversation; there is never more of it than `retrieve` gives."""
        return await self.retrieve(sender_id)

    async def delete(self, sender_id: str) -> None:
        """Forget the conversation."""
        self._redis.delete(KEY_PREFIX + sender_id, BEFORE_PREFIX + sender_id)

    async def keys(self) -> list[str]:
        """Return the ids of all conversations that are kept."""
        return [key[len(KEY_PREFIX) :] for key in self._redis.scan_iter(KEY_PREFIX + "*")]


def cut(events: list[Event], tracker: DialogueStateTracker) -> list[Event]:
    """Return the events to keep: a session start, the slots as they are, the last turns.

    Texts and rankings are left out of what is kept.
    """
    users = [index for index, event in enumerate(events) if isinstance(event, UserUttered)]
    first = users[-TURNS] if len(users) > TURNS else 0
    recent = [_bare(event) for event in events[first:] if not isinstance(event, BotUttered)]
    if first == 0:
        return recent
    slots: list[Event] = [
        SlotSet(name, slot.value)
        for name, slot in tracker.slots.items()
        if slot.value != slot.initial_value
    ]
    opening: list[Event] = [ActionExecuted(ACTION_SESSION_START_NAME), SessionStarted()]
    return [*opening, *slots, ActionExecuted(ACTION_LISTEN_NAME), *recent]


def _bare(event: Event) -> Event:
    if not isinstance(event, UserUttered):
        return event
    return UserUttered(
        text="",
        intent={"name": event.intent_name},
        entities=[_bare_entity(e) for e in event.entities if e.get("entity") != UNKEPT],
        timestamp=event.timestamp,
        message_id=event.message_id,
        use_text_for_featurization=False,
    )


def _bare_entity(entity: dict[str, Any]) -> dict[str, Any]:
    return {key: entity[key] for key in ("entity", "value", "role", "group") if key in entity}
