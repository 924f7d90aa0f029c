"""A person's SMS or WhatsApp message reaches the webhook as Twilio would post it."""

from __future__ import annotations

from urllib.parse import parse_qsl

import pytest
from twilio.request_validator import RequestValidator

from tests.simulator.stand_in import ACCOUNT, PERSON, SMS_NUMBERS, TOKEN, Received, StandIn

WEBHOOK = "/webhooks/twilio/"
PUBLIC = "https://haki.example.org/webhooks/twilio/"


def fields_of(post: Received) -> dict[str, str]:
    return dict(parse_qsl(post.body.decode(), keep_blank_values=True))


def is_signed(post: Received, url: str = PUBLIC) -> bool:
    validator = RequestValidator(TOKEN)
    return bool(validator.validate(url, fields_of(post), post.headers["x-twilio-signature"]))


def test_sms_carries_all_always_present_fields_and_a_true_signature(stand_in: StandIn) -> None:
    sent = stand_in.send("sms", PERSON, text="boss took my passport é +")
    post = stand_in.haki.wait(WEBHOOK)[0]
    fields = fields_of(post)
    assert is_signed(post)
    assert fields["MessageSid"] == fields["SmsSid"] == fields["SmsMessageSid"] == sent["id"]
    assert fields["AccountSid"] == ACCOUNT
    assert (fields["From"], fields["To"]) == (PERSON, SMS_NUMBERS[0])
    assert fields["Body"] == "boss took my passport é +"
    assert (fields["NumMedia"], fields["NumSegments"]) == ("0", "1")
    assert fields["FromCountry"] == "MY"
    assert (fields["SmsStatus"], fields["ApiVersion"]) == ("received", "2010-04-01")
    assert post.headers["content-type"].startswith("application/x-www-form-urlencoded")


def test_signature_of_a_changed_body_is_refused_by_twilios_validator(stand_in: StandIn) -> None:
    stand_in.send("sms", PERSON, text="hello")
    post = stand_in.haki.wait(WEBHOOK)[0]
    changed = Received(post.path, post.query, post.headers, post.body.replace(b"hello", b"hullo"))
    assert not is_signed(changed)


def test_empty_body_is_posted_and_signed_with_its_blank_field(stand_in: StandIn) -> None:
    stand_in.send("whatsapp", PERSON, kind="voice")
    post = stand_in.haki.wait(WEBHOOK)[0]
    fields = fields_of(post)
    assert fields["Body"] == ""
    assert is_signed(post)
    assert fields["MessageSid"].startswith("MM")
    assert fields["NumMedia"] == "1"
    assert fields["MediaContentType0"] == "audio/ogg"
    assert fields["MediaUrl0"].startswith(f"{stand_in.base}/simulator/twilio/2010-04-01/")


def test_whatsapp_names_the_person_and_the_channel(stand_in: StandIn) -> None:
    stand_in.send("whatsapp", PERSON, text="नमस्ते", profile={"name": "Sita"})
    fields = fields_of(stand_in.haki.wait(WEBHOOK)[0])
    assert fields["From"] == f"whatsapp:{PERSON}"
    assert fields["To"] == "whatsapp:+15005550007"
    assert fields["WaId"] == PERSON[1:]
    assert fields["ProfileName"] == "Sita"
    assert "FromCountry" not in fields


def test_whatsapp_user_who_hides_the_number_comes_with_an_id_only(stand_in: StandIn) -> None:
    stand_in.send("whatsapp", "NP.a1b2c3", text="hello")
    fields = fields_of(stand_in.haki.wait(WEBHOOK)[0])
    assert fields["From"] == fields["ExternalUserId"] == "whatsapp:NP.a1b2c3"
    assert "WaId" not in fields


def test_location_has_coordinates_and_a_blank_body(stand_in: StandIn) -> None:
    stand_in.send("whatsapp", PERSON, kind="location", latitude=3.139, longitude=101.6869)
    fields = fields_of(stand_in.haki.wait(WEBHOOK)[0])
    assert (fields["Latitude"], fields["Longitude"]) == ("3.139", "101.6869")
    assert fields["Body"] == ""
    assert fields["MessageType"] == "location"


def test_several_numbers_the_person_writes_to_the_chosen_one(stand_in: StandIn) -> None:
    stand_in.send("sms", PERSON, text="hi", to=SMS_NUMBERS[1])
    assert fields_of(stand_in.haki.wait(WEBHOOK)[0])["To"] == SMS_NUMBERS[1]


