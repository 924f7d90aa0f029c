"""Every request that Haki can make to Twilio is one that Twilio describes."""

from __future__ import annotations

import re
from datetime import datetime, timezone
from pathlib import Path

import pytest

from bot.channels.delivery_errors import DeliveryError
from bot.channels.layout import lay_out
from bot.channels.names import Channel
from bot.channels.outgoing import Option, Reply, Style
from bot.channels.twilio.account import TwilioAccount
from bot.channels.twilio.client import TwilioSender
from bot.channels.twilio.contents import invitation, template
from bot.channels.twilio.lookup import taken_since
from bot.library.phrases import phrases
from bot.messaging.senders import RETRY_FRAGMENT
from tests.contract.conftest import Recorder
from tests.contract.description import Request, judge

CALLBACK = f"https://haki.example.org/webhooks/twilio/status/?m=17{RETRY_FRAGMENT}"
SID = "HX" + "0123456789abcdef" * 2
LANGUAGES = ("en", "fr", "es", "pt", "ar", "zh", "ht", "am", "ne")
CONTENT_DIR = Path(__file__).parents[2] / "content"
SENDERS = {Channel.SMS: "+15005550006", Channel.WHATSAPP: "whatsapp:+15005550007"}


class Book:
    """Content SIDs in memory."""

    def __init__(self) -> None:
        self.sids: dict[str, str] = {}

    def get(self, name: str) -> str | None:
        return self.sids.get(name)

    def put(self, name: str, sid: str) -> None:
        self.sids[name] = sid

    def forget(self, name: str) -> None:
        self.sids.pop(name, None)


def options(count: int) -> tuple[Option, ...]:
    return tuple(Option(f"Option {n}", f'/choose_topic{{"topic": "{n}"}}') for n in range(count))


def send(recorder: Recorder, channel: Channel, reply: Reply) -> None:
    """Lay `reply` out and send it as the worker does."""
    sender = TwilioSender(recorder.account, Book())
    prefix = "whatsapp:" if channel is Channel.WHATSAPP else ""
    for bubble in lay_out(reply, channel):
        tokens = [f"m17:{n}" for n in range(len(bubble.options))]
        sender.send(channel, SENDERS[channel], f"{prefix}+60100000301", bubble, tokens, CALLBACK)


def assert_described(recorder: Recorder, *operations: str) -> None:
    """Every recorded request fits, and these operations were called, in order."""
    problems = {r.target: judge(r).problems(r) for r in recorder.requests}
    assert {target: found for target, found in problems.items() if found} == {}
    assert [judge(r).operation_id(r) for r in recorder.requests] == list(operations)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_sms_in_every_script(recorder: Recorder, language: str) -> None:
    text = phrases(CONTENT_DIR).get("help.text", language)

    send(recorder, Channel.SMS, Reply("help", text, language, options=options(4)))

    assert_described(recorder, "CreateMessage")


def test_a_long_sms_in_several_messages(recorder: Recorder) -> None:
    send(recorder, Channel.SMS, Reply("card_part", "A sentence of a card. " * 150, "en"))

    assert_described(recorder, "CreateMessage", "CreateMessage", "CreateMessage")


def test_a_whatsapp_text(recorder: Recorder) -> None:
    send(recorder, Channel.WHATSAPP, Reply("card", "*Yes* & no = 50 % + more?", "en"))

    assert_described(recorder, "CreateMessage")


@pytest.mark.parametrize("count", [1, 2, 3])
def test_whatsapp_buttons(recorder: Recorder, count: int) -> None:
    send(recorder, Channel.WHATSAPP, Reply("card", "Yes.", "en", options=options(count)))

    assert_described(recorder, "CreateContent", "CreateMessage")


@pytest.mark.parametrize("count", range(4, 11))
def test_whatsapp_lists(recorder: Recorder, count: int) -> None:
    send(recorder, Channel.WHATSAPP, Reply("menu", "Which?", "ne", options=options(count)))

    assert_described(recorder, "CreateContent", "CreateMessage")


def test_more_options_than_a_list_holds_are_numbered(recorder: Recorder) -> None:
    send(recorder, Channel.WHATSAPP, Reply("menu", "Which?", "en", options=options(12)))

    assert_described(recorder, "CreateMessage")


def test_an_approved_template(recorder: Recorder) -> None:
    TwilioSender(recorder.account, Book()).send_template(
        SENDERS[Channel.WHATSAPP], "whatsapp:MY.abc123", SID, CALLBACK
    )

    assert_described(recorder, "CreateMessage")


