"""From a topic to the right card: where the person is, what is asked back, what is offered."""

from actions.answer import Answer, ChooseCard, ChooseTopic, Menu
from actions.person import Human
from actions.profile import Inform, SetCountry, SetLanguage
from actions.reading import More
from tests.actions.conftest import Start, danger, language, place, second

KEPT = "boss took my passport"


def payloads(message: dict) -> list[str]:  # type: ignore[type-arg]
    return [button["payload"] for button in message["buttons"]]


async def test_a_malaysian_number_gets_the_malaysian_card(start: Start) -> None:
    talk = start(prefix="MY")

    (card,) = await talk.run(Answer(), KEPT, "documents")

    assert (card["kind"], card["card"]) == ("card", "mys/passport-kept")
    assert card["version"]
    assert "Draft" in card["text"]
    assert "Passports Act 1966" in card["text"]
    assert talk.effects == [{"do": "profile", "country": "MYS"}]


async def test_without_a_place_the_country_is_asked_and_the_answer_follows(start: Start) -> None:
    talk = start()

    (question,) = await talk.run(Answer(), KEPT, "documents")
    talk.metadata["question"] = KEPT
    (card,) = await talk.run(SetCountry(), country="MYS")

    assert question["kind"] == "ask_country"
    assert card["card"] == "mys/passport-kept"


async def test_a_place_in_a_sentence_answers_the_question_for_it(start: Start) -> None:
    talk = start()

    await talk.run(Answer(), KEPT, "documents")
    talk.metadata["question"] = KEPT
    unsure = {"housing": 0.35, "wages": 0.2}
    (card,) = await talk.run(Answer(), "me i sleep at KL", ranking=unsure, entities=[place("MYS")])

    assert card["card"] == "mys/passport-kept"


async def test_another_question_asked_beside_the_place_is_answered(start: Start) -> None:
    talk = start()

    await talk.run(Answer(), KEPT, "documents")
    talk.metadata["question"] = KEPT
    (card,) = await talk.run(
        Answer(), "malaysia. and no salary 3 months", "wages", entities=[place("MYS")]
    )

    assert card["card"] == "mys/unpaid-wages"


async def test_a_number_from_home_suggests_home_and_the_other_end_first(start: Start) -> None:
    (question,) = await start(prefix="NP").run(Answer(), "agent took money", "recruitment")

    assert question["kind"] == "ask_country"
    assert payloads(question)[:2] == [
        '/set_country{"country": "NPL"}',
        '/set_country{"country": "MYS"}',
    ]


async def test_a_place_in_the_message_is_used_and_remembered(start: Start) -> None:
    talk = start()

    (card,) = await talk.run(Answer(), KEPT, "documents", entities=[place("MYS")])

    assert card["card"] == "mys/passport-kept"
    assert talk.effects == [{"do": "profile", "country": "MYS"}]


async def test_a_new_place_asks_the_last_question_again(start: Start) -> None:
    talk = start(prefix="MY")
    await talk.run(Answer(), KEPT, "documents")
    talk.metadata["question"] = KEPT

    (answer,) = await talk.run(Inform(), "no i am in ghana now", "inform", entities=[place("GHA")])

    assert answer["card"].startswith(("gha/", "int/"))


async def test_a_country_without_a_shelf_gets_the_international_card_and_is_told(
    start: Start,
) -> None:
    notice, card = await start().run(Answer(), KEPT, "documents", entities=[place("QAT")])

    assert notice["kind"] == "notice"
    assert card["card"].startswith("int/")


async def test_both_ends_of_a_corridor_are_offered(start: Start) -> None:
    talk = start(country="MYS", origin="NPL")

    (card,) = await talk.run(Answer(), "boss did not pay me", "wages")

    assert card["card"].startswith("mys/")
    assert any('"npl/' in payload for payload in payloads(card))


async def test_an_unsure_message_gets_guesses_and_the_second_one_the_topics(start: Start) -> None:
    talk = start(prefix="MY")
    vague = {"wages": 0.2, "documents": 0.19, "greet": 0.1}

    (first,) = await talk.run(Answer(), "that thing", ranking=vague)
    (second,) = await talk.run(Answer(), "the other thing", ranking=vague)

    assert first["kind"] == "clarify"
    assert '/choose_topic{"topic": "wages"}' in payloads(first)
    assert second["kind"] == "menu"
    assert first["text"] != second["text"]


