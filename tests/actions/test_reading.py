"""Behind a card: the rest of it, who can help, and whether it was of use."""

import pytest

from actions.answer import Answer
from actions.reading import AskUseful, More, WhoCanHelp
from tests.actions.conftest import Start

KEPT = "boss took my passport"


async def test_more_reads_on_to_the_end_and_then_offers_the_topics(start: Start) -> None:
    talk = start(prefix="MY")
    await talk.run(Answer(), KEPT, "documents")

    kinds = [(await talk.run(More()))[0]["kind"] for _ in range(8)]

    assert kinds[0] == "card_part"
    assert kinds[-1] == "menu"


@pytest.mark.parametrize(
    ("language", "stop"), [("zh", "。"), ("am", "።"), ("ne", "।"), ("fr", ".")]
)
async def test_a_contact_s_lines_end_as_the_language_s_sentences_do(
    start: Start, language: str, stop: str
) -> None:
    talk = start(country="MYS", language=language, channel="telegram")

    (contacts,) = await talk.run(WhoCanHelp())

    details = [line for line in contacts["text"].split("\n") if line.startswith("   ")]
    assert details
    assert all(line.endswith(stop) for line in details)
    assert not any(twice in line for line in details for twice in ("..", "。.", "።.", "।."))


async def test_who_can_help_names_contacts_with_numbers_and_their_dates(start: Start) -> None:
    talk = start(prefix="MY", channel="telegram")
    await talk.run(Answer(), KEPT, "documents")

    (contacts,) = await talk.run(WhoCanHelp())

    assert contacts["kind"] == "directory"
    assert "Tenaganita" in contacts["text"]
    assert "checked" in contacts["text"]


async def test_feedback_is_asked_and_recorded_with_card_and_version(start: Start) -> None:
    talk = start(prefix="MY")
    (card,) = await talk.run(Answer(), KEPT, "documents")

    (question,) = await talk.run(AskUseful())
    (thanks,) = await talk.run(AskUseful(), useful="yes")

    assert (question["kind"], thanks["kind"]) == ("feedback", "feedback")
    assert talk.effects[-1]["card"] == "mys/passport-kept"
    assert talk.effects[-1]["version"] == card["version"]
    assert talk.effects[-1]["useful"] is True


async def test_the_rest_of_a_card_names_the_treaties_that_bind_its_country(start: Start) -> None:
    talk = start(country="GHA", channel="telegram")
    await talk.run(Answer(), "my boss hits me", "violence")

    parts = [(await talk.run(More()))[0]["text"] for _ in range(3)]

    assert any("Treaties that Ghana has joined" in text for text in parts)
