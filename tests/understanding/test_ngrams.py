"""Pieces of words and pairs of words, weighed: the same alone and among many."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding.ngrams import NgramSpace, pieces

TEXTS = ["boss took my passport", "my boss took it", "boss boss boss", "they took my passport"]
SPACE = NgramSpace.fit(TEXTS)


def test_a_word_has_its_pieces_and_itself() -> None:
    assert pieces("ab") == [" a", "ab", "b ", " ab", "ab ", " ab ", "=ab"]


def test_words_pairs_and_pieces_of_two_messages_or_more_are_learnt() -> None:
    assert {"=boss", "=took my", "=my passport", "passp"} <= SPACE.index.keys()
    assert "=took it" not in SPACE.index
    assert list(SPACE.index.values()) == list(range(len(SPACE.index)))


def test_what_is_in_many_of_many_messages_is_not_learnt() -> None:
    texts = [f"boss word{number // 2}" for number in range(500)]
    assert "=boss" not in NgramSpace.fit(texts).index
    assert "=word7" in NgramSpace.fit(texts).index
    assert "=boss" in NgramSpace.fit(texts[:20]).index


def test_what_is_in_fewer_messages_weighs_more() -> None:
    rare, common = SPACE.idf[SPACE.index["=passport"]], SPACE.idf[SPACE.index["=boss"]]
    assert rare == pytest.approx(np.log(5 / 3) + 1)
    assert rare > common


@given(texts=st.lists(st.text(max_size=60) | st.sampled_from(TEXTS), max_size=6))
def test_a_row_is_of_length_one_or_empty_and_the_same_alone(texts: list[str]) -> None:
    rows = SPACE.transform(texts)
    assert rows.shape == (len(texts), len(SPACE.index))
    for number, text in enumerate(texts):
        row, alone = rows[number].toarray(), SPACE.transform([text]).toarray()
        assert row == pytest.approx(alone)
        assert np.linalg.norm(row) == pytest.approx(1.0) or not row.any()
