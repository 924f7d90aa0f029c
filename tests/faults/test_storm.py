"""Three hundred conversations while every part is killed: nothing lost, doubled or out of order."""

from collections.abc import Mapping

import pytest

from tests.conftest import make_stack
from tests.faults.people import Person
from tests.faults.record import Findings, compare
from tests.faults.storm import KILLS, Weather, calm_before, crowd, storm, with_providers_apart

pytestmark = pytest.mark.stack

SEED = 20261123


def test_nothing_is_lost_doubled_or_out_of_order_while_everything_is_killed() -> None:
    with with_providers_apart(make_stack) as (stack, provider):
        calm = calm_before(provider)
        assert all(not person.silent for person in calm.values())
        people = crowd()
        for person in people:
            person.expected = tuple(len(texts) for texts in calm[person.channel].heard)
        weather = storm(stack, provider, people, SEED)
        found = compare(stack.environment, provider)

    assert len(weather.kills) >= 30
    assert not [person.silent for person in people if person.silent]
    assert (found.unanswered, found.unsent, found.lost, found.out_of_order) == ([], [], [], [])
    # Telegram tells nobody what it took: the one window, named and counted.
    assert found.doubled.get("telegram", 0) <= found.uncertain
    assert set(found.doubled) <= {"telegram"}
    assert surprised(people, calm, weather, found.heard_twice) == []
    print(summary(people, weather, found))


def surprised(
    people: list[Person], calm: Mapping[str, Person], weather: Weather, heard_twice: set[str]
) -> list[tuple[str, str, list[str]]]:
    """Return who heard something else than in calm: their address, what they wrote, what came.

    Left out: who had to write twice, as no webhook took it; who got a message twice, which is
    counted on its own and moves the later ones; and for "1" who spoke while Redis was emptied:
    what a menu was about is gone then, and the person is asked again. First lines are compared:
    until actions has read the library by meaning again, other cards are offered below an answer.
    """
    found = []
    for person in people:
        if person.disturbed or person.address in heard_twice:
            continue
        emptied = any(when > person.began[0] for when in weather.times("valkey"))
        for number, (text, heard) in enumerate(zip(person.steps, person.heard, strict=True)):
            if text == "1" and emptied:
                continue
            if first_lines(heard) != first_lines(calm[person.channel].heard[number]):
                found.append((person.address, text, heard))
    return found


def first_lines(texts: list[str]) -> list[str]:
    """Return what each message begins with."""
    return [text.partition("\n")[0] for text in texts]


def summary(people: list[Person], weather: Weather, found: Findings) -> str:
    """Return the figures of the run in a line."""
    twice = sum(person.disturbed for person in people)
    return (
        f"{len(weather.kills)} kills of {len(KILLS)} parts, {found.inbound} messages, "
        f"{found.answers} answers, doubled {found.doubled}, uncertain {found.uncertain}, "
        f"{twice} people wrote again"
    )
