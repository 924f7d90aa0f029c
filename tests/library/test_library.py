"""Which card a person gets: country, corridor, stage, words, reviews, and who can help."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.library import Found, Library
from bot.library.library import _law_here_first
from bot.library.serving import GRACE, serving

Edit = Callable[[str, str, str], None]
DUE = date(2027, 5, 23)


def ids(found: list[Found]) -> list[str]:
    return [item.card.id for item in found]


def test_the_country_answers_before_the_world(library: Library) -> None:
    found = library.find(topic="documents", country="MYS", stage="at_destination")
    assert ids(found) == ["mys/papers-kept", "int/papers"]
    assert [item.why for item in found] == ["country", "international"]


def test_without_a_card_of_the_country_the_world_answers(library: Library) -> None:
    assert ids(library.find(topic="documents", country="NPL")) == ["int/papers"]
    assert ids(library.find(topic="documents")) == ["int/papers"]


def test_a_corridor_gives_both_ends(library: Library) -> None:
    found = library.find(topic="wages", country="MYS", origin="NPL", stage="return")
    assert ids(found)[:2] == ["mys/unpaid-wages", "npl/claim-wages"]


def test_the_origin_comes_second_at_the_latest(root: Path) -> None:
    shelf = root / "cards/mys"
    for number in range(6):
        copy = shelf / f"wages-{number}"
        copy.mkdir()
        for path in (shelf / "unpaid-wages").iterdir():
            (copy / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    found = Library.load(root).find(topic="wages", country="MYS", origin="NPL", limit=3)
    assert found[1].card.id == "npl/claim-wages"


def test_of_the_origin_the_card_that_the_first_names_is_joined(root: Path, edit: Edit) -> None:
    shelf = root / "cards/npl"
    (shelf / "a-other").mkdir()
    for path in (shelf / "claim-wages").iterdir():
        (shelf / "a-other" / path.name).write_text(path.read_text("utf-8"), encoding="utf-8")
    found = Library.load(root).find(topic="wages", country="MYS", origin="NPL")
    assert ids(found)[1] == "npl/claim-wages"
    edit("cards/mys/unpaid-wages/card.yml", "- npl/claim-wages", "- npl/a-other")
    found = Library.load(root).find(topic="wages", country="MYS", origin="NPL")
    assert ids(found)[1] == "npl/a-other"


def test_cards_of_the_stage_come_first(root: Path, edit: Edit) -> None:
    shelf = root / "cards/mys"
    (shelf / "a-before").mkdir()
    for path in (shelf / "unpaid-wages").iterdir():
        text = path.read_text(encoding="utf-8").replace(
            "- at_destination\n- return", "- in_transit"
        )
        (shelf / "a-before" / path.name).write_text(text, encoding="utf-8")
    library = Library.load(root)
    assert ids(library.find(topic="wages", country="MYS", stage="in_transit"))[0] == "mys/a-before"
    first = ids(library.find(topic="wages", country="MYS", stage="return"))[0]
    assert first == "mys/unpaid-wages"


def test_words_choose_among_topics(library: Library) -> None:
    found = library.find(
        topic=("documents", "wages"), country="MYS", text="no salary for two months"
    )
    assert found[0].card.id == "mys/unpaid-wages"


def test_words_that_repeat_a_question_win_over_a_wrong_topic(library: Library) -> None:
    found = library.find(topic="detention", country="MYS", text="boss took my passport")
    assert "mys/papers-kept" in ids(found)


def test_words_find_a_card_whose_topic_was_guessed_wrong(library: Library) -> None:
    shares = {"detention": 0.9, "health": 0.1}
    found = library.find(topic=shares, country="MYS", text="no salary since two months")
    assert found[0].card.id == "mys/unpaid-wages"


def test_the_world_on_the_topic_goes_before_the_country_on_another(library: Library) -> None:
    found = library.find(topic={"wages": 1.0}, country="NPL", text="salary not paid by the boss")
    assert found[0].card.topic == "wages"


def test_an_origins_card_on_another_topic_does_not_come_second(library: Library) -> None:
    found = library.find(
        topic={"documents": 1.0}, country="MYS", origin="NPL", text="boss took my passport"
    )
    assert ids(found)[:2] == ["mys/papers-kept", "int/papers"]


def test_another_country_never_answers(library: Library) -> None:
    found = library.find(topic="wages", country="NPL", text="boss does not pay me", limit=20)
    assert not any(card_id.startswith("mys/") for card_id in ids(found))


@pytest.mark.parametrize(
    ("days_late", "served", "overdue"),
    [(-1, True, False), (0, True, False), (1, True, True), (30, True, True), (31, False, True)],
)
def test_an_overdue_card_is_served_with_a_warning_for_thirty_days(
    library: Library, days_late: int, served: bool, overdue: bool
) -> None:
    state = serving(library.card("mys/papers-kept"), DUE + timedelta(days=days_late))
    assert (state.served, state.overdue) == (served, overdue)
    assert state.withheld == ("" if served else "overdue")


def test_a_withdrawn_card_leaves_its_place_to_the_fallback(root: Path, edit: Edit) -> None:
    late = DUE + GRACE + timedelta(days=1)
    edit("cards/int/papers/card.yml", "due: 2027-05-23", "due: 2027-12-31")
    library = Library.load(root, today=lambda: late)
    assert ids(library.find(topic="documents", country="MYS")) == ["int/papers"]
    assert library.search("boss took my passport")[0].card.id == "int/papers"


@pytest.mark.parametrize(
    ("status", "lowest", "served"),
    [
        ("draft", "draft", True),
        ("draft", "checked", False),
        ("checked", "checked", True),
        ("checked", "reviewed", False),
        ("reviewed", "reviewed", True),
    ],
)
def test_a_deployment_may_ask_for_more_than_drafts(
    root: Path, edit: Edit, status: str, lowest: str, served: bool
) -> None:
    edit("cards/mys/papers-kept/card.yml", "status: draft", f"status: {status}")
    library = Library.load(root, lowest_review=lowest)
    card = library.card("mys/papers-kept")
    assert library.serving(card).served is served
    assert ("mys/papers-kept" in ids(library.find(topic="documents", country="MYS"))) is served


def test_an_unknown_review_level_is_refused(library: Library) -> None:
    with pytest.raises(ValueError, match="thorough"):
        serving(library.card("mys/papers-kept"), DUE, "thorough")
    with pytest.raises(ValueError, match="thorough"):
        Library(library.edition, lowest_review="thorough")


def test_danger_always_has_a_card(root: Path, library: Library) -> None:
    assert library.emergency_card("MYS").id == "mys/emergency"
    assert library.emergency_card("BRA").id == "int/emergency"
    assert library.emergency_card(None).id == "int/emergency"
    much_later = Library.load(root, today=lambda: date(2035, 1, 1))
    assert much_later.emergency_card("MYS").id == "int/emergency"


def test_who_asks_in_no_danger_gets_the_emergency_card_behind_the_answer(library: Library) -> None:
    emergency = library.card("mys/emergency")
    words = emergency.questions["en"][0]
    topics = {emergency.topic: 0.5, "documents": 0.5}
    asked = f"{words} and the passport, they hold it"
    found = ids(library.find(topic=topics, country="MYS", text=asked))
    assert found.index("mys/papers-kept") < found.index("mys/emergency")
    chosen = ids(library.find(topic=emergency.topic, country="MYS", text=words))
    assert chosen[0] == "mys/emergency"


def test_the_directory_gives_emergency_numbers_first(library: Library) -> None:
    found = library.directory("MYS", topics=["wages"])
    assert [contact.id for contact in found] == ["mys-999", "mys-union", "mys-nepali-desk"]


def test_who_speaks_the_language_comes_before_who_does_not(library: Library) -> None:
    found = library.directory("MYS", topics=["wages"], language="ne")
    assert [contact.id for contact in found] == ["mys-999", "mys-nepali-desk", "mys-union"]


def test_unconfirmed_contacts_are_named_only_for_want_of_others(root: Path, edit: Edit) -> None:
    library = Library.load(root)
    assert "mys-rumour" not in [c.id for c in library.directory("MYS", ["documents"])]
    everyone = library.directory("MYS", ["documents"], include_unconfirmed=True)
    assert "mys-rumour" in [contact.id for contact in everyone]
    edit("directory/mys.yml", "  - wages\n  - documents\n", "  - wages\n")
    alone = Library.load(root).directory("MYS", ["documents"])
    assert [contact.id for contact in alone] == ["mys-999", "mys-rumour"]
    assert alone[1].confidence == "unconfirmed"


def test_the_only_emergency_number_is_named_even_if_unconfirmed(root: Path, edit: Edit) -> None:
    end = "\n- id: npl-board"
    edit("directory/npl.yml", f"confidence: confirmed{end}", f"confidence: unconfirmed{end}")
    found = Library.load(root).directory("NPL", ["wages"])
    assert [contact.id for contact in found] == ["npl-100", "npl-board"]
    assert found[0].confidence == "unconfirmed"


def test_a_cards_contacts_keep_its_order_and_leave_rumours_out(library: Library) -> None:
    found = library.contacts(library.card("mys/papers-kept"))
    assert [contact.id for contact in found] == ["mys-nepali-desk"]


def test_kinds_narrow_the_directory(library: Library) -> None:
    assert [c.id for c in library.directory("MYS", kinds=["union"])] == ["mys-union"]
    assert library.directory("XYZ") == []


def test_names_fall_back_to_english(library: Library) -> None:
    contact = library.contact("mys-union")
    assert contact.name_in("ne") == "युनियन"
    assert contact.name_in("fr") == "Union line"
    assert contact.hours_in("ne") == ""
    assert library.topics["wages"].label_in("ne") == "तलब र समय"
    assert library.countries["MYS"].name_in("xx") == "Malaysia"


def test_treaties_that_bind_come_first_and_memory_binds_nobody(library: Library) -> None:
    view = library.treaties("MYS", "detention")
    assert [backing.instrument for backing in view.backings] == ["CRC", "CAT"]
    assert [backing.instrument for backing in view.binding] == ["CRC"]
    assert [objective.number for objective in view.objectives] == [13]
    assert library.treaties("NPL", "detention").binding == ()
    assert library.treaties("NPL", "wages").backings == ()
    assert all(b.commitment is None for b in library.treaties("INT", "detention").backings)


def test_the_law_here_goes_before_the_worlds_that_fits_a_little_better(library: Library) -> None:
    world, here = library.card("int/wages"), replace(library.card("npl/claim-wages"), topic="wages")
    other = Found(library.card("mys/papers-kept"), 2.0, "country")

    close = _law_here_first(
        [Found(world, 2.1, "international"), other, Found(here, 2.0, "country")]
    )
    far = _law_here_first([Found(world, 2.9, "international"), Found(here, 2.0, "country")])

    assert [item.card.id for item in close] == [here.id, world.id, other.card.id]
    assert [item.card.id for item in far] == [world.id, here.id]
    assert _law_here_first([]) == []
