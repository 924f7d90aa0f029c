# ruff: noqa: E501 (tables of messages read better one case a cell)
"""A numbered menu is answered by number, word, ordinal or label."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding.choices import resolve

MENU = ["Passport kept", "Unpaid wages", "Who can help", "Talk to a person"]
PICKS = [
    ("1", 0), ("2", 1), ("2.", 1), ("2)", 1), ("(3)", 2), ("#3", 2), ("٢", 1), ("२", 1), ("۳", 2), ("４", 3), ("②", 1), ("3️⃣", 2), ("፪", 1), ("option 2", 1), ("opcion 2", 1), ("number two", 1),
    ("the second one", 1), ("second", 1), ("la segunda", 1), ("le premier", 0), ("deuxième", 1), ("a terceira", 2), ("الثاني", 1), ("الأول", 0), ("رقم ٣", 2), ("第二个", 1), ("选2", 1), ("三", 2), ("dezyèm", 1),
    ("nimewo 2", 1), ("ሁለተኛው", 1), ("ሶስት", 2), ("दोस्रो", 1), ("तीन", 2), ("२ नम्बर", 1), ("dui", 1), ("last one", 3), ("passport kept", 0), ("PASSPORT", 0), ("pasport kept", 0), ("unpayd wages", 1), ("wages", 1),
    ("who can hlep", 2), ("talk to person", 3), ("2 please", 1), ("unpaid", 1),
]  # fmt: skip
NOT_PICKS = [
    "",
    "5",
    "0",
    "99",
    "1 2",
    "my boss took my passport and does not pay wages",
    "no",
    "hello",
    "can",
    "123456",
    "2 months unpaid",
    "why",
    "one two",
]


@pytest.mark.parametrize(("text", "index"), PICKS)
def test_a_choice_is_understood(text: str, index: int) -> None:
    assert resolve(text, MENU) == index


@pytest.mark.parametrize("text", NOT_PICKS)
def test_what_is_no_choice_picks_nothing(text: str) -> None:
    assert resolve(text, MENU) is None


def test_a_label_in_another_script_is_matched_in_part_and_with_typos() -> None:
    assert resolve("工资", ["护照被扣", "拖欠工资"]) == 1
    assert resolve("ደሞዝ", ["ፓስፖርት ተያዘ", "ደሞዝ አልተከፈለም"]) == 1
    assert resolve("राहदानी", ["राहदानी राखेको", "तलब नदिएको"]) == 0


def test_two_labels_that_fit_alike_pick_nothing() -> None:
    assert resolve("passport", ["Passport kept", "Passport lost"]) is None


@given(st.text(max_size=80), st.lists(st.text(max_size=20), max_size=12))
def test_any_text_gives_an_index_in_range_or_nothing(text: str, options: list[str]) -> None:
    picked = resolve(text, options)
    assert picked is None or 0 <= picked < len(options)
