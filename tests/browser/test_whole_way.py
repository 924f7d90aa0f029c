"""From the first SMS to a case and back, through the real conversation."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Console, Phone

pytestmark = [pytest.mark.browser, pytest.mark.stack]
MakePhone = Callable[..., Phone]
PARTNER = "Demo organisation North"


def say(phone: Phone, text: str, messages: int = 1) -> str:
    """Say `text`; return what Haki answers to it, in so many messages."""
    return "\n".join(phone.hears(phone.write(text), messages))


def ask_for_a_person(phone: Phone) -> str:
    """Ask for a person and hear the offer."""
    heard = say(phone, "I want to talk to a person")
    assert PARTNER in heard
    return heard


def open_list(console: Console) -> Page:
    page = console.page()
    page.wait_for_timeout(700)  # the live connection is open
    return page


def test_an_sms_becomes_a_case_with_consent_and_the_answer_comes_as_sms(
    console: Console, phone: MakePhone
) -> None:
    mine, page = phone(prefix="+6010000"), open_list(console)
    say(mine, "my boss keeps my passport", messages=2)  # the welcome, the card
    ask_for_a_person(mine)
    say(mine, "1")  # the conversation may be seen
    say(mine, "Maya")
    say(mine, "1")  # any time is safe
    consent = say(mine, "1")  # nobody else reads the phone
    assert PARTNER in consent
    expect(page.locator("#news a")).to_have_count(0)  # nobody sees a word before the yes
    say(mine, "1")

    page.locator("#news a").click()
    page.locator("#case-list li", has_text="now").or_(page.locator("#case-list li")).last.click()
    page.locator(".bot-part > summary").click()
    expect(page.locator(".bot-part")).to_contain_text("my boss keeps my passport")
    expect(page.locator(".side")).to_contain_text("The conversation")
    seen = mine.last()
    page.locator("#text").fill("Hello, I am here to help. Are you safe now?")
    page.get_by_role("button", name="Send", exact=True).click()
    assert "Are you safe now?" in "\n".join(mine.hears(seen))

    mine.write("yes I am alone")
    expect(page.locator("#entries")).to_contain_text("yes I am alone")


def test_a_no_opens_nothing_and_gives_contacts_instead(console: Console, phone: MakePhone) -> None:
    mine, page = phone(prefix="+6010000"), open_list(console)
    say(mine, "my boss does not pay me", messages=2)
    ask_for_a_person(mine)

    answer = say(mine, "4")  # no, give contacts

    assert re.search(r"\d{3}", answer)  # numbers of the directory
    page.wait_for_timeout(1000)
    expect(page.locator("#news a")).to_have_count(0)
