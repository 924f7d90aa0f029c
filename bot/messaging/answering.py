"""From one stored message to what is said back: reserved words, menus, notices, else Rasa."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from functools import lru_cache, partial
from typing import Any

from django.utils import timezone

from bot.channels.incoming import InboundKind
from bot.channels.names import Channel
from bot.channels.outgoing import Reply, read_tap_token
from bot.channels.twilio.optout import answered_by_twilio
from bot.dialogue.client import Answer, RasaClient
from bot.library import Library
from bot.library.phrases import Phrases, phrases
from bot.messaging import bot_commands, partners, service_window, spending
from bot.messaging.effects import Effect
from bot.messaging.models import Contact, Direction, Message
from bot.messaging.stored_options import stored_options
from bot.settings.environment import environment
from bot.understanding import choices, reserved

# How many of our latest messages may still hold the menu that "1" means.
MENU_REACH = 4
# So long a notice on one kind of message stands for the next ones of that kind. A group is told
# once and then left alone.
SOON = timedelta(seconds=30)
NOTICE_STANDS = {InboundKind.EDITED: timedelta(days=1), InboundKind.GROUP: timedelta(days=3650)}
_NOTICES = {
    InboundKind.VOICE: "notice.voice",
    InboundKind.PHOTO: "notice.photo",
    InboundKind.VIDEO: "notice.video",
    InboundKind.FILE: "notice.file",
    InboundKind.LOCATION: "notice.location",
    InboundKind.PHONE_CARD: "notice.phone_card",
    InboundKind.STICKER: "notice.sticker",
    InboundKind.EMPTY: "notice.empty",
    InboundKind.EDITED: "notice.edited",
    InboundKind.GROUP: "notice.group",
    InboundKind.OTHER: "notice.other",
}
# After STOP nothing is said, on any channel, until START; the answer to STOP named it.
NOTHING = Answer(())
_COMMANDS = {
    "help": "/help",
    "menu": "/menu",
    "human": "/human",
    "delete_data": "/delete_data",
}


@lru_cache(maxsize=1)
def rasa() -> RasaClient:
    """Return this process's connection to Rasa."""
    return RasaClient(environment().rasa_url, environment().rasa_token)


def answer(message: Message, texts: Sequence[str] = (), turn: str = "") -> Answer:
    """Return what to say to `message` and what that changes; both may be nothing.

    `texts` are those of a turn of several messages, of which `message` is one; `turn` names it
    at the dialogue. Raises RasaFailed when the dialogue gave no answer.
    """
    message.turn_key = turn or str(message.pk)  # type: ignore[attr-defined]
    said = texts or (message.text,)
    if not message.contact.opted_out_at and service_window.asks_for_kept(message):
        return _kept(message)
    return partners.handover().answer(message, said, partial(_answer, message, said))


def _answer(message: Message, texts: Sequence[str]) -> Answer:
    """What the bot says, where no partner holds the conversation."""
    contact = message.contact
    kind = InboundKind(message.kind)
    if kind in (InboundKind.TEXT, InboundKind.TAP):
        found = _find_reserved(message.text) if kind is InboundKind.TEXT else None
        if found is not None:
            return _reserved(message, found)
        if contact.opted_out_at:
            return NOTHING
        return _dialogue(message, texts)
    return NOTHING if contact.opted_out_at else _notice(message, kind)


def _find_reserved(text: str) -> reserved.Reserved | None:
    return bot_commands.find(text) or reserved.find(text)


def _kept(message: Message) -> Answer:
    """What was kept has just been delivered (bot.messaging.handling); it is answer enough."""
    if service_window.delivered_since(message):
        return NOTHING
    return Answer((_phrase("notice", "window.nothing", message.contact.language),))


