"""A reply laid out for one channel: text, options and their style within the channel's limits.

Limits: Twilio Content API (quick reply: 3 buttons of 20 characters; list picker: 10 items of 24;
body 1,024; https://www.twilio.com/docs/content), Twilio bodies 1,600 characters, Telegram texts
4,096 UTF-16 units (https://core.telegram.org/bots/api#sendmessage).
"""

from collections.abc import Sequence

from bot.channels.names import Channel
from bot.channels.outgoing import Bubble, Option, Reply, Style
from bot.channels.segments import (
    MAX_BODY_UNITS,
    graphemes,
    measure,
    reduce_to_gsm7,
    split_for_sms,
)

BUTTONS, BUTTON_TITLE = 3, 20
LIST_ITEMS, LIST_ITEM = 10, 24
INTERACTIVE_BODY = 1024
TELEGRAM_TEXT = 4096
# Twilio advises short bodies; ten segments stay below its 1,600 characters in both alphabets.
SMS_SEGMENTS = 10
_LOOK_ALIKES = str.maketrans("*_~`", "∗‗∼'")


def utf16_units(text: str) -> int:
    """Return the length that Telegram and Twilio count."""
    return len(text.encode("utf-16-le")) // 2


def lay_out(reply: Reply, channel: Channel) -> list[Bubble]:
    """Return the messages that show `reply` on `channel`, in order; options go with the last."""
    if channel is Channel.SMS:
        return _sms(reply)
    if channel is Channel.WHATSAPP:
        return _whatsapp(reply)
    return _telegram(reply)


def sms_segments(text: str, options: Sequence[Option], language: str) -> int:
    """Return how many segments an SMS of `text` takes with those options that must stay."""
    needed = [option for option in options if not option.optional]
    return measure(_sms_text(text, needed, language)).segments


def shortened(reply: Reply, segments: int, more: Option) -> Bubble:
    """Return the beginning of `reply` as one SMS of at most `segments`, with `more` behind it.

    Options that are optional are dropped. What does not fit is the bubble's `rest`; a reply that
    fits as it is has none. Cuts at the end of a sentence, and inside one only if it is too long.
    """
    text = reduce_to_gsm7(reply.sms or reply.text, reply.language)
    needed = tuple(option for option in reply.options if not option.optional)
    whole = _sms_text(text, needed, reply.language)
    if not text or measure(whole).segments <= segments:
        style = Style.NUMBERED if needed else Style.PLAIN
        return Bubble(whole, style, needed, measure(whole).segments)
    head, rest = _beginning(text, segments, more, reply.language)
    said = _sms_text(head, (more,), reply.language)
    return Bubble(
        said,
        Style.NUMBERED,
        (more,),
        measure(said).segments,
        rest=rest,
        rest_options=needed,
    )


def _beginning(text: str, segments: int, more: Option, language: str) -> tuple[str, str]:
    """Return as much of `text` as fits with `more`, and the rest, '' when only the menu is left."""
    pieces = split_for_sms(text, 1)
    taken = ""
    while pieces:
        candidate = f"{taken} {pieces[0]}" if taken else pieces[0]
        if taken and measure(_sms_text(candidate, (more,), language)).segments > segments:
            break
        taken = candidate
        pieces.pop(0)
    return taken, " ".join(pieces)


def numbered(text: str, titles: Sequence[str]) -> str:
    """Return `text` followed by the options as `1 Title` lines."""
    lines = [f"{number} {title}" for number, title in enumerate(titles, 1)]
    return "\n".join([text, *lines]) if text else "\n".join(lines)


def _sms(reply: Reply) -> list[Bubble]:
    text = reply.sms or reply.text
    options = _cheapest_options(text, reply)
    whole = _sms_text(text, options, reply.language)
    pieces = split_for_sms(whole, SMS_SEGMENTS)
    bubbles = [Bubble(piece, segments=measure(piece).segments) for piece in pieces]
    if options:
        last = bubbles[-1]
        bubbles[-1] = Bubble(last.text, Style.NUMBERED, options, last.segments)
    return bubbles


def _sms_text(text: str, options: Sequence[Option], language: str) -> str:
    titles = [option.short or option.title for option in options]
    return reduce_to_gsm7(numbered(text, titles), language)


def _cheapest_options(text: str, reply: Reply) -> tuple[Option, ...]:
    """Leave the optional options out where that saves a segment."""
    needed = tuple(option for option in reply.options if not option.optional)
    if needed == reply.options:
        return needed
    with_all = measure(_sms_text(text, reply.options, reply.language)).segments
    without = measure(_sms_text(text, needed, reply.language)).segments
    return needed if without < with_all else reply.options


def _whatsapp(reply: Reply) -> list[Bubble]:
    text = _without_marks(reply.text)
    style = _whatsapp_style(reply.options)
    if style is Style.NUMBERED:
        text = numbered(text, [option.title for option in reply.options])
    limit = MAX_BODY_UNITS if style in (Style.PLAIN, Style.NUMBERED) else INTERACTIVE_BODY
    return _cut(text, limit, style, reply)


def _whatsapp_style(options: Sequence[Option]) -> Style:
    if not options:
        return Style.PLAIN
    longest = max(utf16_units(option.title) for option in options)
    if len(options) <= BUTTONS and longest <= BUTTON_TITLE:
        return Style.BUTTONS
    if len(options) <= LIST_ITEMS and longest <= LIST_ITEM:
        return Style.LIST
    return Style.NUMBERED


def _without_marks(text: str) -> str:
    """Keep WhatsApp from reading `*`, `_`, `~` and backticks in a text as styling.

    It offers no escape; look-alikes that every phone shows take their place.
    """
    return text.translate(_LOOK_ALIKES)


def _telegram(reply: Reply) -> list[Bubble]:
    style = Style.BUTTONS if reply.options else Style.PLAIN
    return _cut(reply.text, TELEGRAM_TEXT, style, reply)


def _cut(text: str, limit: int, style: Style, reply: Reply) -> list[Bubble]:
    """Cut `text` into bubbles of at most `limit` UTF-16 units, at paragraphs where possible."""
    pieces: list[str] = []
    current = ""
    for paragraph in text.split("\n"):
        candidate = f"{current}\n{paragraph}" if current else paragraph
        if utf16_units(candidate) <= limit:
            current = candidate
            continue
        if current:
            pieces.append(current)
        *full, current = _hard_cut(paragraph, limit)
        pieces.extend(full)
    pieces.append(current)
    bubbles = [Bubble(piece.strip()) for piece in pieces if piece.strip()]
    if not bubbles:
        return []
    last = bubbles[-1].text
    bubbles[-1] = Bubble(last, style, reply.options, list_label=reply.list_label)
    return bubbles


def _hard_cut(paragraph: str, limit: int) -> list[str]:
    """Cut one paragraph at spaces, or inside a word that is longer than `limit` on its own."""
    pieces, current = [], ""
    for word in _words(paragraph, limit):
        if utf16_units(current + word) > limit:
            pieces.append(current.rstrip())
            current = word.lstrip()
        else:
            current += word
    return [*pieces, current]


def _words(paragraph: str, limit: int) -> list[str]:
    words: list[str] = []
    for part in paragraph.split(" "):
        spaced = f" {part}" if words else part
        if utf16_units(spaced) <= limit:
            words.append(spaced)
        else:
            words.extend(graphemes(spaced))
    return words
