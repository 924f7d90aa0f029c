"""From the first SMS to a case and back, through the real conversation."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Console, Phone

pytestmark = [pytest.mark.browser, pytest.mark.stack]
MakePhone = Callable[..., Phone]
OPTION = re.compile(r"^(\d) (.+)$", re.MULTILINE)
PARTNER = "Demo organisation North"


def say(phone: Phone, text: str) -> str:
    """Say `text`; return all that Haki answers to it."""
    return "\n".join(phone.hears(phone.write(text)))


def ask_for_a_person(phone: Phone) -> str:
    """Ask, answering Haki's own questions with their first option, until a partner is offered."""
    heard = say(phone, "I want to talk to a person")
    for _ in range(4):
        if PARTNER in heard:
            return heard
        heard = say(phone, "1")
    raise AssertionError(heard)


def open_list(console: Console) -> Page:
    page = console.page()
    page.wait_for_timeout(700)  # the live connection is open
    return page


def test_an_sms_becomes_a_case_with_consent_and_the_answer_comes_as_sms(
    console: Console, phone: MakePhone
) -> None:
    mine, page = phone(prefix="+6010000"), open_list(console)
    say(mine, "my boss keeps my passport")
    ask_for_a_person(mine)
    consent = say(mine, "1")  # the conversation may be seen
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
    say(mine, "my boss does not pay me")
    offered = ask_for_a_person(mine)
    refusal = OPTION.findall(offered)[-1][0]

    answer = say(mine, refusal)

    assert re.search(r"\d{3}", answer)  # numbers of the directory
    page.wait_for_timeout(1000)
    expect(page.locator("#news a")).to_have_count(0)
