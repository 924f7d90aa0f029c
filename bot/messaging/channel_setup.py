"""`haki channels setup`: writes at Twilio and Telegram what Haki needs there. Safe to repeat."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bot.channels.delivery_errors import DeliveryError
from bot.channels.layout import BUTTONS, LIST_ITEMS
from bot.channels.outgoing import Style
from bot.channels.telegram.account import TelegramAccount
from bot.channels.twilio.account import TwilioAccount
from bot.channels.twilio.contents import template, template_name
from bot.library.phrases import phrases
from bot.messaging import bot_commands, invitations, provider_words, service_window
from bot.messaging.models import ContentTemplate
from bot.messaging.senders import RETRY_FRAGMENT
from bot.settings.environment import environment

TWILIO_PATH, TELEGRAM_PATH = "/webhooks/twilio/", "/webhooks/telegram/"


@dataclass(frozen=True)
class Line:
    """One thing that was done or found, as a sentence; `fine` when nothing has to be mended."""

    fine: bool
    sentence: str


def twilio_webhook() -> str:
    """Return where Twilio posts messages to us; the fragment makes it repeat what fails."""
    return f"{environment().public_url}{TWILIO_PATH}{RETRY_FRAGMENT}"


def telegram_webhook() -> str:
    """Return where Telegram posts updates to us."""
    return f"{environment().public_url}{TELEGRAM_PATH}"


def option_templates() -> list[tuple[Style, int]]:
    """Return the buttons (1 to 3) and lists (1 to 10) that menus on WhatsApp are sent with."""
    buttons = [(Style.BUTTONS, count) for count in range(1, BUTTONS + 1)]
    return [*buttons, *((Style.LIST, count) for count in range(1, LIST_ITEMS + 1))]


def setup() -> Iterator[Line]:
    """Set up every channel that is on; what is refused becomes a line, the rest goes on."""
    if environment().twilio.account_sid:
        account = TwilioAccount(environment().twilio)
        for step in (_numbers, _option_templates, _invitations):
            yield from _tried("Twilio", provider_words.twilio, step, account)
    else:
        yield Line(True, "Twilio: no HAKI_TWILIO_ACCOUNT_SID, so SMS and WhatsApp are off.")
    if environment().telegram.mode == "off":
        yield Line(True, "Telegram: off.")
        return
    bot = TelegramAccount(environment().telegram)
    for work in (_updates, _menus):
        yield from _tried("Telegram", provider_words.telegram, work, bot)


def _tried(
    who: str,
    words: Callable[[DeliveryError], str],
    step: Callable[..., Iterator[Line]],
    *with_: object,
) -> Iterator[Line]:
    try:
        yield from step(*with_)
    except DeliveryError as error:
        yield Line(False, f"{who}: {words(error)}")


def _numbers(account: TwilioAccount) -> Iterator[Line]:
    owned = {number.number: number for number in account.numbers()}
    for wanted in environment().twilio.sms_numbers:
        if wanted not in owned:
            yield Line(False, provider_words.not_owned(wanted))
            continue
        account.set_sms_url(owned[wanted].sid, twilio_webhook())
        yield Line(True, f"SMS {wanted}: messages come to {twilio_webhook()}.")
    if environment().twilio.whatsapp_number:
        yield Line(True, provider_words.whatsapp_by_hand(twilio_webhook()))
    yield Line(True, "Status callbacks: named in every message that is sent; nothing to set up.")


def _option_templates(account: TwilioAccount) -> Iterator[Line]:
    if not environment().twilio.whatsapp_number:
        return
    existing = account.contents()
    made = 0
    for style, count in option_templates():
        name = template_name(style, count)
        made += name not in existing
        sid = existing.get(name) or account.make_content(template(style, count))
        ContentTemplate.objects.update_or_create(name=name, defaults={"sid": sid})
    yield Line(
        True, f"WhatsApp: {len(option_templates())} menus are at Twilio, {made} of them new."
    )


def _invitations(account: TwilioAccount) -> Iterator[Line]:
    if not environment().twilio.whatsapp_number:
        return
    for name, word in invitations.prepare(account, account.contents()).items():
        yield Line(provider_words.may_be_approved(word), provider_words.approval(name, word))
    invited = service_window.invite_all()
    if invited:
        yield Line(True, f"WhatsApp: {invited} people are told that an answer waits for them.")


def _updates(bot: TelegramAccount) -> Iterator[Line]:
    name = bot.name()
    if environment().telegram.mode == "polling":
        bot.delete_webhook()
        yield Line(True, f"Telegram @{name}: no webhook; start `haki telegram_poll`.")
        return
    bot.set_webhook(telegram_webhook())
    yield Line(True, f"Telegram @{name}: updates come to {telegram_webhook()}.")


def _menus(bot: TelegramAccount) -> Iterator[Line]:
    texts = phrases(environment().content_dir)
    for language in texts.languages:
        for code in ("", "en") if language == "en" else (language,):
            bot.set_commands(bot_commands.menu(language), code)
            bot.set_short_description(texts.get("bot.short_description", language), code)
    yield Line(True, f"Telegram: commands and description in {len(texts.languages)} languages.")
