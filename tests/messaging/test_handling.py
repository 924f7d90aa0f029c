"""What one run of a job does with a conversation, and what no failure of one message may do."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
import redis
from django.utils import timezone

from bot.channels.outgoing import Reply
from bot.dialogue.client import Answer, RasaFailed
from bot.messaging import answering, handling, limits, outbox
from bot.messaging.handling import MOST_TRIES, PATIENCE, handle
from bot.messaging.incidents import open_incidents
from bot.messaging.limits import LIKE_MESSAGES, OF_A_PERSON
from bot.messaging.models import Direction, Message, State
from bot.messaging.retrying import (
    LONGEST,
    LONGEST_FOR_PROVIDER,
    TooMany,
    seconds_until_next_try,
)
from bot.processes.engines import Engines
from bot.settings.environment import environment
from tests.messaging.conftest import Write

pytestmark = pytest.mark.django_db


class Dialogue:
    """Stands in for Rasa: says "re: ..." to what it is asked, or what a test ordered."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, ...]] = []
        self.broken: Exception | None = None

    def say(self, sender: str, texts: Sequence[str], metadata: Any, turn: str) -> Answer:
        if self.broken is not None:
            raise self.broken
        self.asked.append(tuple(texts))
        return Answer((Reply("card", f"re: {' '.join(texts)}", "en"),))


@pytest.fixture
def dialogue(monkeypatch: pytest.MonkeyPatch) -> Dialogue:
    made = Dialogue()
    monkeypatch.setattr(answering, "rasa", lambda: made)
    return made


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that were handed to a provider, which takes everything."""
    texts: list[str] = []

    def send(contact: Any, bubble: Any, tokens: Any, message_id: int) -> str:
        texts.append(bubble.text)
        return str(message_id)

    monkeypatch.setattr(outbox, "send", send)
    return texts


@pytest.fixture(autouse=True)
def empty_redis(engines: Engines) -> None:
    redis.Redis.from_url(engines.redis_url).flushall()


def states() -> list[str]:
    rows = Message.objects.filter(direction=Direction.INBOUND).order_by("id")
    return [row.state for row in rows]


def test_a_burst_is_answered_once(write: Write, dialogue: Dialogue, sent: list[str]) -> None:
    first = write("hello")
    write("boss took")
    write("my passport")

    handle(first.pk)

    assert dialogue.asked == [("hello", "boss took", "my passport")]
    assert sent == ["re: hello boss took my passport"]
    assert states() == [State.ANSWERED] * 3


def test_a_second_run_says_nothing_more(write: Write, dialogue: Dialogue, sent: list[str]) -> None:
    first = write("hello")
    handle(first.pk)
    handle(first.pk)

    assert len(sent) == 1


def test_the_real_answer_comes_after_the_honest_line(
    write: Write, dialogue: Dialogue, sent: list[str]
) -> None:
    message = write("boss took my passport")
    Message.objects.update(created_at=timezone.now() - PATIENCE)
    dialogue.broken = RasaFailed("ConnectError")
    with pytest.raises(RasaFailed):
        handle(message.pk, attempt=9)
    dialogue.broken = None

    handle(message.pk, attempt=10)

    kinds = Message.objects.filter(direction=Direction.OUTBOUND).order_by("id")
    assert [row.kind for row in kinds] == ["fallback", "card"]
    assert sent[1] == "re: boss took my passport"
    assert states() == [State.ANSWERED]


def test_a_message_that_breaks_us_is_given_up_alone_and_the_next_is_answered(
    write: Write, dialogue: Dialogue, sent: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = write("poison")
    write("boss took my passport")
    ask = answering.answer

    def breaks(message: Message, texts: Sequence[str] = (), turn: str = "") -> Answer:
        if "poison" in texts:
            raise KeyError("secret words")
        return ask(message, texts, turn)

    monkeypatch.setattr(answering, "answer", breaks)
    for attempt in range(MOST_TRIES):
        with pytest.raises(KeyError):
            handle(first.pk, attempt)

    handle(first.pk, MOST_TRIES)

    assert states() == [State.FAILED, State.ANSWERED]
    assert sent[-1] == "re: boss took my passport"
    assert len(sent) == 2  # the honest line, and the answer
    (incident,) = open_incidents()
    assert (incident.kind, incident.code) == ("message_given_up", "KeyError")


def test_a_message_is_not_given_up_while_the_dialogue_is_away(
    write: Write, dialogue: Dialogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = write("hello")
    dialogue.broken = RasaFailed("ConnectError")
    monkeypatch.setattr(handling, "dialogue_is_well", lambda: False)

    with pytest.raises(RasaFailed):
        handle(message.pk, attempt=MOST_TRIES * 10)

    assert states() == [State.RECEIVED]


def test_over_the_limit_the_person_is_told_once_and_answered_together_later(
    write: Write, dialogue: Dialogue, sent: list[str]
) -> None:
    many = [write(f"words {number}") for number in range(OF_A_PERSON + 1)]
    for _ in range(2):
        with pytest.raises(TooMany) as later:
            handle(many[0].pk)

    assert len(sent) == 1
    assert 0 < later.value.wait <= 60
    Message.objects.filter(direction=Direction.INBOUND).update(
        created_at=timezone.now() - timedelta(minutes=2)
    )
    redis.Redis.from_url(environment().redis_url).flushall()
    handle(many[0].pk, attempt=1)
    assert set(states()) == {State.ANSWERED}
    assert len(dialogue.asked) == 4  # thirty-one texts, ten to a turn


def test_a_machine_that_repeats_itself_is_met_with_silence(
    write: Write, dialogue: Dialogue, sent: list[str]
) -> None:
    for number in range(LIKE_MESSAGES + 3):
        handle(write("I am out of office").pk)
        Message.objects.filter(direction=Direction.INBOUND).update(
            created_at=timezone.now() - timedelta(minutes=number + 2)
        )

    assert len(sent) == LIKE_MESSAGES + 1  # the last one says why it is quiet now
    assert set(states()) == {State.ANSWERED}


def test_without_redis_nothing_is_limited(
    write: Write, dialogue: Dialogue, sent: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    nowhere = redis.Redis(host="127.0.0.1", port=1)
    monkeypatch.setattr(limits, "_redis", lambda: nowhere)

    handle(write("hello").pk)

    assert sent == ["re: hello"]


def test_tries_go_on_through_ten_minutes_and_more() -> None:
    waits = [seconds_until_next_try(RasaFailed("x"), attempt) for attempt in range(200)]

    assert waits[0] <= 1
    assert max(waits) == LONGEST
    assert sum(waits) > 600
    assert LONGEST < LONGEST_FOR_PROVIDER