def test_5xx_is_retried_as_the_overrides_say_with_one_idempotency_token(
    stand_in: StandIn,
) -> None:
    stand_in.haki.answers = [(500, "", ""), (503, "", "")]
    stand_in.send("sms", PERSON, text="hi", wait=True)
    posts = stand_in.haki.wait(WEBHOOK, 3)
    assert len({p.headers["i-twilio-idempotency-token"] for p in posts}) == 1
    assert len({p.body for p in posts}) == 1
    assert [b["status"] for b in stand_in.messages("sms", PERSON)] == ["delivered"]
    entry = stand_in.log("inbound")[0]
    assert entry["acked"]
    assert [a["status"] for a in entry["attempts"]] == [500, 503, 200]


def test_4xx_is_not_retried_and_shows_as_not_delivered(stand_in: StandIn) -> None:
    stand_in.haki.answers = [(403, "no", "text/plain")]
    stand_in.send("sms", PERSON, text="hi", wait=True)
    assert len(stand_in.haki.at(WEBHOOK)) == 1
    bubble = stand_in.messages("sms", PERSON)[0]
    assert (bubble["status"], bubble["error"]) == ("failed", 11200)


def test_twiml_message_in_the_answer_appears_on_the_phone(stand_in: StandIn) -> None:
    twiml = "<Response><Message>Hello <Body>you</Body></Message></Response>"
    stand_in.haki.answers = [(200, twiml, "text/xml")]
    stand_in.send("sms", PERSON, text="hi", wait=True)
    assert [b["text"] for b in stand_in.messages("sms", PERSON, by="haki")] == ["Hello you"]


def test_json_answer_is_logged_as_the_mistake_it_is_at_twilio(stand_in: StandIn) -> None:
    stand_in.haki.answers = [(200, '{"ok": true}', "application/json")]
    stand_in.send("sms", PERSON, text="hi", wait=True)
    assert stand_in.log("inbound")[0]["warning"] == 12300


def test_messages_of_one_phone_arrive_in_order_under_a_slow_webhook(stand_in: StandIn) -> None:
    stand_in.haki.delay = 0.03
    texts = [f"message {number}" for number in range(8)]
    for text in texts:
        stand_in.send("sms", PERSON, text=text)
    posts = stand_in.haki.wait(WEBHOOK, len(texts))
    assert [fields_of(post)["Body"] for post in posts] == texts


@pytest.mark.parametrize("word", ["STOP", "stop ", "Unsubscribe", "END", "revoke"])
def test_stop_word_is_answered_by_twilio_and_still_reaches_the_webhook(
    stand_in: StandIn, word: str
) -> None:
    stand_in.send("sms", PERSON, text=word, wait=True)
    assert fields_of(stand_in.haki.wait(WEBHOOK)[0])["Body"] == word
    assert "OptOutType" not in fields_of(stand_in.haki.at(WEBHOOK)[0])
    replies = stand_in.messages("sms", PERSON, by="provider")
    assert "unsubscribed" in replies[0]["text"]
    refused = stand_in.twilio(To=PERSON, From=SMS_NUMBERS[0], Body="hello")
    assert (refused.status_code, refused.json()["code"]) == (400, 21610)
    other_number = stand_in.twilio(To=PERSON, From=SMS_NUMBERS[1], Body="hello")
    assert other_number.status_code == 201


def test_start_lifts_the_block_and_stop_please_is_no_keyword(stand_in: StandIn) -> None:
    stand_in.send("sms", PERSON, text="STOP")
    stand_in.send("sms", PERSON, text="START", wait=True)
    assert stand_in.twilio(To=PERSON, From=SMS_NUMBERS[0], Body="hi").status_code == 201
    stand_in.send("sms", PERSON, text="STOP PLEASE", wait=True)
    assert stand_in.twilio(To=PERSON, From=SMS_NUMBERS[0], Body="hi").status_code == 201


def test_stop_on_whatsapp_is_an_ordinary_message(stand_in: StandIn) -> None:
    stand_in.send("whatsapp", PERSON, text="STOP", wait=True)
    answer = stand_in.twilio(To=f"whatsapp:{PERSON}", From="whatsapp:+15005550007", Body="hi")
    assert answer.status_code == 201
    assert stand_in.messages("whatsapp", PERSON, by="provider") == []


class TestAdvancedOptOut:
    @pytest.fixture
    def stand_in_settings(self) -> dict[str, object]:
        return {"advanced_opt_out": True}

    def test_keyword_carries_its_type(self, stand_in: StandIn) -> None:
        stand_in.send("sms", PERSON, text="help")
        assert fields_of(stand_in.haki.wait(WEBHOOK)[0])["OptOutType"] == "HELP"


def test_extra_fields_may_be_added_for_the_unknown(stand_in: StandIn) -> None:
    stand_in.send("sms", PERSON, text="hi", fields={"NewField": "ñ 1"})
    post = stand_in.haki.wait(WEBHOOK)[0]
    assert fields_of(post)["NewField"] == "ñ 1"
    assert is_signed(post)