def test_a_person_who_hides_the_number(recorder: Recorder) -> None:
    send(recorder, Channel.WHATSAPP, Reply("card", "Yes.", "en"))
    recorder.requests.clear()
    (bubble,) = lay_out(Reply("card", "Yes.", "en"), Channel.WHATSAPP)
    TwilioSender(recorder.account, Book()).send(
        Channel.WHATSAPP, SENDERS[Channel.WHATSAPP], "whatsapp:NP.a1b2c3", bubble, [], CALLBACK
    )

    assert_described(recorder, "CreateMessage")


@pytest.mark.parametrize("style", [Style.BUTTONS, Style.LIST])
@pytest.mark.parametrize("count", range(1, 11))
def test_content_templates_of_menus(recorder: Recorder, style: Style, count: int) -> None:
    TwilioAccount(recorder.account).make_content(template(style, count))

    assert_described(recorder, "CreateContent")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_invitation_and_its_approval(recorder: Recorder, language: str) -> None:
    texts = phrases(CONTENT_DIR)
    body = invitation(
        language,
        texts.get("window.invitation", language),
        texts.get("window.open", language),
        texts.get("window.invitation", "en"),
    )
    account = TwilioAccount(recorder.account)

    account.make_content(body)
    account.ask_approval(SID, str(body["friendly_name"]))

    assert_described(recorder, "CreateContent", "CreateApprovalCreate")


def test_what_setup_and_check_ask(recorder: Recorder) -> None:
    account = TwilioAccount(recorder.account)

    assert account.status() == "active"
    account.set_sms_url(
        "PN" + "0123456789abcdef" * 2, f"https://haki.example.org/webhooks/twilio/{RETRY_FRAGMENT}"
    )
    assert account.approval(SID) == "approved"
    assert account.contents()

    assert_described(
        recorder, "FetchAccount", "UpdateIncomingPhoneNumber", "FetchApprovalFetch", "ListContent"
    )


def test_the_numbers_of_the_account_are_read_as_described(recorder: Recorder) -> None:
    numbers = TwilioAccount(recorder.account).numbers()

    assert numbers[0].sid.startswith("PN")
    assert_described(recorder, "ListIncomingPhoneNumber")


def test_looking_for_a_send_that_was_cut_off(recorder: Recorder) -> None:
    long_ago = datetime(2000, 1, 1, tzinfo=timezone.utc)
    taken_since(recorder.account, "+15005550006", "+60100000301", long_ago)

    assert_described(recorder, "ListMessage")


def test_nothing_else_in_haki_calls_twilio() -> None:
    """A new module that talks to Twilio has to come here with its requests."""
    folder = Path(__file__).parents[2] / "bot" / "channels" / "twilio"
    talks = re.compile(
        r"^(import httpx|import requests|import urllib3|from twilio\.rest)", re.MULTILINE
    )

    talking = {path.stem for path in folder.glob("*.py") if talks.search(path.read_text("utf-8"))}

    assert talking == {"account", "calling", "lookup"}


BAD = [
    ("POST", "/2010-04-01/Accounts/{}/Messages.json", b"To=%2B1&Bdy=x", "unknown form field Bdy"),
    ("POST", "/2010-04-01/Accounts/{}/Messages.json", b"Body=x", "form field To is missing"),
    ("POST", "/2010-04-01/Accounts/AC1/Messages.json", b"To=%2B1", "does not match"),
    ("GET", "/2010-04-01/Accounts/{}/Messages.json?Too=1", b"", "unknown query parameter Too"),
    ("GET", "/2010-04-01/Accounts/{}/Messages.json?PageSize=many", b"", "is no integer"),
    ("POST", "/2010-04-01/Accounts/{}/Messages.json", b"To=%2B1&ContentSid=HX1", "does not match"),
    ("DELETE", "/2010-04-01/Accounts/{}.json", b"", "no operation"),
]


@pytest.mark.parametrize(("method", "target", "body", "says"), BAD)
def test_the_judge_finds_what_is_wrong(method: str, target: str, body: bytes, says: str) -> None:
    request = Request(
        method,
        "api.twilio.com",
        target.format("AC" + "0" * 32),
        "application/x-www-form-urlencoded",
        True,
        body,
    )

    assert [problem for problem in judge(request).problems(request) if says in problem]


def test_the_judge_finds_a_list_without_its_button() -> None:
    body = b'{"language":"en","types":{"twilio/list-picker":{"body":"x","items":[]}}}'
    request = Request("POST", "content.twilio.com", "/v1/Content", "application/json", True, body)

    assert judge(request).problems(request) == ["'button' is a required property"]


def test_a_refusal_without_twilios_shape_is_still_a_delivery_error(recorder: Recorder) -> None:
    with pytest.raises(DeliveryError, match="20404"):
        TwilioAccount(recorder.account).approval("not/described")
