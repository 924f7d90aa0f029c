"""`haki channels check`: says in words what is wrong at the providers. Changes nothing there."""

import re
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

from bot.channels.delivery_errors import DeliveryError
from bot.channels.telegram.account import TelegramAccount, Webhook
from bot.channels.telegram.inbound import ALLOWED_UPDATES
from bot.channels.twilio.account import UNSUBMITTED, Number, TwilioAccount
from bot.channels.twilio.contents import invitation_name, template_name
from bot.messaging import bot_commands, invitations, provider_words, service_window
from bot.messaging.channel_setup import (
    Line,
    option_templates,
    telegram_webhook,
    twilio_webhook,
)
from bot.messaging.models import ContentTemplate
from bot.settings.environment import Telegram, Twilio, environment

# Telegram posts to these ports only (https://core.telegram.org/bots/api#setwebhook).
TELEGRAM_PORTS = (443, 80, 88, 8443)
# An error of Telegram's webhook that is older than this is history (seconds).
RECENT = 3600
# More updates than this that wait at Telegram mean that they do not reach us.
MANY_WAIT = 100
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_ACCOUNT_SID = re.compile(r"AC[0-9a-f]{32}")
_TOKEN = re.compile(r"[0-9]+:[A-Za-z0-9_-]{30,}")
_LOCAL = ("127.0.0.1", "localhost", "::1")


def check() -> Iterator[Line]:
    """Check every channel that is switched on."""
    twilio, telegram = environment().twilio, environment().telegram
    if not twilio.account_sid and telegram.mode == "off":
        yield Line(False, "No channel is switched on: set HAKI_TWILIO_* or HAKI_TELEGRAM_*.")
        return
    yield from _address(twilio, telegram)
    if twilio.account_sid:
        yield from _twilio(twilio)
    if telegram.mode != "off":
        yield from _telegram(telegram)


def address_problems(public_url: str, for_telegram: bool) -> list[str]:
    """Return what keeps providers from posting to `public_url`, as sentences."""
    parts = urlsplit(public_url)
    problems = []
    if parts.scheme != "https":
        problems.append(f"HAKI_PUBLIC_URL is {public_url}: providers post to https only.")
    if parts.hostname in _LOCAL:
        problems.append(f"HAKI_PUBLIC_URL is {public_url}: nobody outside can reach it.")
    if for_telegram and (parts.port or 443) not in TELEGRAM_PORTS:
        ports = ", ".join(map(str, TELEGRAM_PORTS))
        problems.append(f"HAKI_PUBLIC_URL: Telegram posts to ports {ports} only.")
    return problems


def _address(twilio: Twilio, telegram: Telegram) -> Iterator[Line]:
    """Stand-ins on this machine post to it whatever its address is."""
    real_twilio = bool(twilio.account_sid) and not _is_local(twilio.api_url)
    real_telegram = telegram.mode == "webhook" and not _is_local(telegram.api_url)
    if real_twilio or real_telegram:
        for problem in address_problems(environment().public_url, real_telegram):
            yield Line(False, problem)


def _is_local(url: str) -> bool:
    return urlsplit(url).hostname in _LOCAL


def _twilio(settings: Twilio) -> Iterator[Line]:
    if not _ACCOUNT_SID.fullmatch(settings.account_sid):
        yield Line(False, "HAKI_TWILIO_ACCOUNT_SID is not AC and 32 of 0-9 a-f.")
    account = TwilioAccount(settings)
    try:
        status = account.status()
        yield Line(status == "active", f"Twilio: the account is {status}.")
        yield from _numbers(account)
        if settings.whatsapp_number:
            yield from _whatsapp(account)
    except DeliveryError as error:
        yield Line(False, f"Twilio: {provider_words.twilio(error)}")


def _numbers(account: TwilioAccount) -> Iterator[Line]:
    owned = {number.number: number for number in account.numbers()}
    for wanted in environment().twilio.sms_numbers:
        if not _E164.fullmatch(wanted):
            yield Line(False, f"HAKI_SMS_NUMBERS: {wanted} is not a number such as +15005550006.")
        elif wanted not in owned:
            yield Line(False, provider_words.not_owned(wanted))
        else:
            yield _delivery(owned[wanted])


def _delivery(number: Number) -> Line:
    expected = twilio_webhook()
    if number.sms_url == expected and number.sms_method == "POST":
        return Line(True, f"SMS {number.number}: messages come to {expected}.")
    if not number.sms_url:
        said = "Twilio has no address for its messages"
    elif number.sms_url.partition("#")[0] == expected.partition("#")[0]:
        said = "Twilio does not repeat what fails, or uses GET"
    else:
        said = f"its messages go to {number.sms_url}, not here"
    return Line(False, f"SMS {number.number}: {said}. Run `haki channels setup`.")


def _whatsapp(account: TwilioAccount) -> Iterator[Line]:
    sender = environment().twilio.whatsapp_number
    if not _E164.fullmatch(sender.removeprefix("whatsapp:")) or ":" not in sender:
        yield Line(False, f"HAKI_WHATSAPP_NUMBER is {sender}: it must be whatsapp:+ and digits.")
    existing = account.contents()
    wanted = [template_name(style, count) for style, count in option_templates()]
    missing = [name for name in wanted if name not in existing]
    said = f"{len(missing)} menus are missing at Twilio. Run `haki channels setup`."
    yield Line(not missing, f"WhatsApp: {said if missing else 'all menus are at Twilio.'}")
    for name in map(invitation_name, invitations.languages()):
        word = _approval(account, name, existing.get(name, ""))
        yield Line(word == service_window.APPROVED, provider_words.approval(name, word))
    service_window.invite_all()


def _approval(account: TwilioAccount, name: str, sid: str) -> str:
    if not sid:
        return UNSUBMITTED
    ContentTemplate.objects.update_or_create(name=name, defaults={"sid": sid})
    return invitations.refresh(account, name)


def _telegram(settings: Telegram) -> Iterator[Line]:
    if not _TOKEN.fullmatch(settings.token):
        yield Line(False, "HAKI_TELEGRAM_TOKEN is not of the form 123456:ABC-DEF.")
    bot = TelegramAccount(settings)
    try:
        yield Line(True, f"Telegram: the bot is @{bot.name()}.")
        yield from _webhook(settings, bot.webhook())
        if bot.commands() != bot_commands.menu("en"):
            yield Line(False, "Telegram: the commands are not set. Run `haki channels setup`.")
    except DeliveryError as error:
        yield Line(False, f"Telegram: {provider_words.telegram(error)}")


def _webhook(settings: Telegram, found: Webhook) -> Iterator[Line]:
    wanted = telegram_webhook() if settings.mode == "webhook" else ""
    if found.url != wanted:
        where = f"updates go to {found.url}" if found.url else "no webhook is set"
        yield Line(False, f"Telegram: {where}. Run `haki channels setup`.")
    elif wanted and not set(ALLOWED_UPDATES) <= set(found.allowed_updates or ALLOWED_UPDATES):
        yield Line(False, "Telegram: some kinds of updates do not come. Run `haki channels setup`.")
    else:
        yield Line(True, f"Telegram: updates come {'to ' + wanted if wanted else 'by polling'}.")
    if found.last_error and time.time() - found.last_error_at < RECENT:
        minutes = round((time.time() - found.last_error_at) / 60)
        yield Line(
            False, f"Telegram could not post to us {minutes} minutes ago: {found.last_error}."
        )
    if found.pending > MANY_WAIT:
        yield Line(False, f"Telegram: {found.pending} updates wait there; they do not reach us.")
