"""WhatsApp's 24 hours: what comes later is kept, announced once, and delivered when asked for."""

from datetime import datetime, timedelta, timezone

import httpx
import pytest
from django.utils import timezone as clock

from bot.channels.incoming import InboundKind
from bot.channels.names import Channel
from bot.channels.outgoing import Reply
from bot.channels.twilio.contents import INVITATION_TAP, invitation_name
from bot.channels.twilio.inbound import Status
from bot.messaging import outbox, service_window
from bot.messaging.handling import handle
from bot.messaging.incidents import Incident, Kind
from bot.messaging.models import Contact, ContentTemplate, Direction, Message, State
from bot.messaging.statuses import apply_status
from tests.messaging.conftest import Write

pytestmark = pytest.mark.django_db

PERSON = "whatsapp:+60100000301"
PHONE = "/phones/whatsapp/%2B60100000301"
FIRST = Reply("case_reply", "We spoke to your boss.", "en")
SECOND = Reply("case_reply", "Come to the office on Monday.", "en")


@pytest.fixture
def person(write: Write, stand_ins: httpx.Client) -> Contact:
    """A person on WhatsApp who wrote just now and was answered."""
    stand_ins.delete("/state")
    stand_ins.post(f"{PHONE}/send", json={"text": "hello"})
    message = write("hello", Channel.WHATSAPP, address=PERSON)
    Message.objects.update(state=State.ANSWERED)
    Contact.objects.update(language="ne")
    message.contact.refresh_from_db()
    return message.contact


def hours_pass(contact: Contact, hours: float, stand_ins: httpx.Client | None = None) -> None:
    contact.last_inbound_at = clock.now() - timedelta(hours=hours)
    contact.save()
    if stand_ins is not None:
        stand_ins.post(PHONE, json={"last_inbound_hours_ago": hours})


def say(contact: Contact, *replies: Reply) -> list[Message]:
    """Store and deliver a late answer, as a case worker's reply is."""
    rows = outbox.store_replies(contact.messages.filter(direction="in").latest("id"), replies)
    outbox.deliver_new(contact, rows)
    return [Message.objects.get(pk=row.pk) for row in rows]


def shown(stand_ins: httpx.Client, count: int = 0) -> list[str]:
    """Return what the phone shows of ours, once there are `count` messages of any kind."""
    query: dict[str, str | int] = {"by": "haki", "count": count, "wait": 3000}
    found = stand_ins.get(f"{PHONE}/messages", params=query).json()["messages"]
    return [message["text"] for message in found]


def tap(write: Write) -> Message:
    message = write(
        "पढ्नुहोस्", Channel.WHATSAPP, address=PERSON, tap=INVITATION_TAP, kind=InboundKind.TAP
    )
    handle(message.pk)
    return message


def invitations() -> list[Message]:
    return list(Message.objects.filter(kind="template"))


@pytest.mark.parametrize(("hours", "open_"), [(0, True), (23.8, True), (23.95, False), (25, False)])
def test_the_window_closes_a_little_before_24_hours(
    person: Contact, hours: float, open_: bool
) -> None:
    hours_pass(person, hours)

    assert service_window.is_open(person) is open_


def test_other_channels_have_no_window(write: Write) -> None:
    contact = write("hello", Channel.SMS).contact
    hours_pass(contact, 500)

    assert service_window.is_open(contact)


def test_a_late_answer_is_kept_and_announced_once_in_their_language(
    person: Contact, stand_ins: httpx.Client
) -> None:
    hours_pass(person, 30, stand_ins)

    rows = say(person, FIRST) + say(person, SECOND)

    assert [row.state for row in rows] == [State.HELD, State.HELD]
    (invitation,) = invitations()
    assert invitation.language == "ne"
    assert invitation.state in (State.SENT, State.DELIVERED)
    (text,) = shown(stand_ins, 1)
    assert text.startswith(invitation.text)
    assert ContentTemplate.objects.get(name=invitation_name("ne")).sid.startswith("HX")


def test_a_tap_delivers_what_was_kept_in_order_and_says_nothing_more(
    person: Contact, write: Write, stand_ins: httpx.Client
) -> None:
    hours_pass(person, 30, stand_ins)
    say(person, FIRST, SECOND)
    stand_ins.post(PHONE, json={"last_inbound_hours_ago": 0})

    tap(write)

    assert shown(stand_ins, 3)[1:] == [FIRST.text, SECOND.text]
    assert not Message.objects.filter(state__in=[State.HELD, State.QUEUED]).exists()


def test_an_answer_kept_for_days_is_still_delivered(
    person: Contact, write: Write, stand_ins: httpx.Client
) -> None:
    hours_pass(person, 200, stand_ins)
    say(person, FIRST)
    Message.objects.filter(kind="case_reply").update(created_at=clock.now() - timedelta(days=6))
    stand_ins.post(PHONE, json={"last_inbound_hours_ago": 0})

    tap(write)

    assert shown(stand_ins, 2)[1:] == [FIRST.text]


