"""Cutting a message where it may begin to ask something else."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding.clauses import clauses

LANGUAGES = ["en", "fr", "es", "pt", "ar", "zh", "ht", "am", "ne"]


@pytest.mark.parametrize(
    ("text", "language", "pieces"),
    [
        (
            "can i join a union and also they keep my passport",
            "en",
            ["can i join a union", "they keep my passport"],
        ),
        ("护照被扣了，还有工资三个月没发", "zh", ["护照被扣了", "工资三个月没发"]),
        (
            "patwon an pa peye m epi tou li kenbe paspò m",
            "ht",
            ["patwon an pa peye m", "li kenbe paspò m"],
        ),
        ("अनि", "ne", []),
        (
            "मालिकले तलब दिएन। पासपोर्ट कसरी फिर्ता लिने",
            "ne",
            ["मालिकले तलब दिएन", "पासपोर्ट कसरी फिर्ता लिने"],
        ),
        (
            "ma paye m'a donné 1.500 francs, et aussi je veux rentrer",
            "fr",
            ["ma paye m'a donné 1.500 francs", "je veux rentrer"],
        ),
    ],
)
def test_a_message_is_cut_at_marks_and_joining_words(
    text: str, language: str, pieces: list[str]
) -> None:
    assert [clause.text for clause in clauses(text, language)] == pieces


def test_pieces_too_short_to_mean_anything_stay_with_their_neighbour() -> None:
    assert clauses("hello, sir, boss", "en") == ()
    assert [c.text for c in clauses("hello, my boss beats me. can i sue him", "en")] == [
        "hello, my boss beats me",
        "can i sue him",
    ]


@pytest.mark.parametrize(
    ("text", "apart"),
    [
        ("can i join a union? and who pays my ticket", True),
        ("can i join a union and also who pays my ticket", True),
        ("i joined a union and the boss is angry", False),
    ],
)
def test_a_question_mark_or_also_says_that_something_else_follows(text: str, apart: bool) -> None:
    assert clauses(text, "en")[1].apart is apart


@given(text=st.text(max_size=400), language=st.sampled_from(LANGUAGES))
def test_clauses_are_pieces_of_any_text_in_order_two_to_four(text: str, language: str) -> None:
    found = clauses(text, language)
    assert len(found) in (0, 2, 3, 4)
    for clause in found:
        assert text[clause.start : clause.end] == clause.text != ""
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))


def test_six_questions_in_one_message_stay_few_clauses() -> None:
    text = ". ".join(f"my question number {n} is about money" for n in range(60))
    found = clauses(text, "en")
    assert len(found) == 4
    assert (found[0].start, found[-1].end) == (0, len(text))
