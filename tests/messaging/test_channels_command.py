"""`haki channels setup` and `check` against the stand-in providers, and what they say."""

import time
from collections.abc import Callable, Iterator

import httpx
import pytest
from django.core.management import CommandError, call_command

from bot.channels.delivery_errors import DeliveryError, Outcome
from bot.channels.telegram.account import TelegramAccount, Webhook
from bot.channels.twilio.account import TwilioAccount
from bot.channels.twilio.contents import invitation_name
from bot.messaging import channel_setup, provider_words
from bot.messaging.channel_checks import address_problems, check
from bot.messaging.channel_setup import setup, twilio_webhook
from bot.messaging.models import ContentTemplate
from bot.settings.environment import environment

pytestmark = pytest.mark.django_db

Change = Callable[..., None]


@pytest.fixture
def change(monkeypatch: pytest.MonkeyPatch) -> Iterator[Change]:
    """Return a function that gives this process other settings until the test ends."""

    def set_(**values: str) -> None:
        for name, value in values.items():
            monkeypatch.setenv(name, value)
        environment.cache_clear()

    yield set_
    monkeypatch.undo()
    environment.cache_clear()


@pytest.fixture(autouse=True)
def fresh(stand_ins: httpx.Client) -> None:
    stand_ins.delete("/state")
    bot = TelegramAccount(environment().telegram)
    bot.delete_webhook()
    bot.set_commands([])
    account = TwilioAccount(environment().twilio)
    for number in account.numbers():
        account.set_sms_url(number.sid, "https://elsewhere.example.org/sms")
    for sid in account.contents().values():
        httpx.delete(
            f"{environment().twilio.content_url}/v1/Content/{sid}",
            auth=(environment().twilio.account_sid, environment().twilio.auth_token),
            trust_env=False,
        )


def wrong() -> list[str]:
    return [line.sentence for line in check() if not line.fine]


def test_after_setup_nothing_is_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("channels", "setup")
    assert "WRONG" not in capsys.readouterr().out

    call_command("channels", "check")

    assert "WRONG" not in capsys.readouterr().out
    (number,) = TwilioAccount(environment().twilio).numbers()
    assert number.sms_url == twilio_webhook()
    assert number.sms_url.endswith("#rc=3&rp=ct,rt,5xx")
    bot = TelegramAccount(environment().telegram)
    assert bot.webhook().url.endswith("/webhooks/telegram/")
    assert dict(bot.commands("ne"))["human"] == "मान्छेसँग कुरा गर्नुहोस्"
    assert [name for name, _ in bot.commands()][:2] == ["menu", "human"]


def test_setup_can_be_repeated_and_makes_nothing_twice() -> None:
    list(setup())
    first = TwilioAccount(environment().twilio).contents()

    again = [line.sentence for line in setup()]

    assert TwilioAccount(environment().twilio).contents() == first
    assert len([name for name in first if name.startswith("haki_v1_buttons")]) == 3
    assert len([name for name in first if name.startswith("haki_v1_list")]) == 10
    assert len([name for name in first if name.startswith("haki_answer")]) == 9
    assert any("0 of them new" in sentence for sentence in again)


