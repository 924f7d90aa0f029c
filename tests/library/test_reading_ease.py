"""How hard an English text is to read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.library.reading_ease import grade, sentences, syllables, words


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("boss", 1),
        ("passport", 2),
        ("take", 1),
        ("people", 2),
        ("employee", 3),
        ("authority", 4),
        ("the", 1),
        ("by", 1),
        ("hmm", 1),
    ],
)
def test_syllables_are_vowel_groups(word: str, count: int) -> None:
    assert syllables(word) == count


def test_bullets_and_clauses_after_a_colon_are_sentences_of_their_own() -> None:
    assert sentences("Ask first: keep it.\n- Go home.\n- Wait; rest.") == [
        "Ask first",
        "keep it",
        "Go home",
        "Wait",
        "rest",
    ]


def test_the_name_of_a_law_in_parentheses_is_not_counted() -> None:
    text = "Work must be paid (Employment Act 1955, as amended by Act A1651, section 19)."
    assert words(sentences(text)[0]) == ["Work", "must", "be", "paid"]


@pytest.mark.parametrize("short", ["No. 8 of 1996", "art. 5 says so", "s. 12 is clear"])
def test_an_abbreviation_ends_no_sentence(short: str) -> None:
    assert len(sentences(f"The law {short}.")) == 1


def test_the_grade_follows_the_formula() -> None:
    # 6 words of one syllable each in one sentence
    assert grade("Your boss must give it back.") == pytest.approx(
        0.39 * 6 + 11.8 * 6 / 6 - 15.59, abs=1e-9
    )


def test_plain_words_grade_below_officialese() -> None:
    plain = "Your pay is late. Ask for it by text. Keep the text."
    heavy = "Remuneration outstanding beyond the contractual period constitutes an infringement."
    assert grade(plain) < 3 < 12 < grade(heavy)


@given(st.text(max_size=300))
def test_any_text_has_a_grade(text: str) -> None:
    assert isinstance(grade(text), float)
