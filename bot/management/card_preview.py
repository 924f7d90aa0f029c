"""A card as each of the three phones shows it, through the code that answers people."""

from dataclasses import dataclass
from html import escape

from actions.card_replies import first_answer, helpers, part
from actions.turn import Turn
from bot.channels.layout import lay_out
from bot.channels.names import Channel
from bot.channels.outgoing import Bubble, Reply
from bot.channels.segments import measure
from bot.library import Card

_PHONE_WIDTH = 40
_MOST_PARTS = 12
_RIGHT_TO_LEFT = ("ar",)
_STYLE = """
body { font: 15px/1.4 sans-serif; background: #f2f2ee; color: #111; margin: 16px }
h1 { font-size: 20px } .phones { display: flex; flex-wrap: wrap; gap: 20px; align-items: start }
.phone { width: 300px; border: 8px solid #222; border-radius: 26px; padding: 10px }
.phone h2 { font-size: 14px; margin: 0 0 8px; text-align: center }
.whatsapp { background: #e9e3da } .telegram { background: #dbe8ef }
.bubble { background: #fff; border: 1px solid #ccc; border-radius: 10px; padding: 8px 10px;
  margin: 0 0 4px; white-space: pre-wrap; overflow-wrap: anywhere }
.sms .bubble { background: #e8e8ea; border: 0 }
.option { text-align: center; background: #fff; border: 1px solid #bbb; border-radius: 8px;
  padding: 6px; margin: 0 0 4px; color: #0a5bb5 }
.cost { font-size: 12px; color: #555; margin: 0 0 12px }
"""


@dataclass(frozen=True)
class Shown:
    """One reply on one phone."""

    kind: str
    bubbles: tuple[Bubble, ...]


def conversation(card: Card, language: str, channel: Channel) -> list[Shown]:
    """What a person sees who gets the card, then asks for all the rest and for who can help."""
    turn = _turn(card, language, channel)
    replies: list[Reply] = [first_answer(turn, card)]
    for number in range(1, _MOST_PARTS):
        following = part(turn, card, number)
        if following is None:
            break
        replies.append(following)
    replies.append(helpers(turn, card))
    return [Shown(reply.kind, tuple(lay_out(reply, channel))) for reply in replies]


def terminal(card: Card, language: str, channels: list[Channel]) -> list[str]:
    """The phones one after the other, as lines."""
    lines = [f"{card.id} ({language}), version {card.version_of(card.text_for([language])[0])}"]
    for channel in channels:
        lines += ["", f"== {channel} =="]
        for shown in conversation(card, language, channel):
            for bubble in shown.bubbles:
                lines += _boxed(bubble, channel)
                lines.append(f"   {shown.kind}{_cost(bubble, channel)}")
    return lines


def page(card: Card, language: str) -> str:
    """The phones side by side, as an HTML page that needs no network."""
    direction = "rtl" if language in _RIGHT_TO_LEFT else "ltr"
    parts = [
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(card.id)} on three phones</title><style>{_STYLE}</style></head><body>",
        f"<h1>{escape(card.id)} ({language}), version {card.version}</h1>",
        '<div class="phones">',
    ]
    for channel in Channel:
        parts.append(f'<section class="phone {channel}"><h2>{channel}</h2>')
        for shown in conversation(card, language, channel):
            for bubble in shown.bubbles:
                parts.append(f'<div class="bubble" dir="{direction}">{escape(bubble.text)}</div>')
                if channel is not Channel.SMS:
                    parts += [
                        f'<div class="option" dir="{direction}">{escape(option.title)}</div>'
                        for option in bubble.options
                    ]
                parts.append(f'<p class="cost">{shown.kind}{_cost(bubble, channel)}</p>')
        parts.append("</section>")
    parts.append("</div></body></html>")
    return "\n".join(parts) + "\n"


def _turn(card: Card, language: str, channel: Channel) -> Turn:
    return Turn(
        channel=channel.value,
        text="",
        intent=card.topic,
        ranking=((card.topic, 1.0),),
        language=language,
        country=card.country,
        origin="",
        stage=card.stages[0],
        prefix="",
        welcomed=True,
    )


def _boxed(bubble: Bubble, channel: Channel) -> list[str]:
    lines = []
    for paragraph in bubble.text.split("\n"):
        lines += _wrapped(paragraph)
    boxed = [f" | {line}" for line in lines]
    if channel is not Channel.SMS:
        boxed += [f"   [ {option.title} ]" for option in bubble.options]
    return boxed


def _wrapped(paragraph: str) -> list[str]:
    lines, current = [], ""
    for word in paragraph.split(" "):
        if current and len(current) + len(word) + 1 > _PHONE_WIDTH:
            lines.append(current)
            current = word
        else:
            current = f"{current} {word}" if current else word
    return [*lines, current]


def _cost(bubble: Bubble, channel: Channel) -> str:
    if channel is not Channel.SMS:
        return ""
    cost = measure(bubble.text)
    return f", {cost.encoding}, {cost.units} units, {cost.segments} segments"
