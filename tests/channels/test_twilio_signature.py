"""X-Twilio-Signature against Twilio's own validator."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator

from bot.channels.incoming import MalformedPayload
from bot.channels.twilio.signature import is_genuine, read_form, sign

URL = "https://haki.example.org/webhooks/twilio/"
names = st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1, max_size=12)
values = st.text(st.characters(codec="utf-8"), max_size=40)


def test_the_documented_example_has_the_documented_signature() -> None:
    fields = [
        ("CallSid", "CA1234567890ABCDE"),
        ("Caller", "+14158675310"),
        ("Digits", "1234"),
        ("From", "+14158675310"),
        ("To", "+18005551212"),
    ]

    signature = sign("12345", "https://example.com/myapp.php?foo=1&bar=2", fields)

    assert signature == "L/OH5YylLD5NRKLltdqwSvS0BnU="


@given(st.dictionaries(names, values, max_size=8))
def test_twilios_validator_agrees(fields: dict[str, str]) -> None:
    signature = RequestValidator("token").compute_signature(URL, fields)

    assert sign("token", URL, fields.items()) == signature
    assert is_genuine("token", URL, fields.items(), signature)


@given(st.dictionaries(names, values, min_size=1, max_size=5), names, values)
def test_one_changed_field_breaks_it(fields: dict[str, str], name: str, value: str) -> None:
    signature = sign("token", URL, fields.items())
    changed = {**fields, name: value}

    assert is_genuine("token", URL, changed.items(), signature) == (changed == fields)


@pytest.mark.parametrize("signature", [None, "", "é", "wrong"])
def test_a_missing_or_strange_signature_is_not_genuine(signature: str | None) -> None:
    assert not is_genuine("token", URL, [], signature)


def test_without_a_token_nothing_is_genuine() -> None:
    assert not is_genuine("", URL, [], sign("", URL))


def test_blank_fields_are_kept_because_they_are_signed() -> None:
    assert read_form(b"Body=&From=%2B60100000001") == [("Body", ""), ("From", "+60100000001")]


@pytest.mark.parametrize(
    "body", [b"Body=%ff", b"\xff\xfe", b"&".join(b"a%d=1" % n for n in range(300))]
)
def test_what_is_no_utf8_form_is_malformed(body: bytes) -> None:
    with pytest.raises(MalformedPayload):
        read_form(body)
