"""Rules of words: found where they stand, and the short cut finds what trying all would."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding.normalise import match_key
from bot.understanding.patterns import Rules, _expression

RULES = [
    "locked in|inside",
    "lock* ~ door",
    "the? gate|door",
    "~ help me",
    "kill|hit* me",
    "don't go",
]
WORDS = ["locked", "locks", "lock", "in", "the", "door", "gate", "help", "me", "hitting", "go"]


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("I am locked in!", [0]),
        ("he locks my room's door", [1, 2]),
        ("gate", [2]),
        ("please come and help me", [3]),
        ("unlocked inside", []),
        ("dont go, don't go", [5]),
    ],
)
def test_a_rule_is_found_by_its_words_endings_and_gaps(text: str, rules: list[int]) -> None:
    assert Rules(RULES).found(match_key(text)) == rules
    assert Rules(RULES).any_in(match_key(text)) is bool(rules)


def test_chinese_has_no_blanks() -> None:
    rules = Rules(["锁~门|房间", "打我"], spaced=False)
    assert rules.found("他把我锁在小房间里") == [0]
    assert rules.found("他打我") == [1]
    assert not rules.any_in("锁匠")


@given(words=st.lists(st.sampled_from(WORDS), max_size=8))
def test_only_likely_rules_are_tried_yet_none_is_missed(words: list[str]) -> None:
    key = match_key(" ".join(words))
    everything = [n for n, rule in enumerate(RULES) if re.search(_expression(rule, True), key)]
    assert Rules(RULES).found(key) == everything


def test_no_rules_find_nothing() -> None:
    assert not Rules([]).any_in("anything")
