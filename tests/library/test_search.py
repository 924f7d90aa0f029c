"""Words to cards: spelling mistakes, other scripts, no spaces, and vectors if there are any."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.library import Library
from bot.library.search import Index, Read, Reading
from bot.library.words import words_of


def unread(text: str) -> str:
    return ""


@pytest.mark.parametrize(
    ("text", "card"),
    [
        ("My boss took my passport!!", "mys/papers-kept"),
        ("bos tok my pasport", "mys/papers-kept"),
        ("malik le mero passport rakhyo", "mys/papers-kept"),
        ("मालिकले पासपोर्ट राखेको छ", "mys/papers-kept"),
        ("तलब पाइन", "mys/unpaid-wages"),
        ("salaire impaye", "int/wages"),
        ("I came home and was not paid", "npl/claim-wages"),
        ("boklet still sleeping in that drawer", "mys/papers-kept"),
    ],
)
def test_finds_the_card_by_a_persons_own_words(library: Library, text: str, card: str) -> None:
    assert library.search(text)[0].card.id == card


def test_nothing_in_common_finds_nothing(library: Library) -> None:
    assert library.search("zzz qqq xxx") == []
    assert library.search("") == []


def test_a_country_and_topics_narrow_the_search(library: Library) -> None:
    hits = library.search("not paid", country="INT", topics=["wages"])
    assert [hit.card.id for hit in hits] == ["int/wages"]


def test_words_keep_the_marks_of_their_script_and_lose_latin_accents() -> None:
    assert words_of("Où est l'école?") == ["ou", "est", "l", "ecole"]
    assert words_of("पासपोर्ट खोस्यो") == ["पासपोर्ट", "खोस्यो"]
    assert words_of("护照被扣") == ["护照", "照被", "被扣"]
    assert words_of("钱") == ["钱"]


@given(text=st.text(max_size=200))
def test_any_text_can_be_asked(library: Library, text: str) -> None:
    fit = library.index.scores(text)
    for scores in (fit.nearest, fit.overall):
        assert np.all(scores >= 0)
        assert np.all(scores <= 1.0001)


def test_a_sentence_encoder_can_be_plugged_in(library: Library) -> None:
    index = Index(library.cards.values())

    def encode(texts: Sequence[str]) -> npt.NDArray[np.float32]:
        about_passports = ["passport" in text or "xyzzy" in text for text in texts]
        return np.array([[float(yes), float(not yes)] for yes in about_passports], np.float32)

    assert index.search("xyzzy") == []
    read = index.use_reading(Reading(encode, unread))
    assert len(read.vectors) == len(index.short_texts())
    assert "passport" in " ".join(index.search("xyzzy")[0].card.questions["en"])
    again = Index(library.cards.values())
    again.use_reading(Reading(encode, unread), read)
    with pytest.raises(ValueError, match="vectors for"):
        again.use_reading(Reading(encode, unread), Read(read.vectors[:3], read.rough))


def test_an_encoder_that_cannot_read_a_text_leaves_it_to_the_words(library: Library) -> None:
    index = Index(library.cards.values())
    before = index.scores("तलब पाइनँ").overall
    index.use_reading(Reading(lambda texts: np.zeros((len(texts), 4), np.float32), unread))
    assert np.array_equal(index.scores("तलब पाइनँ").overall, before)


def test_a_rough_translation_finds_what_shares_no_word(library: Library) -> None:
    index = Index(library.cards.values())

    def roughly(text: str) -> str:
        return "my boss took my passport" if text == "xyzzy" else text if text.isascii() else ""

    def blind(texts: Sequence[str]) -> npt.NDArray[np.float32]:
        return np.zeros((len(texts), 4), np.float32)

    assert index.search("xyzzy") == []
    index.use_reading(Reading(blind, roughly))
    assert index.search("xyzzy")[0].card.id == "mys/papers-kept"


def test_what_was_read_is_kept_until_the_texts_change(root: Path, tmp_path: Path) -> None:
    cache = tmp_path / "state" / "vectors.npz"
    encoded: list[int] = []

    def encode(texts: Sequence[str]) -> npt.NDArray[np.float32]:
        encoded.append(len(texts))
        return np.ones((len(texts), 3), np.float32)

    Library.load(root).use_reading(Reading(encode, unread), cache)
    Library.load(root).use_reading(Reading(encode, unread), cache)
    assert len(encoded) == 1
    path = root / "cards/mys/papers-kept/card.yml"
    path.write_text(path.read_text("utf-8").replace("they hold", "they keep"), encoding="utf-8")
    Library.load(root).use_reading(Reading(encode, unread), cache)
    assert len(encoded) == 2
    cache.write_bytes(b"half a fi")
    Library.load(root).use_reading(Reading(encode, unread), cache)
    assert len(encoded) == 3


def test_an_edition_without_cards_finds_nothing() -> None:
    assert Index([]).search("anything") == []
