"""Texts are compared in one spelling per letter, whatever the script."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding.normalise import ascii_digits, match_key, normalise


@pytest.mark.parametrize(
    ("typed", "comparable"),
    [
        ("HEEELP me!!!", "help me"),
        ("Ｐａｓｓｐｏｒｔ", "passport"),
        ("passé, déjà", "passe deja"),
        ("l’aide", "l aide"),
        ("تَوَقَّفْ", "توقف"),
        ("أحتاج إلى مُساعدة", "احتاج الي مساعده"),
        ("تـــوقف", "توقف"),
        ("राहदानी", match_key("राहदानि")),
        ("ሰላም ዓለም", match_key("ሠላም አለም")),
        ("ثلاثة ٣", "ثلاثه 3"),
        ("२०२५", "2025"),
        ("1️⃣", "1"),
        ("stop\u200b\u200e", "stop"),
        ("999", "999"),
        ("", ""),
    ],
)
def test_variants_of_a_word_have_one_key(typed: str, comparable: str) -> None:
    assert match_key(typed) == comparable


def test_joiners_stay_in_what_features_are_made_from_and_go_from_keys() -> None:
    written = "गर्\u200dयो"
    assert "\u200d" in normalise(written)
    assert "\u200d" not in match_key(written)
    assert match_key(written) == match_key("गर्यो")


def test_vowel_signs_of_indic_scripts_are_letters_and_stay() -> None:
    assert match_key("मलाई मद्दत") != match_key("मल मदत")


@given(st.text(max_size=200))
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    once = match_key(text)
    assert match_key(once) == once or "\u0345" in text


@given(st.integers(min_value=0, max_value=10**12))
def test_digits_of_every_script_keep_their_value(number: int) -> None:
    for zero in ("٠", "०", "０", "۰"):
        written = "".join(chr(ord(zero) + int(digit)) for digit in str(number))
        assert ascii_digits(written) == str(number)
