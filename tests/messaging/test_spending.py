"""What SMS cost, and short answers above the monthly ceiling."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.layout import shortened
from bot.channels.names import Channel
from bot.channels.outgoing import Option, Reply
from bot.messaging import answering, outbox, spending
from bot.messaging.incidents import Incident, Kind
from bot.messaging.models import Contact, Direction, Message, State
from bot.settings.environment import SettingsError, environment
from bot.settings.sms_costs import WrongCosts, read_costs
from tests.messaging.conftest import Write

PRICES = "MY=0.03,*=0.08 USD"
LONG = "Your passport is yours. " * 30
MORE = Option("More", spending.NEXT_PIECE, "More")
MENU = (Option("More", "/more"), Option("Useful?", "/useful", optional=True))
Ceiling = Callable[[str], None]


@pytest.fixture
def ceiling(monkeypatch: pytest.MonkeyPatch) -> Iterator[Ceiling]:
    """Return a function that sets the prices and a ceiling until the test ends."""

    def set_(value: str) -> None:
        monkeypatch.setenv("HAKI_SMS_PRICES", PRICES)
        monkeypatch.setenv("HAKI_MONTHLY_SMS_CEILING", value)
        environment.cache_clear()

    yield set_
    monkeypatch.undo()
    environment.cache_clear()


def sent_before(contact: Contact, segments: int, state: State = State.SENT) -> None:
    Message.objects.create(
        contact=contact, channel="sms", direction=Direction.OUTBOUND, kind="card", text="x",
        details={"options": [], "style": "plain", "list_label": ""}, state=state,
        segments=segments,
    )  # fmt: skip


@pytest.mark.parametrize(("country", "price"), [("MY", "0.03"), ("NP", "0.08"), ("", "0.08")])
def test_a_price_is_that_of_the_country_or_of_elsewhere(country: str, price: str) -> None:
    assert read_costs(PRICES, "").price(country) == Decimal(price)


def test_without_prices_nothing_is_invented() -> None:
    assert read_costs("", "").price("MY") is None
    assert read_costs("MY=0.03 USD", "").price("NP") is None


@pytest.mark.parametrize("prices", ["MY=0.03", "MY:0.03 USD", "my=0.03 USD", "MY=-1 USD", "USD"])
def test_a_price_list_of_another_form_is_refused(prices: str) -> None:
    with pytest.raises(WrongCosts, match="HAKI_SMS_PRICES must be such as"):
        read_costs(prices, "")


@pytest.mark.parametrize("value", ["5", "five USD", "-1 USD", "2,5 USD"])
def test_a_ceiling_of_another_form_is_refused(value: str) -> None:
    with pytest.raises(WrongCosts, match="must be such as"):
        read_costs(PRICES, value)


def test_a_ceiling_in_another_currency_is_refused() -> None:
    with pytest.raises(WrongCosts, match="in the currency of HAKI_SMS_PRICES"):
        read_costs(PRICES, "5 EUR")


def test_a_wrong_ceiling_stops_the_start_with_a_sentence(ceiling: Ceiling) -> None:
    ceiling("lots")
    with pytest.raises(SettingsError, match="HAKI_MONTHLY_SMS_CEILING"):
        environment()


@pytest.mark.django_db
def test_the_estimate_counts_what_was_not_refused_this_month(
    write: Write, ceiling: Ceiling
) -> None:
    ceiling("5 USD")
    contact = write("hi", Channel.SMS).contact
    sent_before(contact, 10)
    sent_before(contact, 4, State.FAILED)
    sent_before(contact, 7)
    long_ago = timezone.now().replace(year=2020)
    Message.objects.filter(segments=7).update(created_at=long_ago)

    assert contact.country_of_prefix == "MY"
    assert spending.spent_this_month(contact) == spending.Spent(10, Decimal("0.30"))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("value", "over"),
    [("0.30 USD", True), ("0.31 USD", False), ("10 segments", True), ("11 segments", False)],
)
def test_the_ceiling_is_an_amount_or_a_number_of_segments(
    write: Write, ceiling: Ceiling, value: str, over: bool
) -> None:
    ceiling(value)
    contact = write("hi", Channel.SMS).contact
    sent_before(contact, 10)

    assert spending.is_over(contact) is over


@pytest.mark.django_db
def test_below_the_ceiling_answers_are_whole(write: Write, ceiling: Ceiling) -> None:
    ceiling("100 segments")
    inbound = write("hi", Channel.SMS)

    (row,) = outbox.store_replies(inbound, [Reply("card", LONG, "en", options=MENU)])

    assert row.segments > spending.PIECE
    assert "rest" not in row.details


@pytest.mark.django_db
def test_above_it_an_answer_comes_in_pieces_until_all_is_said(
    write: Write, ceiling: Ceiling
) -> None:
    ceiling("1 segments")
    inbound = write("hi", Channel.SMS)
    sent_before(inbound.contact, 1)
    rows = outbox.store_replies(
        inbound, [Reply("card", LONG, "en", options=MENU, card="mys/x", card_version="v")]
    )
    said = []
    for _ in range(20):
        (row,) = rows
        assert row.segments <= spending.PIECE
        assert (row.kind, row.card) == ("card", "mys/x")
        said.append(row.text.partition("\n")[0])
        if "rest" not in row.details:
            break
        assert row.text.endswith("\n1 More")
        ask = write("1", Channel.SMS)
        rows = outbox.store_replies(ask, answering.answer(ask).replies)

    assert " ".join(said).split() == LONG.split()
    assert row.text.endswith("\n1 More")
    assert row.details["options"][0]["payload"] == "/more"
    assert Incident.objects.get(kind=Kind.SMS_CEILING).count >= 2


@pytest.mark.django_db
@pytest.mark.parametrize("kind", spending.SAID_WHOLE)
def test_what_safety_hangs_on_is_said_whole(write: Write, ceiling: Ceiling, kind: str) -> None:
    ceiling("1 segments")
    inbound = write("hi", Channel.SMS)
    sent_before(inbound.contact, 1)

    rows = outbox.store_replies(inbound, [Reply(kind, LONG, "en")])

    assert sum(row.segments for row in rows) > spending.PIECE


@pytest.mark.django_db
def test_other_channels_have_no_ceiling(write: Write, ceiling: Ceiling) -> None:
    ceiling("1 segments")

    assert not spending.is_over(write("hi").contact)


@pytest.mark.django_db
def test_the_operator_sees_the_month_by_country_and_nobodys_number(
    write: Write, ceiling: Ceiling
) -> None:
    ceiling("0.10 USD")
    sent_before(write("hi", Channel.SMS).contact, 10)
    out = StringIO()

    call_command("sms_spending", stdout=out)

    assert "MY: 10 segments, 1 people, 0.30 USD" in out.getvalue()
    assert "1 people have reached the monthly ceiling." in out.getvalue()
    assert "+60" not in out.getvalue()


def test_a_long_menu_is_sent_whole_after_its_question() -> None:
    options = tuple(Option(f"A rather long country {n}", f"/c{n}") for n in range(14))
    first = shortened(Reply("ask_country", "Which country?", "en", options=options), 2, MORE)
    assert first.text == "Which country?\n1 More"

    second = shortened(Reply("ask_country", first.rest, "en", options=first.rest_options), 2, MORE)

    assert second.options == options
    assert not second.rest


@given(st.text(alphabet="abcé. हक़😀\n", min_size=1, max_size=800), st.sampled_from(["en", "ne"]))
def test_pieces_say_every_letter_once_and_in_order(text: str, language: str) -> None:
    reply = Reply("card", text, language)
    said = []
    for _ in range(200):
        bubble = shortened(reply, 2, MORE)
        body = bubble.text.removesuffix("\n1 More") if bubble.options else bubble.text
        said.append(body)
        if not bubble.rest:
            break
        assert bubble.segments <= 2
        reply = Reply("card", bubble.rest, language)

    from bot.channels.segments import reduce_to_gsm7

    assert "".join("".join(said).split()) == "".join(reduce_to_gsm7(text, language).split())
