"""Signatures, segments, markup and patience, each against another implementation or a vector."""

from __future__ import annotations

import html
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator

from bot.channels.segments import measure
from bot.simulator.poster import Patience, patience
from bot.simulator.segments import sms_size, utf16_units
from bot.simulator.telegram.markup import commands_in, parse_html
from bot.simulator.twilio.content_rules import filled
from bot.simulator.twilio.keywords import opt_out_type
from bot.simulator.twilio.signature import signature, signed_url
from tests.simulator.stand_in import settings_for

#: What a form or a message can hold: any character but lone surrogates.
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=400)


def test_signature_of_twilios_published_example() -> None:
    fields = [
        ("CallSid", "CA1234567890ABCDE"),
        ("Caller", "+14158675310"),
        ("Digits", "1234"),
        ("From", "+14158675310"),
        ("To", "+18005551212"),
    ]
    url = "https://example.com/myapp.php?foo=1&bar=2"
    assert signature("12345", url, fields) == "L/OH5YylLD5NRKLltdqwSvS0BnU="


@given(
    fields=st.dictionaries(TEXT, TEXT, max_size=12),
    query=st.from_regex(r"[a-z0-9%=&]*", fullmatch=True),
)
def test_signature_agrees_with_twilios_validator(fields: dict[str, str], query: str) -> None:
    url = f"https://haki.example.org/webhooks/twilio/?x={query}"
    signed = signature("token", f"{url}#rc=3", list(fields.items()))
    assert RequestValidator("token").validate(url, fields, signed)


def test_user_password_and_fragment_are_not_signed() -> None:
    assert signed_url("https://u:p@h.example:8443/a?b=%20#rc=3") == "https://h.example:8443/a?b=%20"


#: Long enough to cross borders, from pieces that must not be cut.
LONG_SMS = st.lists(st.sampled_from(["a" * 30, "a", "€", "é", "ó", "😀", "👨‍👩‍👧", "e\u0301"])).map(
    "".join
)


@given(text=TEXT | LONG_SMS)
def test_segments_agree_with_hakis_own_count(text: str) -> None:
    size, ours = sms_size(text), measure(text)
    assert (size.segments, size.units) == (ours.segments, ours.units)


@given(text=TEXT)
def test_escaped_text_survives_the_parser_without_entities(text: str) -> None:
    assert parse_html(html.escape(text, quote=True).replace("&#x27;", "'")) == (text, [])


@given(before=TEXT, inside=TEXT.filter(bool))
def test_entity_offsets_are_utf16_units(before: str, inside: str) -> None:
    text, entities = parse_html(f"{html.escape(before)}<b>{html.escape(inside)}</b>")
    bold = entities[0]
    data = text.encode("utf-16-le")
    start, stop = 2 * bold["offset"], 2 * (bold["offset"] + bold["length"])
    assert data[start:stop].decode("utf-16-le") == inside
    assert utf16_units(text) == len(data) // 2


def test_commands_are_found_at_word_starts_only() -> None:
    found = [text for text in ("/start", "a /help b", "and/or", "/né", "http://x/y")
             if commands_in(text)]  # fmt: skip
    assert found == ["/start", "a /help b"]


@pytest.mark.parametrize(
    ("fragment", "expected"),
    [
        ("", Patience()),
        (
            "#rc=3&rp=ct,rt,5xx",
            replace(Patience(), retries=3, retry_on=frozenset({"ct", "rt", "5xx"})),
        ),
        ("#ct=50&rt=99999&tt=9000", replace(Patience(), connect=100, read=15000, total=9000)),
        (
            "#rc=9&rp=all",
            replace(Patience(), retries=5, retry_on=frozenset(["4xx", "5xx", "ct", "rt"])),
        ),
        ("#rc=x", Patience()),
    ],
)
def test_connection_overrides(fragment: str, expected: Patience) -> None:
    assert patience(f"https://haki.example.org/webhooks/twilio/{fragment}") == expected


@pytest.mark.parametrize(
    ("url", "is_local"),
    [
        ("https://haki.example.org/webhooks/twilio/", True),
        ("http://127.0.0.1:9/x", True),
        ("http://localhost/x", True),
        ("https://haki.example.org.evil.example/x", False),
        ("https://haki.example.organisation/x", False),
        ("http://203.0.113.9/", False),
        ("http://127.0.0.1@203.0.113.9/", False),
    ],
)
def test_posts_stay_on_this_computer(url: str, is_local: bool) -> None:
    assert settings_for(8000).is_local(url) is is_local


@pytest.mark.parametrize(
    ("text", "kind"),
    [("Stop", "STOP"), (" yes ", "START"), ("INFO", "HELP"), ("stop please", ""), ("", "")],
)
def test_default_keywords(text: str, kind: str) -> None:
    assert opt_out_type(text) == kind


def test_variables_are_filled_everywhere_and_only_once() -> None:
    value = {"body": "Hi {{1}} {{2}} {{3}}", "items": [{"item": "{{name}}"}]}
    given_values, defaults = {"1": "{{2}}", "name": "Ana"}, {"2": "two"}
    assert filled(value, given_values, defaults) == {
        "body": "Hi {{2}} two {{3}}",
        "items": [{"item": "Ana"}],
    }
