"""What helps while writing: drafts, what a text costs and looks like, cards of the library."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import formats
from django.utils.translation import gettext as _

from bot.channels.layout import SMS_SEGMENTS, lay_out, utf16_units
from bot.channels.names import Channel
from bot.channels.outgoing import Reply
from bot.channels.segments import measure
from bot.library.model import INTERNATIONAL, Text
from bot.settings.environment import environment
from console.cases import access, composing, writing
from console.models import Case
from console.pages import profile, words
from console.pages.doors import WORKERS, Request, page

CARDS = 8


@dataclass(frozen=True)
class CardHit:
    """A card that may be put into a reply."""

    id: str
    title: str
    text: str
    country: str
    topic: str
    language: str
    language_name: str


def obstacle(case: Case) -> str:
    """Return why a reply would not go out now, as a sentence; '' if it would."""
    code = composing.obstacle(case)
    return str(words.OBSTACLES.get(code, code)) if code else ""


@dataclass(frozen=True)
class Measured:
    """What a text costs on a case's channel, and the messages that the phone will show."""

    sms: bool
    segments: int
    units: int
    encoding: str
    over: bool
    reduced: bool
    cost: str
    bubbles: list[str]


def measured(case: Case, text: str) -> Measured:
    """Measure `text` by the very functions that send it."""
    channel = Channel(case.channel)
    said = text.strip()
    bubbles = [
        one.text
        for one in lay_out(Reply(kind="case_reply", text=said, language=case.language), channel)
    ]
    parts = [measure(bubble) for bubble in bubbles]
    segments = sum(part.segments for part in parts)
    return Measured(
        sms=channel is Channel.SMS,
        segments=segments,
        units=sum(part.units for part in parts) if channel is Channel.SMS else utf16_units(said),
        encoding=parts[-1].encoding if parts else "",
        over=segments > SMS_SEGMENTS,
        reduced=channel is Channel.SMS and "".join(bubbles) != said and len(bubbles) == 1,
        cost=_cost(case, segments) if channel is Channel.SMS else "",
        bubbles=bubbles,
    )


def _cost(case: Case, segments: int) -> str:
    """Return the estimate with its currency, '' where the operator named no price."""
    amount = composing.cost(case, segments)
    if amount is None:
        return ""
    return f"{formats.number_format(amount)} {environment().sms_costs.currency}"


@page(WORKERS, ("POST",))
def draft(request: Request, public_id: str) -> HttpResponse:
    """Keep what somebody is writing."""
    me = request.membership
    case = access.find(me, public_id)
    is_note = request.POST.get("as") == "note"
    writing.save_draft(me, case, request.POST.get("text", "")[:4000], is_note)
    return HttpResponse(_("Draft kept"))


@page(WORKERS, ("POST",))
def preview(request: Request, public_id: str) -> HttpResponse:
    """Return what the text costs and how the phone shows it. POST: it never stands in a log."""
    case = access.find(request.membership, public_id)
    text = request.POST.get("text", "")[:4000]
    context = {
        "case": profile.head(case),
        "measure": measured(case, text) if text.strip() else None,
    }
    return render(request, "console/parts/measure.html", context)


@page(WORKERS)
def cards(request: Request, public_id: str) -> HttpResponse:
    """Return cards that fit the words, or without words the case's topic and country."""
    case = access.find(request.membership, public_id)
    asked = request.GET.get("card_words", "").strip()
    library = words.library()
    if asked:
        near = {case.country, case.origin, INTERNATIONAL}
        found = [hit.card for hit in library.search(asked, limit=4 * CARDS)]
        # Law of another country misleads: the person's countries first, the order kept otherwise.
        found = sorted(found, key=lambda card: card.country not in near)[:CARDS]
    else:
        found = [
            hit.card
            for hit in library.find(
                topic=case.topic or None,
                country=case.country or None,
                origin=case.origin or None,
                stage=case.stage or None,
                language=case.language or "en",
                limit=CARDS,
            )
        ]
    hits = []
    for card in found:
        language, text = card.text_for([case.language])
        hits.append(
            CardHit(
                id=card.id,
                title=text.title,
                text=_body(text, case.channel),
                country=words.country(card.country),
                topic=words.topic(card.topic),
                language=language,
                language_name=words.language(language),
            )
        )
    context: dict[str, Any] = {"hits": hits, "case": profile.head(case)}
    return render(request, "console/parts/cards.html", context)


def _body(text: Text, channel: str) -> str:
    """Return what to insert: by SMS the short text; elsewhere what to do and the risks too."""
    if channel == Channel.SMS:
        return text.sms
    parts = [text.sections.get(name, "") for name in ("law", "do", "care")]
    return "\n\n".join([text.title, *(part for part in parts if part)])