def test_an_old_invitation_that_is_tapped_again_says_that_all_was_read(
    person: Contact, write: Write, stand_ins: httpx.Client
) -> None:
    tap(write)

    assert Message.objects.latest("id").kind == "notice"
    assert len(shown(stand_ins, 1)) == 1


def test_the_typed_title_of_the_button_counts_as_the_tap(
    person: Contact, write: Write, stand_ins: httpx.Client
) -> None:
    hours_pass(person, 30, stand_ins)
    say(person, FIRST)

    assert service_window.asks_for_kept(write("पढ्नुहोस्", Channel.WHATSAPP, address=PERSON))
    assert not service_window.asks_for_kept(write("hello", Channel.WHATSAPP, address=PERSON))


def test_63016_although_our_clock_said_open_is_handled_the_same_way(
    person: Contact, write: Write, stand_ins: httpx.Client
) -> None:
    (row,) = say(person, FIRST)
    sid = row.provider_id or ""
    refusal = Status(sid, "failed", "63016")

    assert apply_status(row.pk, refusal)
    assert apply_status(row.pk, refusal)  # Twilio repeats callbacks

    row.refresh_from_db()
    assert (row.state, row.provider_id) == (State.HELD, None)
    assert len(invitations()) == 1
    person.refresh_from_db()
    assert not service_window.is_open(person)
    outbox.deliver(person)
    tap(write)
    assert shown(stand_ins, 3).count(FIRST.text) == 2  # the stand-in had shown the refused one too
    apply_status(row.pk, refusal)
    row.refresh_from_db()
    assert row.state in (State.SENT, State.DELIVERED)


def test_63016_in_the_answer_to_the_send_is_handled_the_same_way(
    person: Contact, stand_ins: httpx.Client
) -> None:
    fault = {"on": "twilio.send", "kind": "error", "status": 400, "code": 63016}
    stand_ins.post("/faults", json=fault)

    (row,) = say(person, FIRST)

    assert row.state == State.HELD
    assert len(invitations()) == 1


def test_a_new_invitation_goes_out_only_after_they_wrote_again(
    person: Contact, write: Write, stand_ins: httpx.Client
) -> None:
    hours_pass(person, 30, stand_ins)
    say(person, FIRST)
    stand_ins.post(PHONE, json={"last_inbound_hours_ago": 0})
    tap(write)
    Message.objects.filter(kind="template").update(created_at=clock.now() - timedelta(hours=30))
    person.refresh_from_db()
    hours_pass(person, 25, stand_ins)

    say(person, SECOND)

    assert len(invitations()) == 2


def test_a_template_that_whatsapp_refused_falls_back_to_english(person: Contact) -> None:
    ContentTemplate.objects.create(
        name=invitation_name("ne"), sid="HX" + "1" * 32, approval="rejected"
    )

    assert service_window.template_language("ne") == "en"


def test_without_any_approved_template_the_answer_stays_kept_and_the_operator_knows(
    person: Contact,
) -> None:
    for language in ("ne", "en"):
        ContentTemplate.objects.create(
            name=invitation_name(language), sid="HX" + language[0] * 32, approval="rejected"
        )
    hours_pass(person, 30)

    (row,) = say(person, FIRST)

    assert row.state == State.HELD
    assert invitations() == []
    assert Incident.objects.filter(kind=Kind.NO_TEMPLATE).exists()


def test_what_is_kept_is_announced_when_a_template_is_approved_at_last(person: Contact) -> None:
    hours_pass(person, 30)
    Message.objects.create(
        contact=person, channel="whatsapp", direction=Direction.OUTBOUND, kind="case_reply",
        text="x", details={"style": "plain", "list_label": "", "options": []}, state=State.HELD,
    )  # fmt: skip

    assert service_window.invite_all() == 1
    assert service_window.invite_all() == 0


def test_an_invitation_that_failed_is_followed_by_one_in_english(person: Contact) -> None:
    hours_pass(person, 30)
    say(person, FIRST)
    (invitation,) = invitations()
    Message.objects.filter(pk=invitation.pk).update(state=State.SENT)

    apply_status(invitation.pk, Status(invitation.provider_id or "", "failed", "63016"))

    assert [one.language for one in invitations()] == ["ne", "en"]


def test_after_stop_nothing_is_announced(person: Contact) -> None:
    hours_pass(person, 30)
    person.opted_out_at = clock.now()
    person.save()

    (row,) = say(person, FIRST)

    assert (row.state, row.error_code) == (State.FAILED, "opted out")
    assert invitations() == []


def test_opt_in_is_recorded_with_its_time_and_how(write: Write) -> None:
    contact = write("hello").contact
    assert contact.opted_in_how == "wrote first"
    assert contact.opted_in_at is not None

    message = write("START")
    outbox.store_answer(message, (), ({"do": "opt_in"},))

    contact.refresh_from_db()
    assert contact.opted_in_how == "sent START"
    assert contact.opted_in_at > datetime(2020, 1, 1, tzinfo=timezone.utc)
