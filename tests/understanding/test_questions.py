"""What else a message asks."""

from bot.understanding.classifier import Scores
from bot.understanding.clauses import Clause
from bot.understanding.questions import second_question

SAFE = (("none", 1.0),)


def part(name: str, share: float, start: int = 0, apart: bool = False) -> tuple[Clause, Scores]:
    rest = "documents" if name != "documents" else "wages"
    return Clause("some words", start, start + 10, apart), Scores(
        ((name, share), (rest, 1 - share)), SAFE
    )


def test_a_clause_that_is_sure_of_another_topic_is_a_second_question() -> None:
    found = second_question("union", [part("union", 0.9), part("documents", 0.8, 11, apart=True)])
    assert found is not None
    assert (found.topic, found.start, found.end, found.apart) == ("documents", 11, 21, True)


def test_without_a_word_that_says_so_it_is_only_offered() -> None:
    found = second_question("union", [part("union", 0.9), part("documents", 0.95, 11)])
    assert found is not None
    assert not found.apart


def test_who_is_less_sure_is_only_offered_and_the_unsure_is_nothing() -> None:
    half = second_question("union", [part("union", 0.9), part("documents", 0.6, 11, apart=True)])
    assert half is not None
    assert not half.apart
    assert second_question("union", [part("union", 0.9), part("documents", 0.4)]) is None


def test_where_no_clause_speaks_of_the_message_s_topic_there_is_no_second() -> None:
    assert second_question("union", [part("wages", 0.9), part("health", 0.9)]) is None


def test_small_talk_in_a_clause_is_no_question() -> None:
    assert second_question("union", [part("union", 0.9), part("thanks", 0.99)]) is None
    assert second_question("union", []) is None
