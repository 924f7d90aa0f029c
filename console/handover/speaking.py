"""Who answers a person: their partner organisation, the bot, or nobody for now."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from bot.channels.incoming import InboundKind
from bot.channels.outgoing import Reply, read_tap_token
from bot.dialogue.client import Answer, RasaFailed
from bot.messaging import answering
from bot.messaging.effects import Effect
from bot.messaging.models import Contact, Holder, Message
from bot.messaging.partners import Ordinary
from bot.understanding import choices, danger, reserved, small_talk
from console.cases.events import publish
from console.handover import commands, phrasing, safety
from console.handover.candidates import candidates
from console.handover.situation import Situation, read, situation
from console.models import CaseEntry

# Reserved words that act whoever holds the conversation.
_ALWAYS = ("stop", "start", "delete_data")
_LINES = {"stop": "opted_out", "start": "opted_in", "delete_data": "erasing"}
_EMERGENCY = "emergency"


class CaseHandover:
    """What bot.messaging asks before the bot speaks (bot.messaging.partners.Handover)."""

    def answer(self, message: Message, texts: Sequence[str], ordinary: Ordinary) -> Answer:
        """Return the answer to a turn."""
        known = situation(message)
        if message.kind == InboundKind.TEXT and safety.same(message.text, known.code_word):
            return _code_word(message, known)
        if known.hidden:
            return _while_hidden(message, texts, ordinary, known)
        payload = _chosen(message)
        own = commands.answer(message, payload, known) if payload else None
        if own is not None:
            return own
        if known.open:
            return _while_partner(message, texts, ordinary, known, payload)
        if known.may_reopen:
            return _after_closing(message, texts, ordinary, known, payload)
        return ordinary()

    def unsaid(self, message: Message, texts: Sequence[str]) -> Answer:
        """Words before a STOP still reach the partner who holds the conversation."""
        known = situation(message)
        return Answer((), (_words(message, texts),) if known.open else ())

    def facts(self, message: Message) -> Mapping[str, Any]:
        """Return who could take a case, and how the person stands with partners."""
        known = situation(message)
        hours = None
        if known.resolved_at is not None:
            hours = round((timezone.now() - known.resolved_at).total_seconds() / 3600, 1)
        return {
            "partners": [partner.to_dict() for partner in candidates()],
            "handover": {
                "holder": message.contact.holder,
                "case_open": known.open,
                "partner": known.partner,
                "last_resolved_hours": hours,
                "safety": known.has_plan,
                "code_word": bool(known.code_word),
                "called_by": known.called_by,
            },
        }

    def keeps_silent(self, contact: Contact, waiting: Sequence[Message]) -> bool:
        """Nothing goes out when they have just said that somebody is looking."""
        texts = [message.text for message in waiting if message.kind == InboundKind.TEXT]
        if contact.holder == Holder.NOBODY or not texts:
            return contact.holder == Holder.NOBODY
        word = read(contact).code_word
        return any(safety.same(text, word) for text in texts)

    def moved(self, messages: QuerySet[Message]) -> None:
        """Pages that show one of these messages get its new ticks."""
        carried = CaseEntry.objects.filter(message__in=messages)
        for organisation, case in carried.values_list("organisation_id", "case__public_id"):
            publish(organisation, case, "delivery")


def _code_word(message: Message, known: Situation) -> Answer:
    """Said once: silence, without any word of ours. Said again: we are back."""
    if known.hidden:
        back = phrasing.say("notice", "case.back", message.contact.language)
        return Answer((back,), ({"do": "case_back"},))
    return Answer((), ({"do": "case_hide"},))


def _while_hidden(
    message: Message, texts: Sequence[str], ordinary: Ordinary, known: Situation
) -> Answer:
    """Whoever holds the phone learns nothing. START brings us back, STOP and DELETE act without a
    word."""
    found = _reserved(message)
    if found == "start":
        started = ordinary()
        return Answer(started.replies, (*started.effects, {"do": "case_back"}))
    if found == "stop":
        return Answer((), ordinary().effects)
    if found == "delete_data":
        # A right that silence does not end; as nothing may be said, it is not asked.
        return Answer((), ({"do": "erase"},))
    if message.kind != InboundKind.TEXT or not known.open:
        return Answer((), _media(message, known))
    return Answer((), (_words(message, texts, _listed(message, texts)),))


def _while_partner(
    message: Message,
    texts: Sequence[str],
    ordinary: Ordinary,
    known: Situation,
    payload: str | None,
) -> Answer:
    """The bot is silent but for reserved words and danger; words go to the case."""
    if message.kind not in (InboundKind.TEXT, InboundKind.TAP):
        usual = ordinary()
        return Answer(usual.replies, (*usual.effects, *_media(message, known)))
    found = reserved.find(message.text) if message.kind == InboundKind.TEXT else None
    if found is not None:
        return _reserved_word(message, ordinary, known, found)
    if payload is not None and payload.startswith("/delete_data"):
        return ordinary()
    if message.kind == InboundKind.TAP:
        return Answer((_where(message, known),))
    return _to_the_case(message, texts, ordinary, "case_words")


def _reserved_word(
    message: Message, ordinary: Ordinary, known: Situation, found: reserved.Reserved
) -> Answer:
    if found.act in _ALWAYS:
        usual = ordinary()
        told: Effect = {"do": "case_line", "what": _LINES[found.act]}
        return Answer(usual.replies, (*usual.effects, told))
    if message.contact.opted_out_at:
        return Answer(())
    if found.act == reserved.LANGUAGE_CHANGE and found.language:
        params = {"language": found.language}
        line: Effect = {"do": "case_line", "what": "language", "params": params}
        where = phrasing.with_partner(known.partner, found.language)
        return Answer((where,), ({"do": "profile", "language": found.language}, line))
    return Answer((_where(message, known),))


def _where(message: Message, known: Situation) -> Reply:
    return phrasing.with_partner(known.partner, message.contact.language)


def _after_closing(
    message: Message,
    texts: Sequence[str],
    ordinary: Ordinary,
    known: Situation,
    payload: str | None,
) -> Answer:
    """Own words within 72 hours open the case again; whoever asks for the bot gets the bot."""
    if message.kind not in (InboundKind.TEXT, InboundKind.TAP):
        return ordinary()
    found = _reserved(message)
    if found in _ALWAYS or message.contact.opted_out_at:
        return ordinary()
    if found is not None or payload is not None or message.kind == InboundKind.TAP:
        usual = ordinary()
        return Answer(usual.replies, (*usual.effects, {"do": "case_left"}))
    if len(texts) == 1 and small_talk.match(message.text) in ("thanks", "bye", "affirm"):
        return Answer((), (_words(message, texts, do="case_thanks", case=known.case_id),))
    again = phrasing.say(
        "case_opened", "case.reopened", message.contact.language, partner=known.partner
    )
    taken = _to_the_case(message, texts, ordinary, "case_reopen", case=known.case_id)
    return Answer((*taken.replies, again), taken.effects)


def _to_the_case(
    message: Message, texts: Sequence[str], ordinary: Ordinary, do: str, **more: Any
) -> Answer:
    """Hand the words on; in danger the emergency contacts go out as well."""
    replies, kind = _emergency(message, texts, ordinary)
    return Answer(replies, (_words(message, texts, kind, do=do, **more),))


def _emergency(
    message: Message, texts: Sequence[str], ordinary: Ordinary
) -> tuple[tuple[Reply, ...], str]:
    """Return the emergency contacts and the kind of danger that the words tell of, if any.

    The dialogue judges, as everywhere; what else it would say is left unsaid. When it is away
    the lists alone judge, and the person gets the numbers.
    """
    try:
        usual = ordinary()
    except RasaFailed:
        listed = _listed(message, texts)
        away = not message.contact.opted_out_at and bool(listed)
        return ((answering.fallback(message),) if away else (), listed)
    found = tuple(replace(r, options=()) for r in usual.replies if r.kind == _EMERGENCY)
    if not found and not message.contact.opted_out_at:
        return (), ""
    return found, _listed(message, texts) or (_EMERGENCY if found else "")


def _listed(message: Message, texts: Sequence[str]) -> str:
    """Return the danger that the lists alone see, '' for none."""
    seen = danger.read(" ".join(texts), message.contact.language or "en")
    sure = seen.cues and (seen.now or not seen.context)
    return seen.cues[0][0] if sure else ""


def _words(
    message: Message, texts: Sequence[str], kind: str = "", do: str = "case_words", **more: Any
) -> Effect:
    return {"do": do, "texts": list(texts), "message": message.pk, "danger": kind, **more}


def _media(message: Message, known: Situation) -> tuple[Effect, ...]:
    """A line that something came which is not kept: a voice note, a photo."""
    if not known.open or message.kind in (InboundKind.TEXT, InboundKind.TAP):
        return ()
    return ({"do": "case_line", "what": "media", "params": {"kind": message.kind}},)


def _reserved(message: Message) -> str | None:
    return reserved.match(message.text) if message.kind == InboundKind.TEXT else None


def _chosen(message: Message) -> str | None:
    """Return what a tap means, or a number that answers our very last message.

    An older menu does not count: "1" may answer a question of the case worker.
    """
    if read_tap_token(message.details.get("tap", "")) is not None:
        return answering.choice(message)
    latest = next(iter(answering.recent(message)), None)
    if message.kind != InboundKind.TEXT or latest is None or not latest.details["options"]:
        return None
    options = latest.details["options"]
    for titles in ("title", "short"):
        index = choices.resolve(
            message.text, [option[titles] or option["title"] for option in options]
        )
        if index is not None:
            return str(options[index]["payload"])
    return None
