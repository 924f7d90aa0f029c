"""The page with the phones: its policy, its files, and a browser that uses all three."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import phonenumbers
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.simulator.stand_in import ACCOUNT, SMS_NUMBERS, TOKEN, StandIn

STATIC = Path(__file__).parents[2] / "bot" / "simulator" / "static"
WHATSAPP = "whatsapp:+15005550007"


def test_page_and_files_come_under_a_strict_policy(stand_in: StandIn) -> None:
    page = stand_in.http.get("/simulator/")
    assert "Demonstration:" in page.text
    assert "nothing leaves this computer" in page.text
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    for name in sorted(p.name for p in STATIC.iterdir() if p.suffix in {".js", ".css", ".svg"}):
        answer = stand_in.http.get(f"/simulator/static/{name}")
        assert answer.status_code == 200, name
        assert answer.headers["x-content-type-options"] == "nosniff"
    assert stand_in.http.get("/simulator").headers["location"] == "/simulator/"


@pytest.mark.parametrize("name", ["..%2fapp.py", "index.html", "nothing.js", "%2e%2e"])
def test_only_static_files_are_served(stand_in: StandIn, name: str) -> None:
    assert stand_in.http.get(f"/simulator/static/{name}").status_code == 404


def test_no_file_names_another_host() -> None:
    for path in STATIC.iterdir():
        text = path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"(?:https?:)?//[a-z0-9-]+\.[a-z]", text), path.name
        assert "style=" not in text
        assert not re.search(r"<script(?![^>]*src=)", text)


def test_numbers_of_demo_people_belong_to_nobody() -> None:
    source = (STATIC / "people.js").read_text(encoding="utf-8")
    places = re.findall(r'prefix: "(\+\d+)".*base: "(\+\d+)"', source)
    assert len(places) == 14
    for prefix, base in places:
        for last in ("00", "42", "99"):
            number = phonenumbers.parse(base + last)
            assert f"+{number.country_code}" == prefix
            is_fictional = base == "+150055501"  # 555-01xx is kept free for fiction
            assert is_fictional or not phonenumbers.is_valid_number(number), base


@pytest.fixture
def page(browser: Browser, stand_in: StandIn) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 960})
    page = context.new_page()
    problems: list[str] = []
    foreign: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on(
        "console",
        lambda message: problems.append(message.text) if message.type == "error" else None,
    )
    page.on(
        "request",
        lambda request: (
            foreign.append(request.url) if not request.url.startswith(stand_in.base) else None
        ),
    )
    page.goto(f"{stand_in.base}/simulator/")
    expect(page.locator("#name")).not_to_be_empty()
    yield page
    context.close()
    assert problems == []
    assert foreign == []


def person(page: Page) -> dict[str, str]:
    stored: dict[str, str] = page.evaluate("JSON.parse(localStorage.getItem('haki-phones-person'))")
    return stored


def content(stand_in: StandIn, types: dict[str, Any]) -> str:
    answer = stand_in.http.post(
        "/simulator/content/v1/Content",
        json={"language": "en", "types": types},
        auth=(ACCOUNT, TOKEN),
    )
    return str(answer.json()["sid"])


@pytest.mark.browser
class TestPhones:
    def test_sms_shows_parts_encoding_and_cost(self, stand_in: StandIn, page: Page) -> None:
        page.locator("#price").fill("0.1")
        page.get_by_label("Write on SMS").fill("boss took my passport")
        page.get_by_label("Write on SMS").press("Enter")
        expect(page.locator(".sms.me .ok")).to_have_text("Sent")
        stand_in.twilio(To=person(page)["number"], From=SMS_NUMBERS[0], Body="ó" * 71)
        answer = page.locator(".sms.haki")
        expect(answer).to_contain_text("2 parts · UCS-2 · 0.20")
        expect(page.locator(".total")).to_contain_text("Haki sent 1 SMS in 2 parts: 0.20")

    def test_keys_of_the_handset_write_and_send(self, stand_in: StandIn, page: Page) -> None:
        page.get_by_label("Key 2").click()
        page.get_by_label("Key 1").click()
        page.get_by_label("Delete the last letter").click()
        page.get_by_label("Send the message").click()
        expect(page.locator(".sms.me .sms-text")).to_have_text("2")

    def test_refused_message_says_so(self, stand_in: StandIn, page: Page) -> None:
        stand_in.haki.answers = [(403, "", "")]
        page.get_by_label("Write on SMS").fill("hi")
        page.get_by_label("Write on SMS").press("Enter")
        expect(page.locator(".sms.me .failed")).to_have_text("Not sent (11200)")

    def test_whatsapp_buttons_and_list(self, stand_in: StandIn, page: Page) -> None:
        page.get_by_label("Write on WhatsApp").fill("नमस्ते")
        page.get_by_label("Send on WhatsApp").click()
        expect(page.locator(".whatsapp .me .icon-ticks")).to_be_visible()
        to = f"whatsapp:{person(page)['number']}"
        actions = [{"id": "more", "title": "More"}, {"id": "help", "title": "Who can help"}]
        quick = {"twilio/quick-reply": {"body": "*Passport*", "actions": actions}}
        stand_in.twilio(To=to, From=WHATSAPP, ContentSid=content(stand_in, quick))
        expect(page.locator(".whatsapp .them strong")).to_have_text("Passport")
        page.get_by_role("button", name="Who can help").click()
        posts = stand_in.haki.wait("/webhooks/twilio/", 2)
        assert b"ButtonPayload=help" in posts[1].body
        items = [{"id": f"t{n}", "item": f"Topic {n}", "description": ""} for n in range(3)]
        picker = {"twilio/list-picker": {"body": "Pick", "button": "Topics", "items": items}}
        stand_in.twilio(To=to, From=WHATSAPP, ContentSid=content(stand_in, picker))
        page.get_by_role("button", name="Topics").click()
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
        page.get_by_role("button", name="Topics").click()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        assert b"ListId=t1" in stand_in.haki.wait("/webhooks/twilio/", 3)[2].body

    def test_telegram_spinner_until_answered_then_keyboard_gone(
        self, stand_in: StandIn, page: Page
    ) -> None:
        page.get_by_role("button", name="START").click()
        chat = person(page)["chat"]
        stand_in.haki.wait("/webhooks/telegram/")
        stand_in.telegram("sendChatAction", chat_id=chat, action="typing")
        expect(page.locator(".telegram .typing")).to_be_visible()
        keyboard = {"inline_keyboard": [[{"text": "More", "callback_data": "m"}]]}
        sent = stand_in.telegram(
            "sendMessage", chat_id=chat, text="<b>Law</b> &lt;1", parse_mode="HTML",
            reply_markup=keyboard,
        )  # fmt: skip
        expect(page.locator(".telegram .typing")).to_have_count(0)
        expect(page.locator(".telegram .them strong")).to_have_text("Law")
        page.get_by_role("button", name="More", exact=True).click()
        expect(page.locator(".inline-button.waits")).to_be_visible()
        query = stand_in.haki.wait("/webhooks/telegram/", 2)[1].json()["callback_query"]["id"]
        stand_in.telegram("answerCallbackQuery", callback_query_id=query, text="Coming")
        expect(page.locator(".inline-button.waits")).to_have_count(0)
        expect(page.locator(".toast")).to_have_text("Coming")
        stand_in.telegram(
            "editMessageReplyMarkup", chat_id=chat, message_id=sent["result"]["message_id"]
        )
        expect(page.locator(".inline-button")).to_have_count(0)

    @pytest.mark.parametrize(
        ("phone", "label", "kind"),
        [
            ("Telegram", "Voice note", "voice"),
            ("Telegram", "Contact", "contact"),
            ("WhatsApp", "Location", "location"),
            ("WhatsApp", "Sticker", "sticker"),
        ],
    )
    def test_attachments(
        self, stand_in: StandIn, page: Page, phone: str, label: str, kind: str
    ) -> None:
        page.get_by_label(f"Attach on {phone}").click()
        page.get_by_role("button", name=label).click()
        channel = phone.lower()
        expect(page.locator(f".{channel} .me")).to_have_count(1)
        address = person(page)["chat" if channel == "telegram" else "number"]
        assert stand_in.messages(channel, address)[0]["kind"] == kind

    def test_arabic_runs_from_the_right(self, stand_in: StandIn, page: Page) -> None:
        page.get_by_label("Write on WhatsApp").fill("صاحب العمل أخذ جواز سفري")
        page.get_by_label("Write on WhatsApp").press("Enter")
        expect(page.locator(".whatsapp .me .words")).to_have_css("direction", "rtl")

    def test_new_person_has_another_number_and_empty_phones(
        self, stand_in: StandIn, page: Page
    ) -> None:
        page.get_by_label("Write on SMS").fill("hello")
        page.get_by_label("Write on SMS").press("Enter")
        expect(page.locator(".sms.me")).to_have_count(1)
        page.get_by_label("Number from").select_option("+977")
        expect(page.locator(".sms")).to_have_count(0)
        assert person(page)["number"].startswith("+977100")
        expect(page.get_by_label("Phone language")).to_have_value("ne")
        before = person(page)
        page.get_by_role("button", name="New person").click()
        assert person(page)["chat"] != before["chat"]

    def test_conversation_is_there_after_a_reload(self, stand_in: StandIn, page: Page) -> None:
        page.get_by_label("Write on SMS").fill("hello")
        page.get_by_label("Write on SMS").press("Enter")
        expect(page.locator(".sms.me")).to_have_count(1)
        page.reload()
        expect(page.locator(".sms.me .sms-text")).to_have_text("hello")

    def test_text_of_a_message_is_never_markup(self, stand_in: StandIn, page: Page) -> None:
        text = "<img src=x onerror=alert(1)> <b>no</b>"
        for channel, address in (
            ("sms", person(page)["number"]),
            ("whatsapp", person(page)["number"]),
            ("telegram", person(page)["chat"]),
        ):
            stand_in.send(channel, address, text=text)
        expect(page.get_by_text(text)).to_have_count(3)

    @pytest.mark.parametrize("width", [360, 1280])
    def test_no_sideways_scrolling_and_no_accessibility_fault(
        self, stand_in: StandIn, page: Page, width: int
    ) -> None:
        page.set_viewport_size({"width": width, "height": 900})
        chat = person(page)["chat"]
        stand_in.send("telegram", chat, text="/start")
        keyboard = {"inline_keyboard": [[{"text": "More", "callback_data": "m"}]]}
        stand_in.telegram("sendMessage", chat_id=chat, text="Law", reply_markup=keyboard)
        stand_in.send("sms", person(page)["number"], text="hello")
        for tab in ("SMS", "WhatsApp", "Telegram"):
            if width < 1000:
                page.get_by_role("tab", name=tab).click()
            overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert overflow <= 0
            page.wait_for_timeout(250)
            result = Axe().run(page)
            assert result.violations_count == 0, result.generate_report()
