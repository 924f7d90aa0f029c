"""The conversation's state in Redis: bounded, without texts, with an end."""

from collections.abc import Iterator

import pytest
import redis
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.dialogue.tracker_store import BEFORE_PREFIX, KEY_PREFIX, TURNS, BoundedTrackerStore
from bot.dialogue.turn import named
from bot.processes.engines import Engines
from bot.settings.environment import PROJECT

DOMAIN = Domain.load(str(PROJECT / "domain.yml"))
SENDER = "11111111-2222-3333-4444-555555555555"


@pytest.fixture
def store(engines: Engines) -> Iterator[BoundedTrackerStore]:
    made = BoundedTrackerStore(DOMAIN, host=engines.redis_url, record_exp=60)
    yield made
    redis.Redis.from_url(engines.redis_url).delete(KEY_PREFIX + SENDER, BEFORE_PREFIX + SENDER)


def turn(tracker: DialogueStateTracker, number: int) -> None:
    tracker.update(ActionExecuted("action_listen"))
    tracker.update(
        UserUttered(
            f"secret words {number}",
            {"name": "wages", "confidence": 0.9},
            [{"entity": "country", "value": "MYS", "role": "here", "start": 0, "end": 6}],
            parse_data={"intent_ranking": [{"name": "wages", "confidence": 0.9}] * 12},
        )
    )
    tracker.update(ActionExecuted("action_answer"))
    tracker.update(SlotSet("card", f"mys/card-{number}"))
    tracker.update(BotUttered("a secret answer"))


async def stored_after(store: BoundedTrackerStore, turns: int) -> str:
    for number in range(turns):
        tracker = await store.get_or_create_tracker(SENDER)
        turn(tracker, number)
        await store.save(tracker)
    return str(store._redis.get(KEY_PREFIX + SENDER))


async def test_the_record_of_a_long_conversation_is_as_small_as_of_a_short_one(
    store: BoundedTrackerStore,
) -> None:
    short = len(await stored_after(store, TURNS + 2))
    long = len(await stored_after(store, 60))

    assert long < short * 1.1


async def test_no_text_is_kept(store: BoundedTrackerStore) -> None:
    assert "secret" not in await stored_after(store, 3)


async def test_slots_and_the_latest_intent_survive_the_cut(store: BoundedTrackerStore) -> None:
    await stored_after(store, 40)

    tracker = await store.get_or_create_tracker(SENDER)

    assert tracker.get_slot("card") == "mys/card-39"
    assert tracker.latest_message is not None
    assert tracker.latest_message.intent_name == "wages"
    assert tracker.latest_action_name == "action_answer"


async def test_the_record_ends_by_itself(store: BoundedTrackerStore) -> None:
    await stored_after(store, 1)

    assert 0 < store._redis.ttl(KEY_PREFIX + SENDER) <= 60


async def test_a_conversation_can_be_forgotten(store: BoundedTrackerStore) -> None:
    await stored_after(store, 1)

    await store.delete(SENDER)

    assert await store.retrieve(SENDER) is None
    assert SENDER not in await store.keys()


def test_without_an_address_it_does_not_start() -> None:
    with pytest.raises(ValueError, match="HAKI_REDIS_URL"):
        BoundedTrackerStore(DOMAIN, host="${HAKI_REDIS_URL}")


async def test_a_name_or_code_word_on_the_way_to_a_person_is_not_kept(
    store: BoundedTrackerStore,
) -> None:
    tracker = await store.get_or_create_tracker(SENDER)
    chosen = {"entity": "state", "value": '{"code_word": "mango"}'}
    tracker.update(ActionExecuted("action_listen"))
    tracker.update(UserUttered("/handover", {"name": "handover", "confidence": 1.0}, [chosen]))
    await store.save(tracker)

    assert "mango" not in str(store._redis.get(KEY_PREFIX + SENDER))


async def one_turn(store: BoundedTrackerStore, key: str, number: int) -> None:
    with named(key):
        tracker = await store.get_or_create_tracker(SENDER)
        turn(tracker, number)
        await store.save(tracker)


async def cards(store: BoundedTrackerStore) -> list[str]:
    tracker = await store.get_or_create_tracker(SENDER)
    return [e.value for e in tracker.events if isinstance(e, SlotSet) and e.key == "card"]


async def test_a_turn_that_is_asked_again_starts_where_it_began(
    store: BoundedTrackerStore,
) -> None:
    await one_turn(store, "m1", 1)
    await one_turn(store, "m2", 2)
    await one_turn(store, "m2", 3)
    await one_turn(store, "m2", 4)

    assert await cards(store) == ["mys/card-1", "mys/card-4"]


async def test_the_very_first_turn_can_be_asked_again(store: BoundedTrackerStore) -> None:
    await one_turn(store, "m1", 1)
    await one_turn(store, "m1", 2)

    assert await cards(store) == ["mys/card-2"]


async def test_two_texts_of_one_turn_follow_each_other(store: BoundedTrackerStore) -> None:
    with named("m1"):
        for number in (1, 2):
            tracker = await store.get_or_create_tracker(SENDER)
            turn(tracker, number)
            await store.save(tracker)

    assert await cards(store) == ["mys/card-1", "mys/card-2"]
