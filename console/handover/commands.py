"""Buttons of a case, which the worker answers without the dialogue."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from bot.channels.outgoing import Reply
from bot.dialogue.client import Answer
from bot.library.phrases import phrases
from bot.messaging.models import Message
from bot.settings.environment import environment
from console.handover import ending, phrasing
from console.handover.situation import Situation
from console.models import Referral, ReferralState

REFERRAL_WORDING, EXPORT_WORDING = "case.refer_ask", "case.export_ask"
Parameters = Mapping[str, Any]


def answer(message: Message, payload: str, known: Situation) -> Answer | None:
    """Return the answer to one of our buttons, None for any other payload."""
    name, brace, rest = payload.partition("{")
    found = _COMMANDS.get(name)
    if found is None:
        return None
    parameters = json.loads(brace + rest) if brace else {}
    return found(message, parameters, known)


def _keep(message: Message, parameters: Parameters, known: Situation) -> Answer:
    if not known.open:
        return _thanks(message)
    return Answer((_say(message, "notice", "case.kept", partner=known.partner),))


def _end(message: Message, parameters: Parameters, known: Situation) -> Answer:
    if known.case_id is None:
        return _thanks(message)
    ended = _say(message, "notice", "case.ended", partner=known.partner)
    return Answer((ended,), ({"do": "withdraw_consent"},))


def _rate(message: Message, parameters: Parameters, known: Situation) -> Answer:
    effect = {
        "do": "case_rate",
        "case": str(parameters.get("case", "")),
        "rating": str(parameters.get("rating", "")),
    }
    return Answer(_thanks(message).replies, (effect,))


def _refer(message: Message, parameters: Parameters, known: Situation) -> Answer:
    referral = (
        Referral.objects.select_related("case", "from_organisation", "to_organisation")
        .filter(
            pk=str(parameters.get("referral", "0")),
            case__contact_id=message.contact_id,
            state=ReferralState.ASKED,
        )
        .first()
    )
    if referral is None:
        return _keep(message, parameters, known)
    yes = parameters.get("answer") == "yes"
    failed = yes and not ending.may_go(referral)
    key = "case.refer_failed" if failed else "case.refer_yes" if yes else "case.refer_no"
    names = {"partner": referral.from_organisation.name, "other": referral.to_organisation.name}
    effect = {
        "do": "case_refer",
        "referral": referral.pk,
        "answer": "yes" if yes else "no",
        "failed": failed,
        "language": phrasing.known_language(message.contact.language),
        "wording": REFERRAL_WORDING,
        "wording_version": _version(message, REFERRAL_WORDING),
    }
    kind = "case_opened" if yes and not failed else "notice"
    return Answer((_say(message, kind, key, **names),), (effect,))


def _export(message: Message, parameters: Parameters, known: Situation) -> Answer:
    if not known.open or parameters.get("case") != known.public_id:
        return _thanks(message)
    yes = parameters.get("answer") == "yes"
    key = "case.export_yes" if yes else "case.export_no"
    effect = {
        "do": "case_export",
        "case": known.public_id,
        "answer": "yes" if yes else "no",
        "language": phrasing.known_language(message.contact.language),
        "wording": EXPORT_WORDING,
        "wording_version": _version(message, EXPORT_WORDING),
    }
    return Answer((_say(message, "notice", key, partner=known.partner),), (effect,))


def _version(message: Message, wording: str) -> str:
    language = phrasing.known_language(message.contact.language)
    asked = phrases(environment().content_dir).template(wording, language)
    return hashlib.sha256(asked.encode()).hexdigest()[:12]


def _thanks(message: Message) -> Answer:
    return Answer((_say(message, "notice", "case.rated"),))


def _say(message: Message, kind: str, key: str, **values: str) -> Reply:
    return phrasing.say(kind, key, message.contact.language, (), **values)


_COMMANDS = {
    "/case_keep": _keep,
    "/case_end": _end,
    "/case_rate": _rate,
    "/case_refer": _refer,
    "/case_export": _export,
}
