"""Small talk is known by table, and only when a message is nothing else."""

import pytest

from bot.understanding.small_talk import match


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("hello", "greet"),
        ("hello sir good morning", "greet"),
        ("k xa khabar", "greet"),
        ("السلام عليكم", "greet"),
        ("你好", "greet"),
        ("ሰላም", "greet"),
        ("thx!!", "thanks"),
        ("ok thank you", "thanks"),
        ("谢谢你们", "thanks"),
        ("dhanyabad hajur", "thanks"),
        ("orevwa", "bye"),
        ("ok bye", "bye"),
        ("yes", "affirm"),
        ("haan", "affirm"),
        ("እሺ", "affirm"),
        ("no", "deny"),
        ("no thanks", "deny"),
        ("la", "deny"),
        ("होइन", "deny"),
        ("não", "deny"),
    ],
)
def test_nothing_but_small_talk(text: str, act: str) -> None:
    assert match(text) == act


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello my boss took my passport",
        "no salary",
        "yes he hit me",
        "thanks but police",
        "no papers",
    ],
)
def test_a_message_that_says_more_is_left_to_the_classifier(text: str) -> None:
    assert match(text) is None
