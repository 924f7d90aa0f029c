"""Answers stored before they are sent, sent in order, through the stand-in providers."""

from typing import Any

import httpx
import pytest
from django.utils import timezone

from bot.channels.delivery_errors import DeliveryError
from bot.channels.names import Channel
from bot.channels.outgoing import Option, Reply
from bot.dialogue.client import RasaFailed
from bot.messaging import outbox
from bot.messaging.handling import PATIENCE, handle
from bot.messaging.incidents import open_incidents
from bot.messaging.models import Contact, Direction, Message, State
from tests.messaging.conftest import Write

pytestmark = pytest.mark.django_db

REPLY = Reply("card", "Your passport is yours.", "en", card="mys/passport-kept", card_version="abc")
BUTTONS = Reply("card", "Yes.", "en", options=(Option("More", "/more"),), list_label="Choose")


@pytest.fixture(scope="module")
def providers(stand_ins: httpx.Client) -> str:
    """The address of the stand-in providers' control API."""
    return str(stand_ins.base_url).rstrip("/")


def order_fault(providers: str, **fault: Any) -> None:
    answer = httpx.post(f"{providers}/faults", json=fault, trust_env=False)
    assert answer.status_code == 201, answer.text


@pytest.fixture(autouse=True)
def calm(providers: str) -> None:
    httpx.delete(f"{providers}/faults", trust_env=False)


def shown(providers: str, channel: str, address: str) -> list[str]:
    url = f"{providers}/phones/{channel}/{address}/messages"
    messages = httpx.get(url, params={"by": "haki"}, trust_env=False).json()["messages"]
    return [message["text"] for message in messages]


def outgoing() -> Message:
    return Message.objects.filter(direction=Direction.OUTBOUND).order_by("-id")[0]


def test_an_sms_is_sent_and_keeps_kind_card_version_and_sid(write: Write, providers: str) -> None:
    message = write("hello", Channel.SMS)
    outbox.store_answer(message, [REPLY])

    outbox.deliver(message.contact)

    row = outgoing()
    assert (row.kind, row.card, row.card_version) == ("card", "mys/passport-kept", "abc")
    assert row.state in (State.SENT, State.DELIVERED)
    assert (row.provider_id or "").startswith("SM")
    assert REPLY.text in shown(providers, "sms", "%2B60100000301")


def test_telegram_gets_text_and_buttons(write: Write, providers: str) -> None:
    first_words = {"kind": "text", "text": "hello"}
    httpx.post(f"{providers}/phones/telegram/7001/send", json=first_words, trust_env=False)
    message = write("hello")
    outbox.store_answer(message, [BUTTONS])

    outbox.deliver(message.contact)

    assert outgoing().state == State.SENT
    assert "Yes." in shown(providers, "telegram", "7001")


def test_a_message_that_was_sent_is_not_sent_again(write: Write, providers: str) -> None:
    message = write("hello", Channel.SMS)
    outbox.store_answer(message, [Reply("card", "Only once.", "en")])

    outbox.deliver(message.contact)
    outbox.deliver(message.contact)

    assert shown(providers, "sms", "%2B60100000301").count("Only once.") == 1


def test_a_passing_refusal_is_raised_and_the_next_try_delivers(
    write: Write, providers: str
) -> None:
    message = write("hello", Channel.SMS)
    outbox.store_answer(message, [Reply("card", "Later.", "en")])
    order_fault(providers, on="twilio.send", kind="error", status=429, code=20429)

    with pytest.raises(DeliveryError):
        outbox.deliver(message.contact)
    assert outgoing().state == State.QUEUED
    outbox.deliver(message.contact)

    assert shown(providers, "sms", "%2B60100000301").count("Later.") == 1


def test_when_trying_ends_the_message_is_marked_failed_and_the_next_goes_out(
    write: Write, providers: str
) -> None:
    message = write("hello", Channel.SMS)
    outbox.store_answer(message, [Reply("card", "Lost.", "en"), Reply("card", "Kept.", "en")])
    order_fault(providers, on="twilio.send", kind="error", status=503, code=20503)

    outbox.deliver(message.contact, give_up=True)

    states = Message.objects.filter(direction=Direction.OUTBOUND).order_by("id")
    assert states[0].state == State.FAILED
    assert "Kept." in shown(providers, "sms", "%2B60100000301")


def test_a_person_who_opted_out_at_twilio_is_marked(write: Write, providers: str) -> None:
    message = write("hello", Channel.SMS)
    rows = outbox.store_answer(message, [REPLY])
    order_fault(providers, on="twilio.send", kind="error", status=400, code=21610)

    outbox.deliver_new(message.contact, rows)

    assert outgoing().error_code == "21610"
    assert Contact.objects.get(pk=message.contact_id).opted_out_at is not None


def test_a_person_who_blocked_the_telegram_bot_is_marked_until_they_write(
    write: Write, providers: str
) -> None:
    message = write("hello")
    outbox.store_answer(message, [REPLY])
    httpx.post(f"{providers}/phones/telegram/7001", json={"blocked": True}, trust_env=False)

    outbox.deliver(message.contact)
    assert Contact.objects.get(pk=message.contact_id).unreachable_at is not None

    httpx.post(f"{providers}/phones/telegram/7001", json={"blocked": False}, trust_env=False)
    assert write("I am back").contact.unreachable_at is None


