"""A review sheet to print: a card's texts beside their sources, with room to mark and to sign.

For a partner's lawyer who has a printer and no git. It loads nothing from anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from html import escape

from bot.library.edition import Edition
from bot.library.library import Library
from bot.library.model import Card, Contact, Source, Text

_HEADINGS = {
    "law": "What the law says",
    "who": "Who is covered",
    "do": "What you can do",
    "help": "Who can help",
    "care": "Take care (risks)",
}
_SENTENCE_END = re.compile(r"(?<=[.!?।።؟])\s+(?!\d)|(?<=。)")
"""A full stop before a figure is an abbreviation more often ("No. 8", "s. 12")."""
_RIGHT_TO_LEFT = ("ar",)
_LANGUAGE_NAMES = {
    "en": "English", "fr": "French", "es": "Spanish", "pt": "Portuguese", "ar": "Arabic",
    "zh": "Chinese", "ht": "Haitian Creole", "am": "Amharic", "ne": "Nepali",
}  # fmt: skip
_STYLE = """
@page { size: A4; margin: 16mm }
body { font: 11pt/1.45 sans-serif; color: #111; max-width: 190mm; margin: 8mm auto; padding: 0 4mm }
h1 { font-size: 17pt; margin: 0 0 2mm } h2 { font-size: 13pt; margin: 7mm 0 2mm }
table { border-collapse: collapse; width: 100% }
th, td { border: 1px solid #999; padding: 1.5mm 2mm; text-align: start; vertical-align: top }
th { background: #eee; font-weight: 600 }
.mark { width: 1mm; white-space: nowrap; font-size: 10pt } .note { width: 48mm }
.small { font-size: 9pt; color: #444; overflow-wrap: anywhere }
tr { break-inside: avoid } .sign th { width: 55mm } .sign td { height: 12mm }
.language { break-before: page }
"""


def html(edition: Edition, card: Card, today: date) -> str:
    """The sheet as one HTML page that needs no network: English first, each translation after."""
    country = edition.countries[card.country].name_in("en")
    stages = ", ".join(card.stages).replace("_", " ")
    parts = [
        "<!doctype html>",
        '<html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>Review sheet {escape(card.id)}</title><style>{_STYLE}</style></head><body>",
        f"<h1>Review sheet: {escape(card.texts['en'].title)}</h1>",
        (
            f"<p>Card <b>{escape(card.id)}</b>, {escape(country)}. Version <b>{card.version}</b>."
            f" Printed {today}. Now: <b>{escape(card.review.status)}</b>, review due"
            f" {card.review.due}. For people at these stages: {escape(stages)}.</p>"
        ),
        (
            "<p>Haki sends these words to migrants by SMS, WhatsApp and Telegram. Please mark"
            " every line: is it right in law today, for people without papers too, and safe to"
            " follow? What you strike out or change, we change; nothing is called reviewed"
            " without your name.</p>"
        ),
        *_sources(card),
        *_text(card.texts["en"]),
        *_contacts(edition, card),
        *_treaties(edition, card),
        *_signature(card),
    ]
    for language, text in card.texts.items():
        if language != "en":
            parts.append(f'<div class="language"><p class="small">{_origin(text)}</p>')
            parts.extend(_text(text))
            parts.append("</div>")
    parts.append("</body></html>")
    return "\n".join(parts) + "\n"


def _sources(card: Card) -> Iterator[str]:
    yield "<h2>Sources</h2><table><tr><th>Instrument, provision</th><th>Read where and when</th>"
    yield '<th>How sure we are</th><th class="note">Still in force? Better source?</th></tr>'
    for source in card.sources:
        yield f"<tr><td>{escape(_cited(source))}</td>"
        yield f'<td class="small">{escape(source.url)}<br>{escape(source.read_at)}'
        yield f"<br>{escape(source.read_on)}</td><td>{escape(source.confidence)}</td><td></td></tr>"
    yield "</table>"


def _cited(source: Source) -> str:
    cited = ", ".join(part for part in (source.instrument, source.provision) if part)
    return f"{cited} ({source.year})" if source.year else cited


def _text(text: Text) -> Iterator[str]:
    direction = "rtl" if text.language in _RIGHT_TO_LEFT else "ltr"
    name = _LANGUAGE_NAMES[text.language]
    yield f"<h2>{name}: what is sent <span class='small'>text {text.version}</span></h2>"
    yield '<table><tr><th>Text</th><th class="mark">Mark one</th><th class="note">Change</th></tr>'
    yield from _line("SMS", text.sms, text.language, direction)
    for section, body in text.sections.items():
        yield f'<tr><th colspan="3">{_HEADINGS[section]}</th></tr>'
        for line in _claims(body):
            yield from _line("", line, text.language, direction)
    yield "</table>"


def _line(label: str, line: str, language: str, direction: str) -> Iterator[str]:
    shown = f"<b>{label}.</b> " if label else ""
    yield f'<tr><td>{shown}<span lang="{language}" dir="{direction}">{escape(line)}</span></td>'
    yield '<td class="mark">&#9744; right &#9744; wrong &#9744; unsure</td><td></td></tr>'


def _claims(body: str) -> list[str]:
    """One line for each bullet and each sentence of a paragraph: what can be marked on its own."""
    lines = []
    for block in re.split(r"\n\s*\n|\n(?=- )", body):
        joined = " ".join(block.split())
        if joined.startswith("- "):
            lines.append(joined.removeprefix("- "))
        else:
            lines += [line for line in _SENTENCE_END.split(joined) if line]
    return lines


def _contacts(edition: Edition, card: Card) -> Iterator[str]:
    contacts = Library(edition).contacts(card)
    yield "<h2>Who is named as help</h2>"
    yield "<table><tr><th>Name</th><th>Reached at</th><th>Number vouched for</th>"
    yield '<th class="mark">Mark one</th><th class="note">Change</th></tr>'
    for contact in contacts:
        yield f"<tr><td>{escape(contact.name_in('en'))}</td><td>{escape(_reached(contact))}</td>"
        yield f"<td>{escape(contact.verified)}, {escape(contact.confidence)}</td>"
        yield '<td class="mark">&#9744; works &#9744; wrong</td><td></td></tr>'
    yield "</table>"


def _reached(contact: Contact) -> str:
    whatsapp = f"WhatsApp {contact.whatsapp}" if contact.whatsapp else ""
    return "; ".join(way for way in (contact.phone, whatsapp, contact.url) if way) or "no number"


def _treaties(edition: Edition, card: Card) -> Iterator[str]:
    view = edition.treaties.view(card.country, card.topic)
    if not view.binding:
        return
    yield "<h2>Treaties that bind the country on this topic</h2><ul>"
    for backing in view.binding:
        known = backing.commitment
        if known is not None:
            since = f" since {known.since}" if known.since else ""
            limits = f" Reservation: {known.reservations}" if known.reservations else ""
            cited = f"{backing.name}, {backing.provision}" if backing.provision else backing.name
            line = f"{cited}: party{since} ({known.confidence}, as of {known.as_of}).{limits}"
            yield f"<li>{escape(line)}</li>"
    yield "</ul>"


def _signature(card: Card) -> Iterator[str]:
    yield "<h2>Sign-off</h2>"
    yield f"<p>I have read version <b>{card.version}</b> of this card.</p>"
    yield "<p>&#9744; Right as it stands. &#9744; Right with the changes marked."
    yield " &#9744; Must not be sent.</p>"
    yield '<table class="sign"><tr><th>Name, organisation</th><td></td></tr>'
    yield "<tr><th>Qualified where, as what</th><td></td></tr>"
    yield "<tr><th>I vouch for it until</th><td></td></tr>"
    yield "<tr><th>Day, signature</th><td></td></tr></table>"


def _origin(text: Text) -> str:
    state = "made from an older English text" if text.stale else "made from this English text"
    return (
        f"Translation ({escape(text.status)}), {state}. To be read by a speaker of"
        f" {_LANGUAGE_NAMES[text.language]}; the law was marked on the English pages."
    )
