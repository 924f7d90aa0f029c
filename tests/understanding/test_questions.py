"""What else a message asks."""

from bot.understanding.classifier import Scores
from bot.understanding.clauses import Clause
from bot.understanding.questions import second_question

SAFE = (("none", 1.0),)


def part(name: str, share: float, start: int = 0, apart: bool = False) -> tuple[Clause, Scores]:
    return Clause("some words", start, start + 10, apart), Scores(((name, share),), SAFE)


def test_a_clause_that_is_sure_of_another_topic_is_a_second_question() -> None:
    found = second_question("union", [part("union", 0.9), part("documents", 0.8, 11, apart=True)])
    assert found is not None
    assert (found.topic, found.start, found.end, found.apart) == ("documents", 11, 21, True)


def test_without_a_word_that_says_so_it_is_only_offered() -> None:
    found = second_question("union", [part("union", 0.9), part("documents", 0.95, 11)])
    assert found is not None
    assert not found.apart


def test_less_is_enough_where_words_say_that_something_else_follows() -> None:
    union = part("union", 0.9)
    told = second_question("union", [union, part("documents", 0.4, 11, apart=True)])
    assert told is not None
    assert told.apart
    assert second_question("union", [union, part("documents", 0.4)]) is None
    assert second_question("union", [union, part("documents", 0.2, apart=True)]) is None


def test_where_no_clause_speaks_of_the_message_s_topic_there_is_no_second() -> None:
    assert second_question("union", [part("wages", 0.9), part("health", 0.9)]) is None


def test_small_talk_in_a_clause_is_no_question() -> None:
    assert second_question("union", [part("union", 0.9), part("thanks", 0.99)]) is None
    assert second_question("union", []) is None