async def test_a_topic_from_the_menu_offers_its_cards_by_title(start: Start) -> None:
    talk = start(country="MYS")

    (menu,) = await talk.run(ChooseTopic(), topic="wages")
    (card,) = await talk.run(ChooseCard(), card="mys/unpaid-wages")

    assert menu["kind"] == "menu"
    assert '/choose_card{"card": "mys/unpaid-wages"}' in payloads(menu)
    assert card["card"] == "mys/unpaid-wages"


async def test_every_topic_can_be_reached_through_the_menu(start: Start) -> None:
    from actions.shelf import library

    talk, seen = start(), set()
    for page in range(5):
        (menu,) = await talk.run(Menu(), page=str(page))
        seen |= {p for p in payloads(menu) if p.startswith("/choose_topic")}
        assert len(menu["buttons"]) <= 10

    assert len(seen) == len(library().topics)


async def test_a_card_that_is_gone_is_said_to_be_gone(start: Start) -> None:
    (menu,) = await start().run(ChooseCard(), card="mys/no-such-card")

    assert menu["kind"] == "menu"


async def test_danger_is_answered_first_with_numbers_and_before_any_welcome(start: Start) -> None:
    talk = start(prefix="MY", welcomed=False)

    (alarm,) = await talk.run(
        Answer(), "he locks me in", "trafficking", entities=[danger("captivity")]
    )

    assert alarm["kind"] == "emergency"
    assert "999" in alarm["sms"]
    assert alarm["sms"].index("999") < alarm["sms"].index("door")
    assert {"do": "welcomed"} not in talk.effects


async def test_danger_without_a_place_still_says_whom_to_call(start: Start) -> None:
    (alarm,) = await start().run(Answer(), "he hits me", "violence", entities=[danger("violence")])

    assert alarm["kind"] == "emergency"
    assert "local emergency number" in alarm["text"]


async def test_the_first_answer_is_preceded_by_who_we_are_once(start: Start) -> None:
    talk = start(prefix="MY", welcomed=False)

    welcome, card = await talk.run(Answer(), KEPT, "documents")
    again = await talk.run(Answer(), KEPT, "documents")

    assert (welcome["kind"], card["kind"]) == ("welcome", "card")
    assert {"do": "welcomed"} in talk.effects
    for word in ("free", "bot", "STOP", "DELETE", "NE"):
        assert word in welcome["sms"]
    assert [message["kind"] for message in again] == ["card"]


async def test_the_detected_language_is_spoken_from_the_first_word(start: Start) -> None:
    talk = start(prefix="MY", welcomed=False)

    welcome, card = await talk.run(Answer(), KEPT, "documents", entities=[language("ne")])

    assert (welcome["language"], card["language"]) == ("ne", "ne")
    assert {"do": "profile", "country": "MYS", "language": "ne"} in talk.effects


async def test_another_language_is_offered_never_forced(start: Start) -> None:
    talk = start(prefix="MY", language="en")

    (card,) = await talk.run(
        Answer(), "mero malikle passport rakheko cha", "documents", entities=[language("ne")]
    )

    assert card["language"] == "en"
    assert '/set_language{"language": "ne"}' in payloads(card)


async def test_a_short_message_never_offers_another_language(start: Start) -> None:
    talk = start(prefix="MY", language="en")

    (card,) = await talk.run(Answer(), "passport", "documents", entities=[language("fr")])

    assert not any("set_language" in payload for payload in payloads(card))


async def test_a_language_is_set_and_the_conversation_goes_on_in_it(start: Start) -> None:
    talk = start(country="MYS", language="en")

    (menu,) = await talk.run(SetLanguage(), language="ne")

    assert (menu["kind"], menu["language"]) == ("language_set", "ne")
    assert talk.effects == [{"do": "profile", "language": "ne"}]


async def test_a_card_missing_in_the_language_is_given_in_english_and_that_is_said(
    start: Start,
) -> None:
    (card,) = await start(country="MYS", language="pt").run(Answer(), KEPT, "documents")

    assert card["language"] == "en"
    assert "outra l" in card["text"].lower() or "outro idioma" in card["text"].lower()


