"""Who fits, who never does, and that the reason says what counted."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.handover.routing import Choice, Need, NotAPartner, Partner, choose, fits

MONDAY_NOON = datetime(2026, 11, 23, 12, 0, tzinfo=timezone.utc)
ALWAYS = {str(day): [["00:00", "24:00"]] for day in range(7)}
NEED = Need(country="MYS", origin="NPL", topic="wages", language="ne")
PARTNER = Partner(
    id=1,
    name="North",
    countries=("MYS",),
    topics=("wages",),
    languages=("ne",),
    hours=ALWAYS,
    capacity=5,
)


def chosen(need: Need, *partners: Partner) -> Choice:
    found = choose(need, partners, MONDAY_NOON)
    assert found is not None
    return found


def test_the_reason_names_what_counted() -> None:
    found = chosen(NEED, PARTNER)

    assert found.reason.key == "country"
    assert found.reason.params == {
        "country": "MYS",
        "origin": "",
        "topic": "wages",
        "language": "ne",
        "trained": "",
    }


def test_the_country_of_origin_counts_where_nobody_is_in_the_country_of_stay() -> None:
    at_home = replace(PARTNER, id=2, countries=(), origins=("NPL",))

    assert chosen(NEED, at_home).reason.key == "origin"
    assert chosen(NEED, at_home, PARTNER).partner.id == 1


@pytest.mark.parametrize(
    "unfit",
    [
        replace(PARTNER, countries=("BRA",)),
        replace(PARTNER, topics=("health",)),
        replace(PARTNER, languages=("fr",)),
        replace(PARTNER, load=5),
        replace(PARTNER, capacity=0),
    ],
)
def test_who_does_not_fit_is_not_asked_and_the_coordinating_one_is(unfit: Partner) -> None:
    coordinating = Partner(id=9, name="All", coordinating=True, capacity=1)

    assert choose(NEED, [unfit], MONDAY_NOON) is None
    assert chosen(NEED, unfit, coordinating).reason.key == "coordinating"


@pytest.mark.parametrize("topic", ["violence", "trafficking"])
def test_what_is_sensitive_goes_to_trained_people_only(topic: str) -> None:
    untrained = replace(PARTNER, topics=())
    need = replace(NEED, topic=topic)

    assert choose(need, [untrained], MONDAY_NOON) is None
    assert chosen(need, replace(untrained, trained=True)).reason.params["trained"] == "yes"
    assert choose(replace(NEED, danger=True), [untrained], MONDAY_NOON) is None


def test_an_untrained_coordinating_organisation_gets_nothing_sensitive() -> None:
    coordinating = Partner(id=9, name="All", coordinating=True, capacity=1)

    assert choose(replace(NEED, topic="violence"), [coordinating], MONDAY_NOON) is None


def test_in_danger_an_open_partner_comes_before_a_better_fit() -> None:
    closed = replace(PARTNER, trained=True, hours={"0": [["08:00", "11:00"]]})
    open_now = replace(PARTNER, id=2, trained=True, topics=())

    assert chosen(NEED, closed, open_now).partner.id == 1
    assert chosen(replace(NEED, danger=True), closed, open_now).partner.id == 2


def test_a_closed_partner_says_when_it_opens() -> None:
    closed = replace(PARTNER, hours={"1": [["09:00", "17:00"]]}, zone="Asia/Kuala_Lumpur")
    found = chosen(NEED, closed)

    assert not found.open_now
    assert found.next_open == datetime(2026, 11, 24, 1, 0, tzinfo=timezone.utc)


def test_a_second_language_is_better_than_nobody() -> None:
    english = replace(PARTNER, languages=("en",))

    assert choose(NEED, [english], MONDAY_NOON) is None
    assert chosen(replace(NEED, also_languages=("en",)), english).reason.params["language"] == "en"


CODES = st.sampled_from(["MYS", "NPL", "BRA", ""])
TOPICS = st.sampled_from(["wages", "violence", "health", ""])
LANGUAGES = st.sampled_from(["en", "ne", "pt", ""])
DAY = st.sampled_from([[], [["09:00", "17:00"]], [["00:00", "24:00"]], [["20:00", "23:00"]]])


def several(codes: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(codes.filter(bool), max_size=3, unique=True).map(tuple)


PARTNERS = st.builds(
    Partner,
    id=st.integers(1, 5),
    name=st.just("x"),
    countries=several(CODES),
    origins=several(CODES),
    topics=several(TOPICS),
    languages=several(LANGUAGES),
    hours=st.dictionaries(st.sampled_from("0123456"), DAY, max_size=7),
    zone=st.sampled_from(["UTC", "Asia/Kathmandu", "America/Port-au-Prince"]),
    load=st.integers(0, 4),
    capacity=st.integers(0, 4),
    trained=st.booleans(),
    coordinating=st.booleans(),
)
NEEDS = st.builds(
    Need,
    country=CODES,
    origin=CODES,
    topic=TOPICS,
    language=LANGUAGES,
    also_languages=several(LANGUAGES),
    danger=st.booleans(),
)


@given(NEEDS, st.lists(PARTNERS, max_size=6, unique_by=lambda p: p.id), st.randoms())
def test_whoever_is_chosen_may_take_it(need: Need, partners: list[Partner], random: object) -> None:
    found = choose(need, partners, MONDAY_NOON)
    mixed = list(partners)
    random.shuffle(mixed)  # type: ignore[attr-defined]

    assert found == choose(need, mixed, MONDAY_NOON)
    if found is None:
        assert not any(
            p.load < p.capacity
            and (p.trained or not need.sensitive)
            and (p.coordinating or fits(need, p))
            for p in partners
        )
        return
    assert found.partner.load < found.partner.capacity
    assert found.partner.trained or not need.sensitive
    assert found.partner.coordinating or fits(need, found.partner)
    if found.next_open is not None:
        assert found.open_now == (found.next_open == MONDAY_NOON)
        assert MONDAY_NOON <= found.next_open <= MONDAY_NOON + timedelta(days=8)


@given(PARTNERS, NEEDS)
def test_partners_and_needs_survive_json(partner: Partner, need: Need) -> None:
    assert Partner.from_dict(partner.to_dict()) == partner
    assert Need.from_dict(need.to_dict()) == need


def test_a_dict_of_something_else_is_refused() -> None:
    with pytest.raises(NotAPartner):
        Partner.from_dict({"name": "x", "address": "y"})
