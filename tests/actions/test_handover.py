"""The way to a person: offer, choices, consent, refusal, nobody there."""

import json
from datetime import datetime
from typing import Any

from actions.answer import Answer
from actions.person import Handover, Human
from tests.actions.conftest import Conversation, Start, danger

ALWAYS = {str(day): [["00:00", "24:00"]] for day in range(7)}


def partner(**changes: Any) -> dict[str, Any]:
    told: dict[str, Any] = {
        "id": 7,
        "name": "Demo Partner (demo)",
        "coordinating": False,
        "countries": ["MYS"],
        "origins": [],
        "topics": [],
        "languages": ["en"],
        "hours": ALWAYS,
        "zone": "Asia/Kuala_Lumpur",
        "load": 1,
        "capacity": 5,
        "trained": True,
    }
    return {**told, **changes}


async def choose(talk: Conversation, message: dict[str, Any], number: int) -> list[dict[str, Any]]:
    """Pick option `number` of `message`, as the worker does: its command, its parameters."""
    intent, _, told = message["buttons"][number - 1]["payload"][1:].partition("{")
    assert intent == "handover"
    talk.metadata["pending"] = ""
    return await talk.run(Handover(), "/handover", "handover", **json.loads("{" + told))


async def write(
    talk: Conversation, message: dict[str, Any], text: str, intent: str = "inform"
) -> Any:
    """Answer `message` in words; the worker sends its first option along."""
    talk.metadata["pending"] = message["buttons"][0]["payload"]
    return await talk.run(Human(), text, intent)


async def test_the_partner_is_named_with_its_reason_and_what_it_may_see_is_asked(
    start: Start,
) -> None:
    talk = start(country="MYS", partners=[partner()])

    (offer,) = await talk.run(Human(), "human", "human")

    assert offer["kind"] == "offer_human"
    assert "Demo Partner (demo)" in offer["text"]
    assert "Malaysia" in offer["text"]
    assert "They are there now." in offer["text"]
    assert len(offer["buttons"]) == 4
    assert talk.effects == []


async def test_the_whole_way_opens_a_case_with_everything_that_was_chosen(start: Start) -> None:
    talk = start(country="MYS", origin="NPL", partners=[partner()])
    (offer,) = await talk.run(Human(), "human", "human")

    (name,) = await choose(talk, offer, 1)
    (hours,) = await write(talk, name, "Maya")
    (care,) = await write(talk, hours, "8-10 pm")
    (code,) = await choose(talk, care, 3)
    noted, consent = await write(talk, code, "mango")
    assert noted["kind"] == "notice"
    assert consent["kind"] == "ask_consent"
    assert "Demo Partner (demo)" in consent["text"]
    assert "what we wrote here" in consent["text"]
    assert talk.effects == []
    (opened,) = await choose(talk, consent, 1)

    assert opened["kind"] == "case_opened"
    (effect,) = talk.effects
    assert effect["do"] == "open_case"
    assert effect["partner"] == "7"
    assert effect["share"] == "conversation"
    assert effect["called_by"] == "Maya"
    assert effect["safe_hours"] == "20:00-22:00"
    assert effect["neutral"] is True
    assert effect["code_word"] == "mango"
    assert len(effect["wording_version"]) == 12


async def test_danger_goes_straight_to_the_consent(start: Start) -> None:
    talk = start(country="MYS", partners=[partner()])
    await talk.run(Answer(), "he beats me now", "violence", entities=[danger("violence")])
    talk.effects.clear()

    (offer,) = await talk.run(Human(), "human", "human")
    (consent,) = await choose(talk, offer, 2)
    await choose(talk, consent, 1)

    assert talk.effects[0]["urgency"] == "danger"
    assert talk.effects[0]["share"] == "summary"


async def test_danger_told_instead_of_a_name_is_answered_first(start: Start) -> None:
    talk = start(country="MYS", partners=[partner()])
    (offer,) = await talk.run(Human(), "human", "human")
    (name,) = await choose(talk, offer, 1)
    talk.metadata["pending"] = name["buttons"][0]["payload"]

    (alarm,) = await talk.run(Answer(), "he hits me", "violence", entities=[danger("violence")])

    assert alarm["kind"] == "emergency"


async def test_a_question_instead_of_a_name_is_answered_as_a_question(start: Start) -> None:
    talk = start(country="MYS", partners=[partner()])
    (offer,) = await talk.run(Human(), "human", "human")
    (name,) = await choose(talk, offer, 1)
    talk.metadata["pending"] = name["buttons"][0]["payload"]

    (card,) = await talk.run(Answer(), "boss took my passport", "documents")

    assert card["kind"] == "card"


async def test_no_is_a_fine_answer_and_contacts_are_given(start: Start) -> None:
    talk = start(country="MYS", partners=[partner()])
    (offer,) = await talk.run(Human(), "human", "human")

    (contacts,) = await choose(talk, offer, 4)

    assert contacts["kind"] == "directory"
    assert "999" in contacts["text"]
    assert [effect["do"] for effect in talk.effects] == ["refuse_case"]


async def test_no_said_in_words_at_the_consent_opens_nothing(start: Start) -> None:
    talk = start(country="MYS", partners=[partner()])
    await talk.run(Answer(), "he beats me now", "violence", entities=[danger("violence")])
    talk.effects.clear()
    (offer,) = await talk.run(Human(), "human", "human")
    (consent,) = await choose(talk, offer, 1)

    await write(talk, consent, "no i am afraid", "deny")

    assert [effect["do"] for effect in talk.effects] == ["refuse_case"]


async def test_outside_hours_says_when_and_what_works_until_then(start: Start) -> None:
    tomorrow = str((datetime.now().astimezone().weekday() + 3) % 7)
    closed = partner(hours={tomorrow: [["09:00", "10:00"]]})
    talk = start(country="MYS", partners=[closed])

    (offer,) = await talk.run(Human(), "human", "human")

    assert "09:00" in offer["text"]
    assert "999" in offer["text"]


async def test_without_a_partner_it_is_said_and_contacts_are_given(start: Start) -> None:
    talk = start(country="MYS")

    (answer,) = await talk.run(Human(), "human", "human")

    assert "nobody will write to you" in answer["text"]
    assert [effect["do"] for effect in talk.effects] == ["unmet"]


async def test_an_unreadable_choice_offers_anew(start: Start) -> None:
    talk = start(country="MYS", partners=[partner()])

    (offer,) = await talk.run(Handover(), "/handover", "handover", step="consent", state="broken")

    assert offer["kind"] == "offer_human"