def test_before_setup_every_gap_is_named_and_the_status_is_not_zero(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(CommandError, match="have to be mended"):
        call_command("channels", "check")

    said = capsys.readouterr().out
    assert "its messages go to https://elsewhere.example.org/sms, not here" in said
    assert "13 menus are missing" in said
    assert "haki_answer_v1_ne: it was never submitted" in said
    assert "no webhook is set" in said
    assert "the commands are not set" in said


def test_a_webhook_without_retries_is_named() -> None:
    list(setup())
    account = TwilioAccount(environment().twilio)
    account.set_sms_url(account.numbers()[0].sid, twilio_webhook().partition("#")[0])

    assert [s for s in wrong() if "does not repeat what fails" in s]


def test_a_wrong_twilio_token_is_said_in_words(change: Change) -> None:
    change(HAKI_TWILIO_AUTH_TOKEN="0" * 32)

    assert [s for s in wrong() if "does not accept HAKI_TWILIO_ACCOUNT_SID with" in s]
    assert not all(line.fine for line in setup())


def test_a_number_that_the_account_does_not_own_is_said(change: Change) -> None:
    change(HAKI_SMS_NUMBERS="+15005550006,+15005550111")

    assert [s for s in wrong() if s.startswith("SMS +15005550111: this account owns no such")]
    assert [line for line in setup() if not line.fine and "+15005550111" in line.sentence]


@pytest.mark.parametrize("number", ["15005550006", "HAKI", "+0123"])
def test_a_sender_that_is_no_number_is_said(change: Change, number: str) -> None:
    change(HAKI_SMS_NUMBERS=number)

    assert [s for s in wrong() if "is not a number such as +15005550006" in s]


def test_a_whatsapp_sender_without_its_prefix_is_said(change: Change) -> None:
    change(HAKI_WHATSAPP_NUMBER="+15005550007")

    assert [s for s in wrong() if "it must be whatsapp:+ and digits" in s]


def test_a_revoked_telegram_token_is_said(change: Change) -> None:
    change(HAKI_TELEGRAM_TOKEN="500100:" + "r" * 35)

    assert [s for s in wrong() if "was revoked or is mistyped" in s]
    assert [line for line in setup() if not line.fine and "was revoked" in line.sentence]


def test_a_provider_that_is_away_is_said(change: Change) -> None:
    change(HAKI_TWILIO_API_URL="http://127.0.0.1:1", HAKI_TELEGRAM_API_URL="http://127.0.0.1:1/bot")

    said = " ".join(wrong())

    assert "cannot be reached from here" in said
    assert "cannot be asked now" in said


def test_setup_switches_telegram_between_webhook_and_polling(change: Change) -> None:
    list(setup())
    bot = TelegramAccount(environment().telegram)
    assert bot.webhook().url
    change(HAKI_TELEGRAM_MODE="polling")
    assert [s for s in wrong() if s.startswith("Telegram: updates go to")]

    list(setup())

    assert bot.webhook().url == ""
    assert not [s for s in wrong() if s.startswith("Telegram")]


def test_a_template_that_whatsapp_rejected_is_said_and_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    list(setup())
    monkeypatch.setattr(TwilioAccount, "approval", lambda self, sid: "rejected")

    assert len([s for s in wrong() if "WhatsApp rejected it" in s]) == 9
    assert ContentTemplate.objects.get(name=invitation_name("ne")).approval == "rejected"


def test_telegrams_last_error_and_a_long_queue_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    list(setup())
    url = channel_setup.telegram_webhook()
    troubled = Webhook(url, 500, "Wrong response: 502 Bad Gateway", int(time.time()) - 120, ())
    monkeypatch.setattr(TelegramAccount, "webhook", lambda self: troubled)

    said = " ".join(wrong())

    assert "could not post to us 2 minutes ago: Wrong response: 502 Bad Gateway" in said
    assert "500 updates wait there" in said


def test_a_suspended_account_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TwilioAccount, "status", lambda self: "suspended")

    assert "Twilio: the account is suspended." in wrong()


def test_without_any_channel_check_says_so(change: Change) -> None:
    change(HAKI_TWILIO_ACCOUNT_SID="", HAKI_TELEGRAM_MODE="off")

    assert wrong() == ["No channel is switched on: set HAKI_TWILIO_* or HAKI_TELEGRAM_*."]


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("http://haki.example.org", "https only"),
        ("https://127.0.0.1", "nobody outside"),
        ("https://haki.example.org:9000", "443, 80, 88, 8443"),
    ],
)
def test_a_public_address_that_providers_cannot_use_is_said(url: str, says: str) -> None:
    assert [problem for problem in address_problems(url, for_telegram=True) if says in problem]


def test_a_good_public_address_has_no_problem() -> None:
    assert address_problems("https://haki.example.org:8443", for_telegram=True) == []


def test_a_real_provider_makes_the_address_matter(change: Change) -> None:
    change(HAKI_TWILIO_API_URL="https://twilio.invalid", HAKI_TELEGRAM_MODE="off")

    assert [s for s in wrong() if "providers post to https only" in s]


def test_an_unknown_refusal_names_its_code_and_where_it_is_explained() -> None:
    said = provider_words.twilio(DeliveryError(Outcome.PERMANENT, "21999"))

    assert "docs/api/errors/21999" in said