def test_a_content_template_that_twilio_lost_is_made_again(write: Write, providers: str) -> None:
    from bot.messaging.models import ContentTemplate

    message = write("hello", Channel.WHATSAPP, address="whatsapp:+60100000303")
    ContentTemplate.objects.create(name="haki_v1_buttons_1", sid="HX" + "0" * 32)
    httpx.post(
        f"{providers}/phones/whatsapp/%2B60100000303",
        json={"last_inbound_hours_ago": 1},
        trust_env=False,
    )
    outbox.store_answer(message, [BUTTONS])

    outbox.deliver(message.contact)

    assert outgoing().state in (State.SENT, State.DELIVERED, State.READ)
    assert ContentTemplate.objects.get().sid != "HX" + "0" * 32


def test_without_rasa_the_honest_line_comes_once_and_the_message_still_waits(
    write: Write, providers: str
) -> None:
    message = write("boss took my passport", Channel.SMS)

    with pytest.raises(RasaFailed):
        handle(message.pk, attempt=0)
    assert not Message.objects.filter(direction=Direction.OUTBOUND).exists()
    Message.objects.update(created_at=timezone.now() - PATIENCE)
    for attempt in (5, 6):
        with pytest.raises(RasaFailed):
            handle(message.pk, attempt=attempt)

    message.refresh_from_db()
    assert [outgoing().kind, message.state] == ["fallback", State.RECEIVED]
    assert Message.objects.filter(direction=Direction.OUTBOUND).count() == 1


def test_a_job_for_a_person_who_was_erased_ends_quietly() -> None:
    handle(10**9, attempt=0)


def test_what_is_written_while_being_erased_reaches_the_new_person(
    write: Write, providers: str
) -> None:
    confirm, late = write("1"), write("are you there?")
    outbox.store_answer(confirm, [Reply("deleted", "Done.", "en")], [{"do": "erase"}])
    after = write("hello again")

    handle(confirm.pk, attempt=0)

    assert not Message.objects.filter(pk=confirm.pk).exists()
    late.refresh_from_db()
    assert late.contact_id == after.contact_id
    assert Contact.objects.count() == 1


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "error_after_accept", "status": 503, "code": 20503},
        {"kind": "timeout_after_accept", "seconds": 12},
    ],
    ids=["an error", "no answer"],
)
def test_a_send_that_twilio_took_without_telling_us_is_found_and_not_repeated(
    write: Write, providers: str, fault: dict[str, Any]
) -> None:
    message = write("hello", Channel.SMS)
    text = f"Taken in silence: {fault['kind']}."
    rows = outbox.store_answer(message, [Reply("card", text, "en")])
    order_fault(providers, on="twilio.send", **fault)

    with pytest.raises(DeliveryError):
        outbox.deliver_new(message.contact, rows)
    assert outgoing().state in (State.SENDING, State.SENT, State.DELIVERED)
    outbox.deliver(message.contact)

    assert outgoing().state in (State.SENT, State.DELIVERED)
    assert (outgoing().provider_id or "").startswith("SM")
    assert shown(providers, "sms", "%2B60100000301").count(text) == 1


def test_a_send_that_was_cut_off_before_twilio_took_it_goes_out(
    write: Write, providers: str
) -> None:
    message = write("hello", Channel.SMS)
    outbox.store_answer(message, [Reply("card", "Cut off before.", "en")])
    assert outgoing().state == State.SENDING

    outbox.deliver(message.contact)

    assert shown(providers, "sms", "%2B60100000301").count("Cut off before.") == 1
    assert outgoing().uncertain_sends == 0


def test_telegram_cannot_tell_so_the_second_send_is_counted(write: Write, providers: str) -> None:
    first_words = {"kind": "text", "text": "hello"}
    httpx.post(f"{providers}/phones/telegram/7001/send", json=first_words, trust_env=False)
    message = write("hello")
    outbox.store_answer(message, [Reply("card", "Who knows?", "en")])
    Message.objects.filter(direction=Direction.OUTBOUND).update(state=State.SENDING)

    outbox.deliver(message.contact)

    assert outgoing().uncertain_sends == 1
    assert [one.kind for one in open_incidents()] == ["uncertain_send"]


def test_an_account_that_is_refused_loses_nothing_and_opens_an_incident_until_it_works(
    write: Write, providers: str
) -> None:
    message = write("hello", Channel.SMS)
    outbox.store_answer(message, [Reply("card", "Kept for you.", "en")])
    order_fault(providers, on="twilio.send", kind="error", status=401, code=20003)

    with pytest.raises(DeliveryError):
        outbox.deliver(message.contact)
    assert outgoing().state == State.QUEUED
    assert [(one.kind, one.code) for one in open_incidents()] == [("account_refused", "20003")]
    outbox.deliver(message.contact)

    assert shown(providers, "sms", "%2B60100000301").count("Kept for you.") == 1
    assert open_incidents() == []


def test_an_answer_of_yesterday_is_not_sent_as_if_it_were_fresh(
    write: Write, providers: str
) -> None:
    message = write("hello", Channel.SMS)
    outbox.store_answer(message, [Reply("card", "Old news.", "en")])
    Message.objects.filter(direction=Direction.OUTBOUND).update(
        created_at=timezone.now() - outbox.VALID_FOR * 1.1
    )

    outbox.deliver(message.contact)

    assert (outgoing().state, outgoing().error_code) == (State.FAILED, "too old")
    assert [one.kind for one in open_incidents()] == ["answer_too_old"]
