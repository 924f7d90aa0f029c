"""The stand-in for Twilio's Messages and Content, driven by Twilio's own Python client."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from tests.simulator.stand_in import ACCOUNT, PERSON, SMS_NUMBERS, TOKEN, StandIn

SMS = SMS_NUMBERS[0]
WHATSAPP = "whatsapp:+15005550007"
PERSON_WHATSAPP = f"whatsapp:{PERSON}"
STATUS_URL = "https://haki.example.org/status?message=7#rc=2&rp=5xx"


@pytest.fixture
def client(stand_in: StandIn) -> Client:
    client = Client(ACCOUNT, TOKEN)
    client.api.base_url = f"{stand_in.base}/simulator/twilio"
    return client


def content(stand_in: StandIn, **body: Any) -> httpx.Response:
    path = "/simulator/content/v1/Content"
    return stand_in.http.post(path, json=body, auth=(ACCOUNT, TOKEN))


def made(stand_in: StandIn, types: dict[str, Any]) -> str:
    answer = content(stand_in, friendly_name="menu_en", language="en", types=types)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["sid"])


def quick_reply(count: int = 3, title: str = "Choice") -> dict[str, Any]:
    actions = [{"id": f"id{n}", "title": f"{title} {n}"} for n in range(count)]
    return {"twilio/quick-reply": {"body": "Pick: {{1}}", "actions": actions}}


def list_picker(count: int = 10, item: str = "Topic") -> dict[str, Any]:
    items = [{"id": f"t{n}", "item": f"{item} {n}", "description": ""} for n in range(count)]
    return {"twilio/list-picker": {"body": "Pick", "button": "Topics", "items": items}}


def failure(stand_in: StandIn, **fields: Any) -> tuple[int, int]:
    answer = stand_in.twilio(**fields)
    body = answer.json()
    assert body["status"] == answer.status_code
    assert body["more_info"].endswith(str(body["code"]))
    return answer.status_code, body["code"]


def test_client_sends_an_sms_that_appears_on_the_phone(stand_in: StandIn, client: Client) -> None:
    message = client.messages.create(to=PERSON, from_=SMS, body="Your passport is yours.")
    assert message.sid is not None
    assert message.sid.startswith("SM")
    assert len(message.sid) == 34
    assert (message.status, message.direction, message.num_segments) == (
        "queued",
        "outbound-api",
        "1",
    )
    bubble = stand_in.messages("sms", PERSON, count=1)[0]
    assert (bubble["id"], bubble["text"]) == (message.sid, "Your passport is yours.")
    assert (bubble["segments"], bubble["encoding"]) == (1, "GSM-7")


def test_client_reads_redacts_and_deletes(stand_in: StandIn, client: Client) -> None:
    sid = client.messages.create(to=PERSON, from_=SMS, body="secret").sid
    assert sid is not None
    assert client.messages(sid).fetch().body == "secret"
    assert client.messages(sid).update(body="").body == ""
    assert client.messages(sid).delete()
    with pytest.raises(TwilioRestException) as raised:
        client.messages(sid).fetch()
    assert (raised.value.status, raised.value.code) == (404, 20404)


def test_list_filters_by_person_and_time_and_pages(stand_in: StandIn, client: Client) -> None:
    for number in range(5):
        client.messages.create(to=PERSON, from_=SMS, body=f"part {number}")
    client.messages.create(to="+60100000002", from_=SMS, body="somebody else")
    since = datetime.now(timezone.utc) - timedelta(minutes=1)
    found = client.messages.list(to=PERSON, date_sent_after=since, page_size=2)
    assert [m.body for m in found] == [f"part {n}" for n in (4, 3, 2, 1, 0)]
    later = datetime.now(timezone.utc) + timedelta(minutes=1)
    assert client.messages.list(to=PERSON, date_sent_after=later) == []
    assert len(client.messages.list(to=PERSON, limit=3)) == 3


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"From": SMS, "Body": "x"}, 21604),
        ({"To": PERSON, "Body": "x"}, 21603),
        ({"To": PERSON, "From": SMS}, 21619),
        ({"To": PERSON, "From": SMS, "Body": " "}, 21619),
        ({"To": "60100000001", "From": SMS, "Body": "x"}, 21211),
        ({"To": "12345", "From": SMS, "Body": "x"}, 21211),
        ({"To": SMS, "From": SMS, "Body": "x"}, 21211),
        ({"To": "whatsapp:", "From": WHATSAPP, "Body": "x"}, 21211),
        ({"To": PERSON, "From": "Haki", "Body": "x"}, 21212),
        ({"To": PERSON, "From": "+15005550008", "Body": "x"}, 21606),
        ({"To": PERSON_WHATSAPP, "From": "whatsapp:+15005550008", "Body": "x"}, 63007),
        ({"To": PERSON_WHATSAPP, "From": SMS, "Body": "x"}, 21910),
        ({"To": PERSON, "From": SMS, "Body": "x" * 1601}, 21617),
        ({"To": PERSON, "From": SMS, "Body": "😀" * 801}, 21617),
        ({"To": PERSON, "From": SMS, "ContentVariables": "{}"}, 21654),
        ({"To": PERSON, "From": SMS, "ContentSid": "HX" + "0" * 32}, 21655),
        ({"To": PERSON, "From": SMS, "Body": "x", "StatusCallback": "https://a_b.org/"}, 21609),
        ({"To": PERSON, "From": SMS, "Body": "x", "ValidityPeriod": "36001"}, 20001),
    ],
)
def test_bad_message_is_refused_with_twilios_code(
    stand_in: StandIn, fields: dict[str, str], code: int
) -> None:
    assert failure(stand_in, **fields) == (400, code)
    assert stand_in.messages("sms", PERSON) == []


def test_body_of_exactly_1600_units_passes(stand_in: StandIn) -> None:
    assert stand_in.twilio(To=PERSON, From=SMS, Body="😀" * 800).status_code == 201


def test_wrong_token_or_other_account_is_not_let_in(stand_in: StandIn) -> None:
    path = f"/simulator/twilio/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
    for auth in ((ACCOUNT, "wrong"), ("AC" + "f" * 32, TOKEN), ("", "")):
        answer = stand_in.http.post(path, data={"To": PERSON}, auth=auth)
        assert (answer.status_code, answer.json()["code"]) == (401, 20003)
    other = path.replace(ACCOUNT, "AC" + "f" * 32)
    assert stand_in.http.post(other, data={}, auth=(ACCOUNT, TOKEN)).status_code == 401


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 307, 3),
        ("€" * 81, 2),
        ("€" * 153, 3),
        ("a" * 152 + "€" + "a" * 152, 3),
        ("ó" * 70, 1),
        ("ó" * 71, 2),
        ("😀" * 67, 3),
        ("ó" * 66 + "😀" + "ó" * 66, 3),
        ("👨‍👩‍👧" * 8, 1),
        ("`", 1),
    ],
)
def test_segments_are_counted_as_twilios_calculator_does(
    stand_in: StandIn, text: str, segments: int
) -> None:
    answer = stand_in.twilio(To=PERSON, From=SMS, Body=text).json()
    assert answer["num_segments"] == str(segments)


def test_status_callbacks_follow_in_order_signed_over_url_and_query(stand_in: StandIn) -> None:
    stand_in.twilio(To=PERSON, From=SMS, Body="hi", StatusCallback=STATUS_URL)
    posts = stand_in.haki.wait("/status", 2)
    states = []
    for post in posts:
        fields = dict(parse_qsl(post.body.decode(), keep_blank_values=True))
        states.append(fields["MessageStatus"])
        signature = post.headers["x-twilio-signature"]
        url = "https://haki.example.org/status?message=7"
        assert RequestValidator(TOKEN).validate(url, fields, signature)
        assert post.query == "message=7"
        assert (fields["To"], fields["From"]) == (PERSON, SMS)
        assert "Body" not in fields
    assert states == ["sent", "delivered"]


def test_whatsapp_message_inside_the_window_is_read(stand_in: StandIn) -> None:
    stand_in.send("whatsapp", PERSON, text="hi", wait=True)
    stand_in.twilio(To=PERSON_WHATSAPP, From=WHATSAPP, Body="hi", StatusCallback=STATUS_URL)
    posts = [dict(parse_qsl(p.body.decode())) for p in stand_in.haki.wait("/status", 3)]
    assert [p["MessageStatus"] for p in posts] == ["sent", "delivered", "read"]
    assert posts[2]["EventType"] == "READ"
    assert posts[0]["ChannelPrefix"] == "whatsapp"


def test_free_form_outside_the_24_hour_window_is_accepted_and_fails_later(
    stand_in: StandIn,
) -> None:
    stand_in.send("whatsapp", PERSON, text="hi", wait=True)
    stand_in.http.post(
        f"/simulator/api/phones/whatsapp/{PERSON}", json={"last_inbound_hours_ago": 24.1}
    )
    answer = stand_in.twilio(
        To=PERSON_WHATSAPP, From=WHATSAPP, Body="hi", StatusCallback=STATUS_URL
    )
    assert answer.status_code == 201
    fields = dict(parse_qsl(stand_in.haki.wait("/status")[0].body.decode()))
    assert (fields["MessageStatus"], fields["ErrorCode"]) == ("failed", "63016")
    assert stand_in.messages("whatsapp", PERSON, by="haki") == []


def test_approved_template_passes_outside_the_window(stand_in: StandIn) -> None:
    sid = made(stand_in, {"twilio/text": {"body": "You have an answer from Haki. Reply YES."}})
    path = f"/simulator/content/v1/Content/{sid}/ApprovalRequests"
    asked = stand_in.http.post(
        f"{path}/whatsapp",
        json={"name": "haki_answer_en", "category": "UTILITY"},
        auth=(ACCOUNT, TOKEN),
    )
    assert (asked.status_code, asked.json()["status"]) == (201, "received")
    fetched = stand_in.http.get(path, auth=(ACCOUNT, TOKEN)).json()
    assert fetched["whatsapp"]["status"] == "approved"
    stand_in.twilio(To=PERSON_WHATSAPP, From=WHATSAPP, ContentSid=sid)
    bubble = stand_in.messages("whatsapp", PERSON, count=1, by="haki")[0]
    assert bubble["text"] == "You have an answer from Haki. Reply YES."


def test_blocked_sender_fails_later_with_the_channels_code(stand_in: StandIn) -> None:
    stand_in.send("whatsapp", PERSON, text="hi", wait=True)
    stand_in.http.post(f"/simulator/api/phones/whatsapp/{PERSON}", json={"blocked": True})
    stand_in.twilio(To=PERSON_WHATSAPP, From=WHATSAPP, Body="x", StatusCallback=STATUS_URL)
    fields = dict(parse_qsl(stand_in.haki.wait("/status")[0].body.decode()))
    assert fields["ErrorCode"] == "63014"


def test_quick_replies_appear_as_buttons_and_a_tap_comes_back(stand_in: StandIn) -> None:
    sid = made(stand_in, quick_reply())
    stand_in.send("whatsapp", PERSON, text="hi", wait=True)
    stand_in.twilio(
        To=PERSON_WHATSAPP,
        From=WHATSAPP,
        ContentSid=sid,
        ContentVariables=json.dumps({"1": "one"}),
    )
    bubble = stand_in.messages("whatsapp", PERSON, count=1, by="haki")[0]
    assert bubble["text"] == "Pick: one"
    stand_in.send("whatsapp", PERSON, kind="tap", message=bubble["id"], payload="id1")
    fields = dict(parse_qsl(stand_in.haki.wait("/webhooks/twilio/", 2)[1].body.decode()))
    assert (fields["ButtonPayload"], fields["ButtonText"]) == ("id1", "Choice 1")
    assert (fields["Body"], fields["MessageType"]) == ("Choice 1", "button")


def test_list_choice_comes_back_with_id_and_title(stand_in: StandIn) -> None:
    sid = made(stand_in, list_picker())
    stand_in.send("whatsapp", PERSON, text="hi", wait=True)
    stand_in.twilio(To=PERSON_WHATSAPP, From=WHATSAPP, ContentSid=sid)
    bubble = stand_in.messages("whatsapp", PERSON, count=1, by="haki")[0]
    stand_in.send("whatsapp", PERSON, kind="tap", message=bubble["id"], payload="t9")
    fields = dict(parse_qsl(stand_in.haki.wait("/webhooks/twilio/", 2)[1].body.decode()))
    assert (fields["ListId"], fields["ListTitle"]) == ("t9", "Topic 9")


def test_sms_gets_the_text_of_a_content(stand_in: StandIn) -> None:
    types = {**list_picker(), "twilio/text": {"body": "1 Topic 0"}}
    stand_in.twilio(To=PERSON, From=SMS, ContentSid=made(stand_in, types))
    assert stand_in.messages("sms", PERSON, count=1)[0]["text"] == "1 Topic 0"


@pytest.mark.parametrize(
    "types",
    [
        {},
        quick_reply(11),
        quick_reply(title="A title that is far too long"),
        list_picker(0),
        list_picker(11),
        list_picker(item="An item that has 25 chars"),
        {"twilio/list-picker": {"body": "Pick", "items": [{"id": "a", "item": "b"}]}},
        {"twilio/text": {"body": "x" * 1601}},
        {"twilio/quick-reply": {"body": "x" * 1025, "actions": [{"id": "a", "title": "b"}]}},
    ],
)
def test_content_over_a_limit_is_not_created(stand_in: StandIn, types: dict[str, Any]) -> None:
    answer = content(stand_in, language="en", types=types)
    assert (answer.status_code, answer.json()["code"]) == (400, 20001)


def test_more_than_three_buttons_without_approval_fail_at_sending(stand_in: StandIn) -> None:
    sid = made(stand_in, quick_reply(4))
    stand_in.send("whatsapp", PERSON, text="hi", wait=True)
    stand_in.twilio(To=PERSON_WHATSAPP, From=WHATSAPP, ContentSid=sid, StatusCallback=STATUS_URL)
    fields = dict(parse_qsl(stand_in.haki.wait("/status")[0].body.decode()))
    assert fields["ErrorCode"] == "63021"


def test_variable_that_makes_a_row_too_long_fails_at_sending(stand_in: StandIn) -> None:
    types = {
        "twilio/list-picker": {
            "body": "Pick",
            "button": "Topics",
            "items": [{"id": "a", "item": "{{1}}", "description": ""}],
        }
    }
    sid = made(stand_in, types)
    stand_in.send("whatsapp", PERSON, text="hi", wait=True)
    for value, codes in (("x" * 24, []), ("x" * 25, [63021])):
        stand_in.twilio(
            To=PERSON_WHATSAPP,
            From=WHATSAPP,
            ContentSid=sid,
            ContentVariables=json.dumps({"1": value}),
        )
        shown = stand_in.messages("whatsapp", PERSON, count=2)
        assert [b["error"] for b in shown if b["by"] == "provider"] == codes


@pytest.mark.parametrize("raw", ["{", "[]", '{"1": 2}', '{"12345678901234567": "x"}'])
def test_bad_variables_are_refused(stand_in: StandIn, raw: str) -> None:
    sid = made(stand_in, quick_reply())
    assert failure(
        stand_in, To=PERSON_WHATSAPP, From=WHATSAPP, ContentSid=sid, ContentVariables=raw
    ) == (400, 21656)


def test_contents_are_listed_by_pages_and_deleted(stand_in: StandIn) -> None:
    sids = [made(stand_in, quick_reply()) for _ in range(3)]
    client = Client(ACCOUNT, TOKEN)
    client.content.base_url = f"{stand_in.base}/simulator/content"
    assert [c.sid for c in client.content.v1.contents.list(page_size=2)] == sids
    assert client.content.v1.contents(sids[0]).delete()
    assert [c.sid for c in client.content.v1.contents.list()] == sids[1:]


def test_list_picker_cannot_be_submitted_for_approval(stand_in: StandIn) -> None:
    path = f"/simulator/content/v1/Content/{made(stand_in, list_picker())}"
    answer = stand_in.http.post(
        f"{path}/ApprovalRequests/whatsapp",
        json={"name": "menu", "category": "UTILITY"},
        auth=(ACCOUNT, TOKEN),
    )
    assert answer.status_code == 400


def test_number_webhook_can_be_set_and_is_used(stand_in: StandIn, client: Client) -> None:
    number = client.incoming_phone_numbers.list(phone_number=SMS_NUMBERS[1])[0]
    assert number.sms_url == "https://haki.example.org/webhooks/twilio/#rc=3&rp=ct,rt,5xx"
    number.update(sms_url="https://haki.example.org/status")
    stand_in.send("sms", PERSON, text="hi", to=SMS_NUMBERS[1])
    stand_in.haki.wait("/status")
    assert client.api.accounts(ACCOUNT).fetch().status == "active"


def test_nothing_is_posted_off_this_computer(stand_in: StandIn) -> None:
    away = "https://collector.example.net/status"
    stand_in.twilio(To=PERSON, From=SMS, Body="hi", StatusCallback=away)
    stand_in.messages("sms", PERSON, count=1)
    stand_in.http.get("/simulator/api/log", params={"after": 1, "wait": 2000})
    attempts = [e["attempts"] for e in stand_in.log("callback")]
    assert attempts[0][0]["outcome"] == "away"