async def test_whoever_asks_for_a_person_after_an_alarm_is_urgent(start: Start) -> None:
    talk = start(prefix="MY")
    await talk.run(Answer(), "he hits me", "violence", entities=[danger("violence")])

    (offer,) = await talk.run(Human(), intent="human")

    assert offer["kind"] == "offer_human"
    assert talk.effects[-1]["do"] == "unmet"
    assert talk.effects[-1]["danger"] is True


async def test_whoever_asks_calmly_for_a_person_is_not_urgent(start: Start) -> None:
    talk = start(prefix="MY")
    await talk.run(Answer(), KEPT, "documents")

    await talk.run(Human(), intent="human")

    assert talk.effects[-1]["danger"] is False
    assert talk.effects[-1]["topic"] == "documents"


async def test_where_a_language_is_missing_the_second_one_comes_before_english(
    start: Start,
) -> None:
    talk = start(country="CIV", language="zh", language_hint="fr")

    (card,) = await talk.run(Answer(), "patron paie pas", "wages")

    assert card["language"] == "fr"


async def test_a_nepali_back_from_malaysia_gets_both_ends_for_unpaid_wages(start: Start) -> None:
    talk = start(prefix="NP")
    stage = {"entity": "stage", "value": "return", "extractor": "MessageReader"}

    (card,) = await talk.run(
        Answer(),
        "boss in malaysia did not pay my wages, i came back",
        "wages",
        entities=[place("MYS"), stage],
    )

    assert card["card"].startswith("mys/")
    assert any('"npl/' in payload for payload in payloads(card))


UNION = "can i join a union"
TWO = f"{UNION} and also {KEPT}"


async def test_two_questions_get_two_answers_and_one_menu(start: Start) -> None:
    talk = start(prefix="MY")
    ranking = {"union": 0.7, "documents": 0.25}

    first, then = await talk.run(
        Answer(), TWO, ranking=ranking, entities=[second("documents", TWO, KEPT)]
    )
    (more,) = await talk.run(More())

    assert (first["card"], then["card"]) == ("mys/join-union", "mys/passport-kept")
    assert payloads(first) == []
    assert '/choose_card{"card": "mys/join-union"}' in payloads(then)
    assert more["card"] == "mys/passport-kept"


async def test_a_second_matter_by_the_way_is_only_offered(start: Start) -> None:
    entities = [second("documents", TWO, KEPT, apart=False)]

    (answer,) = await start(prefix="MY").run(
        Answer(), TWO, ranking={"union": 0.7, "documents": 0.25}, entities=entities
    )

    assert answer["card"] == "mys/join-union"
    assert '/choose_card{"card": "mys/passport-kept"}' in payloads(answer)


async def test_both_questions_wait_for_the_country(start: Start) -> None:
    talk = start()
    ranking = {"union": 0.7, "documents": 0.25}
    (asked,) = await talk.run(
        Answer(), TWO, ranking=ranking, entities=[second("documents", TWO, KEPT)]
    )
    talk.metadata["question"] = TWO

    first, then = await talk.run(SetCountry(), country="MYS")

    assert asked["kind"] == "ask_country"
    assert KEPT not in str(talk.slots)
    assert (first["card"], then["card"]) == ("mys/join-union", "mys/passport-kept")


async def test_who_names_another_country_is_supposed_to_write_from_home(start: Start) -> None:
    talk = start(country="ETH")

    notice, answer = await talk.run(
        Answer(),
        "my sister died in beirut, the company keeps her body",
        "consular",
        entities=[place("LBN")],
    )

    assert notice["kind"] == "notice"
    offered = [answer["card"], *payloads(answer)]
    assert any("eth/death-or-injury" in item for item in offered)
    assert {"do": "profile", "country": "LBN"} in talk.effects


async def test_a_new_country_and_a_new_home_in_one_message_are_both_taken(start: Start) -> None:
    talk = start(country="MYS")
    places_named = [place("JOR"), place("NPL", "origin")]

    (card,) = await talk.run(Answer(), KEPT, "documents", entities=places_named)

    assert card["card"].startswith("jor/")
    assert {"do": "profile", "country": "JOR", "origin": "NPL"} in talk.effects
