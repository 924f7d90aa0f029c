"""Faults on order, the log, and the control API."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from urllib.parse import parse_qsl

import httpx
import pytest

from bot.simulator.settings import MissingSettingError, from_environment
from tests.simulator.stand_in import ACCOUNT, PERSON, SMS_NUMBERS, TOKEN, StandIn, free_socket

SMS = SMS_NUMBERS[0]
STATUS_URL = "https://haki.example.org/status?message=7"
WEBHOOK = "/webhooks/twilio/"


def send(stand_in: StandIn, **more: str) -> httpx.Response:
    return stand_in.twilio(To=PERSON, From=SMS, Body="hello", **more)


def test_429_proves_that_nothing_was_made(stand_in: StandIn) -> None:
    stand_in.fault(on="twilio.send", kind="error", status=429, times=2)
    for _ in range(2):
        answer = send(stand_in)
        assert (answer.status_code, answer.json()["code"]) == (429, 20429)
    assert stand_in.messages("sms", PERSON) == []
    assert send(stand_in).status_code == 201


def test_500_after_accept_leaves_a_message_that_can_be_found(stand_in: StandIn) -> None:
    stand_in.fault(on="twilio.send", kind="error_after_accept", status=500)
    assert send(stand_in).status_code == 500
    assert len(stand_in.messages("sms", PERSON, count=1)) == 1
    listed = stand_in.http.get(
        f"/simulator/twilio/2010-04-01/Accounts/{ACCOUNT}/Messages.json",
        params={"To": PERSON},
        auth=(ACCOUNT, TOKEN),
    ).json()["messages"]
    assert [m["body"] for m in listed] == ["hello"]


def test_timeout_after_accept_withholds_the_answer(stand_in: StandIn) -> None:
    stand_in.fault(on="twilio.send", kind="timeout_after_accept", seconds=3)
    with pytest.raises(httpx.ReadTimeout):
        stand_in.http.post(
            f"/simulator/twilio/2010-04-01/Accounts/{ACCOUNT}/Messages.json",
            data={"To": PERSON, "From": SMS, "Body": "hello"},
            auth=(ACCOUNT, TOKEN),
            timeout=0.3,
        )
    assert len(stand_in.messages("sms", PERSON, count=1)) == 1


def test_fault_can_name_a_code_a_person_and_a_start(stand_in: StandIn) -> None:
    stand_in.fault(on="twilio.send", kind="error", status=400, code=21614, address=PERSON, skip=1)
    assert stand_in.twilio(To="+60100000009", From=SMS, Body="x").status_code == 201
    assert send(stand_in).status_code == 201
    assert send(stand_in).json()["code"] == 21614
    assert send(stand_in).status_code == 201


def test_later_failure_comes_by_callback(stand_in: StandIn) -> None:
    stand_in.fault(on="twilio.later", kind="fail_later", code=30003)
    assert send(stand_in, StatusCallback=STATUS_URL).status_code == 201
    posts = [dict(parse_qsl(p.body.decode())) for p in stand_in.haki.wait("/status", 2)]
    assert [p["MessageStatus"] for p in posts] == ["sent", "undelivered"]
    assert posts[1]["ErrorCode"] == "30003"


def test_webhook_delivered_twice_with_one_message_sid(stand_in: StandIn) -> None:
    stand_in.fault(on="twilio.inbound", kind="duplicate")
    stand_in.send("sms", PERSON, text="hi")
    posts = stand_in.haki.wait(WEBHOOK, 2)
    assert len({dict(parse_qsl(p.body.decode()))["MessageSid"] for p in posts}) == 1
    stand_in.fault(on="telegram.update", kind="duplicate")
    stand_in.send("telegram", "42", text="hi")
    posts = stand_in.haki.wait("/webhooks/telegram/", 2)
    assert len({p.json()["update_id"] for p in posts}) == 1


def test_callbacks_out_of_order_twice_or_lost(stand_in: StandIn) -> None:
    stand_in.fault(on="twilio.callback", kind="reorder", seconds=0.2)
    stand_in.fault(on="twilio.callback", kind="duplicate")
    send(stand_in, StatusCallback=STATUS_URL)
    posts = [dict(parse_qsl(p.body.decode())) for p in stand_in.haki.wait("/status", 3)]
    assert [p["MessageStatus"] for p in posts] == ["delivered", "delivered", "sent"]
    stand_in.haki.received.clear()
    stand_in.fault(on="twilio.callback", kind="drop")
    send(stand_in, StatusCallback=STATUS_URL)
    posts = [dict(parse_qsl(p.body.decode())) for p in stand_in.haki.wait("/status", 1)]
    assert [p["MessageStatus"] for p in posts] == ["delivered"]


def test_phone_without_coverage_gets_its_message_later(stand_in: StandIn) -> None:
    stand_in.http.post(f"/simulator/api/phones/sms/{PERSON}", json={"online": False})
    send(stand_in, StatusCallback=STATUS_URL)
    stand_in.haki.wait("/status", 1)
    assert stand_in.messages("sms", PERSON) == []
    stand_in.http.post(f"/simulator/api/phones/sms/{PERSON}", json={"online": True})
    assert len(stand_in.messages("sms", PERSON, count=1)) == 1
    stand_in.haki.wait("/status", 2)


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"on": "twilio.send", "kind": "nonsense"},
        {"on": "nowhere", "kind": "error"},
        {"on": "twilio.send", "kind": "error", "times": 0},
        {"on": "twilio.send", "kind": "error", "status": 200},
        {"on": "twilio.send", "kind": "error", "surprise": 1},
    ],
)
def test_unknown_fault_is_refused(stand_in: StandIn, values: dict[str, object]) -> None:
    answer = stand_in.http.post("/simulator/api/faults", json=values)
    assert answer.status_code == 400
    assert answer.json()["error"]


def test_faults_are_listed_and_cleared(stand_in: StandIn) -> None:
    stand_in.fault(on="telegram.call", kind="delay", seconds=0.01, times=3)
    assert stand_in.http.get("/simulator/api/faults").json()["faults"][0]["times"] == 3
    stand_in.http.delete("/simulator/api/faults")
    assert stand_in.http.get("/simulator/api/faults").json()["faults"] == []


def test_log_holds_exact_requests_with_times_in_order(stand_in: StandIn) -> None:
    stand_in.send("sms", PERSON, text="hi", wait=True)
    sid = send(stand_in).json()["sid"]
    inbound, call = stand_in.log("inbound")[0], stand_in.log("api")[0]
    assert (call["method"], call["status"], call["id"]) == ("POST", 201, sid)
    assert call["path"].endswith("/Messages.json")
    assert call["fields"] == {"To": PERSON, "From": SMS, "Body": "hello"}
    assert inbound["address"] == call["address"] == PERSON
    assert inbound["t"] <= inbound["done"] <= call["t"]
    assert 0 <= call["took_ms"] < 1000
    bubble = stand_in.messages("sms", PERSON, by="haki", count=1)[0]
    assert 0 < bubble["after_ms"] < 5000
    assert stand_in.http.delete("/simulator/api/log").json()["last"] >= 2
    assert stand_in.log() == []


def test_waiting_for_messages_returns_as_soon_as_they_come(stand_in: StandIn) -> None:
    threading.Timer(0.15, send, args=(stand_in,)).start()
    began = time.monotonic()
    assert len(stand_in.messages("sms", PERSON, count=1, by="haki")) == 1
    assert 0.1 < time.monotonic() - began < 3


def test_event_stream_begins_with_a_snapshot_then_tells_changes(stand_in: StandIn) -> None:
    stand_in.send("sms", PERSON, text="hi", wait=True)
    events = []
    threading.Timer(0.1, send, args=(stand_in,)).start()
    path = f"/simulator/api/phones/sms/{PERSON}/events"
    with stand_in.http.stream("GET", path) as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        for line in stream.iter_lines():
            if line.startswith("data: "):
                events.append(json.loads(line[6:]))
            if len(events) == 2:
                break
    assert [m["text"] for m in events[0]["messages"]] == ["hi"]
    assert (events[1]["event"], events[1]["message"]["text"]) == ("message", "hello")


@pytest.mark.parametrize(
    "path",
    [
        "/simulator/api/phones/fax/+60100000001/messages",
        "/simulator/api/phones/sms/hello/messages",
        "/simulator/api/phones/telegram/0/messages",
        "/simulator/api/log?after=x",
    ],
)
def test_nonsense_is_refused_in_words(stand_in: StandIn, path: str) -> None:
    answer = stand_in.http.get(path)
    assert answer.status_code in {400, 404}
    assert answer.json()["error"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Origin": "https://elsewhere.example"},
        {"Content-Type": "text/plain"},
    ],
)
def test_other_web_sites_cannot_use_the_phones(stand_in: StandIn, headers: dict[str, str]) -> None:
    answer = stand_in.http.post(
        f"/simulator/api/phones/sms/{PERSON}/send",
        content='{"text": "hi"}',
        headers={"Content-Type": "application/json", **headers},
    )
    assert answer.status_code in {403, 415}
    assert stand_in.messages("sms", PERSON) == []


def test_body_that_is_too_large_or_not_utf8_is_refused(stand_in: StandIn) -> None:
    path = f"/simulator/twilio/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    for body in (b"Body=" + b"x" * 1_100_000, b"Body=%FF%FE", b"Body=\xff"):
        answer = stand_in.http.post(path, content=body, headers=form, auth=(ACCOUNT, TOKEN))
        assert (answer.status_code, answer.json()["code"]) == (400, 20001)


def test_environment_of_haki_configures_the_stand_in() -> None:
    environ = {
        "HAKI_TWILIO_ACCOUNT_SID": ACCOUNT,
        "HAKI_TWILIO_AUTH_TOKEN": TOKEN,
        "HAKI_TELEGRAM_TOKEN": "1:abcdefghijk",
        "HAKI_PUBLIC_URL": "https://haki.example.org/",
        "HAKI_PORT": "8123",
        "HAKI_SMS_NUMBERS": f"{SMS}, +15005550009",
        "HAKI_TELEGRAM_MODE": "polling",
        "HAKI_TWILIO_API_URL": "http://127.0.0.1:8030/simulator/twilio",
    }
    settings = from_environment(environ)
    assert settings.sms_numbers == (SMS, "+15005550009")
    assert settings.telegram_webhook_url == ""
    assert settings.own_url == "http://127.0.0.1:8030/simulator"
    url = settings.twilio_webhook_url
    assert url.startswith("https://haki.example.org/webhooks/twilio/#")
    assert settings.rebased(url).startswith("http://127.0.0.1:8123/webhooks/twilio/")
    with pytest.raises(MissingSettingError, match="HAKI_TELEGRAM_TOKEN"):
        from_environment({**environ, "HAKI_TELEGRAM_TOKEN": ""})


def test_runs_alone_as_a_process() -> None:
    with free_socket() as listener:
        port = listener.getsockname()[1]
    environ = {
        "PATH": os.environ["PATH"],
        "HAKI_TWILIO_ACCOUNT_SID": ACCOUNT,
        "HAKI_TWILIO_AUTH_TOKEN": TOKEN,
        "HAKI_TELEGRAM_TOKEN": "1:abcdefghijk",
    }
    command = [sys.executable, "-m", "bot.simulator", "--port", str(port)]
    with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE) as process:
        try:
            url = f"http://127.0.0.1:{port}/simulator/api/settings"
            deadline = time.monotonic() + 20
            while True:
                try:
                    answer = httpx.get(url)
                    break
                except httpx.ConnectError:
                    assert time.monotonic() < deadline
                    time.sleep(0.05)
            assert answer.json()["sms_numbers"] == [SMS]
        finally:
            process.terminate()
    assert process.returncode in {0, -15}