def _reserved(message: Message, found: reserved.Reserved) -> Answer:
    contact = message.contact
    silent = _provider_answers(message)
    language = contact.language or found.language or _hint(message)
    if found.act == "stop":
        again = bool(contact.opted_out_at)
        replies = () if silent or again else (_phrase("opted_out", "reserved.stopped", language),)
        return Answer(replies, _effects({"do": "opt_out"}))
    if found.act == "start" and not contact.opted_out_at and not silent:
        # Telegram sends /start when a chat begins.
        return _command(message, "/greet")
    if found.act == "start":
        replies = () if silent else (_phrase("opted_in", "reserved.started", language),)
        return Answer(replies, _effects({"do": "opt_in"}))
    if contact.opted_out_at:
        # To be erased is a right that STOP does not end; as nothing may be said, it is not asked.
        erased = found.act == "delete_data"
        return Answer((), _effects({"do": "erase"}) if erased else ())
    if found.act == reserved.LANGUAGE_CHANGE and found.language:
        return _command(message, f'/set_language{{"language": "{found.language}"}}')
    if found.act == "help" and silent and message.details.get("opted"):
        return Answer(())
    return _command(message, _COMMANDS.get(found.act, "/language_change"))


def _provider_answers(message: Message) -> bool:
    """Tell whether Twilio has answered this word itself, so that our answer would be a second."""
    if message.details.get("opted"):
        return True
    return message.channel == Channel.SMS and answered_by_twilio(message.text)


def _dialogue(message: Message, texts: Sequence[str]) -> Answer:
    if len(texts) == 1:
        chosen = choice(message)
        if chosen == spending.NEXT_PIECE:
            return _next_piece(message)
        if chosen is not None:
            return _command(message, chosen)
        if _is_number(message.text) and (menu := _latest_menu(message)) is not None:
            return Answer((_menu_again(menu),))
    known = metadata(message)
    with _timed(message) as turn:
        return rasa().say(str(message.contact_id), texts, known, turn)


def _next_piece(message: Message) -> Answer:
    """Go on with an answer that was cut for its cost."""
    menu = _latest_menu(message)
    piece = spending.next_piece(menu) if menu is not None else None
    return Answer((piece,)) if piece else _command(message, "/more")


def _command(message: Message, command: str) -> Answer:
    known = metadata(message)
    with _timed(message) as turn:
        return rasa().command(str(message.contact_id), command, known, turn)


@contextmanager
def _timed(message: Message) -> Iterator[str]:
    """Give the name of the turn, and note on `message` how long the dialogue took."""
    started = time.monotonic()
    yield str(message.turn_key)  # type: ignore[attr-defined]
    message.dialogue_ms = round((time.monotonic() - started) * 1000)


def chosen_menu(message: Message) -> Message | None:
    """Return the message of ours whose option the text of `message` picks, None for other words."""
    return _latest_menu(message) if choice(message) is not None else None


def is_choice(message: Message) -> bool:
    """Tell whether the text is a number, or picks from our latest menu: it means just that."""
    return _is_number(message.text) or choice(message) is not None


def choice(message: Message) -> str | None:
    """Return the command that a tap or a menu answer means, None for a person's own words."""
    token = read_tap_token(message.details.get("tap", ""))
    if token is not None:
        return tapped_command(message.contact, *token)
    menu = _latest_menu(message)
    if menu is None:
        return None
    options = menu.details["options"]
    index = _resolve(message.text, options)
    return None if index is None else str(options[index]["payload"])


def _latest_menu(message: Message) -> Message | None:
    """Return our latest message that offered options, if it is not too far back."""
    return next((sent for sent in recent(message) if sent.details["options"]), None)


def recent(message: Message) -> list[Message]:
    """Return our latest messages to the person, the newest first; read once per message."""
    known: list[Message] | None = getattr(message, "recent_replies", None)
    if known is None:
        sent = Message.objects.filter(contact_id=message.contact_id, direction=Direction.OUTBOUND)
        known = list(sent.select_related("reply_to").order_by("-id")[:MENU_REACH])
        message.recent_replies = known  # type: ignore[attr-defined]
    return known


def _is_number(text: str) -> bool:
    plain = text.strip().rstrip(".)")
    return plain.isdecimal() and len(plain) <= 2


def _menu_again(menu: Message) -> Reply:
    """Return the options of `menu` once more, for a number that is not among them."""
    options = tuple(stored_options(menu.details))
    language = menu.language if menu.language in _phrases().languages else "en"
    text = _phrases().get("choose.number", language, last=len(options))
    return Reply(kind="clarify", text=text, language=language, options=options)


