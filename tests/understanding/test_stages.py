# ruff: noqa: E501 (tables of messages read better one case a cell)
"""The stage that a message tells: listed words, and what the model learnt."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding.places import find
from bot.understanding.stages import STAGES, stage, wording

LANGUAGES = ("en", "ar", "zh", "am", "ne", "ht")


@given(st.text(max_size=120), st.sampled_from(LANGUAGES))
def test_any_text_is_searched_for_words_of_a_stage_without_an_error(
    text: str, language: str
) -> None:
    assert wording(text, language, find(text, language)) in (None, *STAGES)


@pytest.mark.parametrize("name", STAGES)
def test_the_model_alone_tells_a_stage_that_it_is_sure_of(name: str) -> None:
    assert stage([(name, 0.65)], None) == name
    assert stage([(name, 0.2)], None) is None


@pytest.mark.parametrize("name", STAGES)
def test_listed_words_tell_a_stage_only_where_the_model_finds_something_like_it(name: str) -> None:
    near = 0.4 if name == "at_destination" else 0.3
    assert stage([(name, near)], name) == name
    assert stage([(name, near)], None) is None
    assert stage([(name, 0.05)], name) is None


def test_of_two_stages_the_one_further_above_its_threshold_is_told() -> None:
    learnt = [("at_destination", 0.55), ("return", 0.45)]
    assert stage(learnt, None) == "return"
    assert stage(learnt, "at_destination") == "at_destination"


def test_without_scores_no_stage_is_told() -> None:
    assert stage([], "return") is None


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "they sent me back last week", "return"), ("en", "i want to go to qatar for work", "before_departure"), ("en", "i work here in penang", "at_destination"), ("en", "we are on the way at the border", "in_transit"),
        ("en", "boss took my passport", None), ("fr", "je suis rentré le mois passé", "return"), ("fr", "je veux partir en libye", "before_departure"), ("es", "estoy en tapachula", "at_destination"), ("es", "ya me regresé a honduras", "return"),
        ("pt", "ainda não saí de casa", "before_departure"), ("pt", "voltei pro haiti", "return"), ("ar", "رجعت بلدي", "return"), ("ar", "اريد السفر الى مصر", "before_departure"), ("zh", "还没出发", "before_departure"), ("zh", "已经回国了", "return"),
        ("ht", "m poko pati", "before_departure"), ("ht", "m tounen lakay mwen", "return"), ("am", "ተመልሻለሁ ወደ ሀገሬ", "return"), ("am", "ገና አልሄድኩም", "before_departure"), ("ne", "नेपाल फर्किसकें", "return"), ("ne", "dubai jana lageko", "before_departure"), ("ne", "malaysia ma chu", "at_destination"),
    ],
)  # fmt: skip
def test_the_stage_is_told_by_tense_and_wording(
    language: str, text: str, expected: str | None
) -> None:
    assert wording(text, language) == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "am still in accra, the agent wants money", "before_departure"),
        ("en", "still in hospital", None),
        ("en", "manager keeps our passports since we reached", "at_destination"),
        ("fr", "je suis encore à abidjan", "before_departure"),
        ("es", "me deportaron en marzo de texas", "return"),
        ("pt", "tô em salvador ainda, me chamaram pra vaga em portugal", "before_departure"),
        ("ht", "m toujou okap, li mande 500 dola pou viza", "before_departure"),
        ("ar", "lessa fel mansoura", "before_departure"),
        ("am", "ገና አዲስ አበባ ነኝ", "before_departure"),
        ("ne", "ma ajhai jhapa mai chu", "before_departure"),
        ("zh", "人还在河南，中介先收押金", "before_departure"),
    ],
)
def test_the_stage_is_told_by_a_place_and_the_words_around_it(
    language: str, text: str, expected: str | None
) -> None:
    assert wording(text, language, find(text, language)) == expected