def _resolve(text: str, options: list[dict[str, str]]) -> int | None:
    index = choices.resolve(text, [option["title"] for option in options])
    if index is None:
        index = choices.resolve(text, [option["short"] or option["title"] for option in options])
    return index


def tapped_command(contact: Contact, message_id: int, index: int) -> str:
    """Return what option `index` of our message to `contact` means; the menu for anything else."""
    sent = Message.objects.filter(
        pk=message_id, contact=contact, direction=Direction.OUTBOUND
    ).first()
    options = sent.details["options"] if sent else []
    return str(options[index]["payload"]) if index < len(options) else "/menu"


def metadata(message: Message) -> Mapping[str, Any]:
    """Return what the dialogue may know of the person: never an address, never a name."""
    contact = message.contact
    return {
        "channel": contact.channel,
        "language": contact.language,
        "country": contact.country,
        "origin": contact.origin,
        "stage": contact.stage,
        "prefix": contact.country_of_prefix,
        "welcomed": contact.welcomed_at is not None,
        "language_hint": message.details.get("language_hint", ""),
        "question": _last_question(message),
        "pending": _pending(message),
        **partners.handover().facts(message),
    }


def _pending(message: Message) -> str:
    """Return the first option of our very last message, '' where that asked nothing.

    On the way to a person it carries what was chosen so far (actions.handover.state).
    """
    latest = next(iter(recent(message)), None)
    options = latest.details["options"] if latest else []
    return str(options[0]["payload"]) if options else ""


def _last_question(message: Message) -> str:
    """Return the words that we answered last with a card, or with a question of ours.

    They stand sealed in the database only; Redis holds no texts.
    """
    asked: Message | None = None
    for sent in recent(message):
        if sent.kind == "card" and asked is None:
            asked = sent
        if sent.kind not in ("ask_country", "ask_stage"):
            break
        asked = sent
    return asked.reply_to.text if asked and asked.reply_to else ""


def _notice(message: Message, kind: InboundKind) -> Answer:
    """Say once what to do instead: an album of photos comes as a message for each of them."""
    since = timezone.now() - NOTICE_STANDS.get(kind, SOON)
    told = Message.objects.filter(
        contact_id=message.contact_id, kind="notice", reply_to__kind=kind.value
    )
    if told.filter(created_at__gt=since).exists():
        return NOTHING
    language = message.contact.language or _hint(message)
    return Answer((_phrase("notice", _NOTICES[kind], language),))


def fallback(message: Message) -> Reply:
    """Return the honest line for when no answer can be had: what works without us."""
    return _with_numbers("fallback", "fallback.away", message)


def limit_notice(message: Message, key: str) -> Reply:
    """Return what is said once when a person writes more than is answered one by one."""
    return _with_numbers("notice", key, message)


def _with_numbers(kind: str, key: str, message: Message) -> Reply:
    contact = message.contact
    language = contact.language or _hint(message)
    known = language if language in _phrases().languages else "en"
    numbers = emergency_numbers(contact) or _phrases().get("fallback.no_number", known)
    return Reply(kind=kind, text=_phrases().get(key, known, numbers=numbers), language=known)


def emergency_numbers(contact: Contact) -> str:
    """Return the emergency numbers where the person is, as far as we know it, else ''."""
    shelf = library()
    country = contact.country or next(
        (c.code for c in shelf.countries.values() if c.iso2 == contact.country_of_prefix), ""
    )
    found = shelf.directory(country, kinds=("emergency",)) if country in shelf.countries else []
    return ", ".join(entry.phone for entry in found if entry.phone)


@lru_cache(maxsize=1)
def library() -> Library:
    """Return the edition; the worker needs it only when Rasa is away."""
    return Library.load(environment().content_dir)


def _phrase(kind: str, key: str, language: str) -> Reply:
    known = language if language in _phrases().languages else "en"
    return Reply(kind=kind, text=_phrases().get(key, known), language=known)


def _phrases() -> Phrases:
    return phrases(environment().content_dir)


def _hint(message: Message) -> str:
    return str(message.details.get("language_hint", ""))


def _effects(*effects: Effect) -> tuple[Effect, ...]:
    return effects
