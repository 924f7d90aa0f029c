"""Opening a case: consent, safety plan, and what the person agreed to show."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.utils import timezone

from bot.handover.routing import Need, Reason, choose
from bot.messaging.models import Contact, Direction, Message, State
from console.cases.events import publish
from console.cases.lines import say
from console.handover import candidates, safety, targets
from console.models import (
    Case,
    CaseEntry,
    Consent,
    EntryKind,
    Organisation,
    Share,
    Status,
    Urgency,
)

URGENCIES = {"danger": Urgency.DANGER, "high": Urgency.HIGH, "normal": Urgency.NORMAL}
# Of a conversation at most so many of the latest messages are shown.
MOST = 200
# Our own questions on the way to a person are not shown. What a person wrote just before
# `ask_consent` or `case_opened` answers such a question and may hold a name or a code word; before
# `offer_human` it is their own words, "help me talk to someone, he locked me in" among them.
ASKING = frozenset({"ask_consent", "offer_human", "case_opened"})
AFTER_AN_ANSWER = frozenset({"ask_consent", "case_opened"})


class PartnerGone(Exception):
    """The organisation that the person agreed to cannot take the case any more.

    The turn is answered anew; the dialogue then sees who is there now, and asks again.
    """


def open_case(contact: Contact, effect: Mapping[str, Any]) -> None:
    """Store consent, safety plan and case, with what the person agreed to show.

    Raises PartnerGone.
    """
    need = Need(
        country=str(effect.get("country", "")),
        origin=str(effect.get("origin", "")),
        topic=str(effect.get("topic", "")),
        language=str(effect.get("language", "")),
        danger=effect.get("urgency") == "danger",
    )
    organisation, reason = _still_there(int(effect["partner"]), need)
    safety.plan(contact, effect)
    case = _store(contact, organisation, need, reason, effect)
    consent(contact, organisation, effect, case=case)
    say(case, "opened", share=case.share)
    share(case, contact, str(effect.get("question", "")), str(effect.get("code_word", "")))
    contact.refresh_from_db(fields=["holder"])
    publish(organisation.pk, case.public_id, "opened")


def _still_there(organisation_id: int, need: Need) -> tuple[Organisation, Reason]:
    """Return the organisation and why it fits. Raises PartnerGone.

    Its row is locked, so that of two people the second finds it full. Languages were looked at
    when it was offered: it may be asked in a second language of the person.
    """
    organisation = Organisation.objects.select_for_update().filter(pk=organisation_id).first()
    found = candidates.read(organisation_id) if organisation else ()
    spoken = found[0].languages if found else ()
    choice = choose(replace(need, also_languages=spoken), found, timezone.now())
    if organisation is None or choice is None:
        candidates.forget()
        raise PartnerGone(f"organisation {organisation_id}")
    return organisation, choice.reason


def _store(
    contact: Contact,
    organisation: Organisation,
    need: Need,
    reason: Reason,
    effect: Mapping[str, Any],
) -> Case:
    now = timezone.now()
    urgency = URGENCIES[str(effect.get("urgency", "normal"))]
    return Case.objects.create(
        contact=contact,
        organisation=organisation,
        urgency=urgency,
        topic=need.topic,
        country=need.country,
        origin=need.origin,
        stage=str(effect.get("stage", "")),
        language=need.language,
        channel=contact.channel,
        share=Share(str(effect["share"])),
        called_by=str(effect.get("called_by", ""))[:80],
        routing=reason.to_dict(),
        sensitive=need.sensitive,
        opened_at=now,
        waiting_since=now,
        first_reply_due=targets.due(organisation, urgency, now),
    )


def consent(
    contact: Contact,
    organisation: Organisation,
    effect: Mapping[str, Any],
    case: Case | None = None,
    answer: bool = True,
) -> Consent:
    """Record what was answered, in which words and language."""
    return Consent.objects.create(
        contact=contact,
        organisation=organisation,
        case=case,
        answer=answer,
        share=Share(str(effect["share"])),
        language=str(effect["language"]),
        wording=str(effect["wording"]),
        wording_version=str(effect["wording_version"])[:12],
    )


def refuse_case(contact: Contact, effect: Mapping[str, Any]) -> None:
    """Record a no. It opens nothing and tells the organisation nothing of what was said."""
    organisation = Organisation.objects.filter(pk=int(effect["partner"])).first()
    if organisation is not None:
        chosen = str(effect.get("share") or Share.QUESTION)
        told = {**effect, "share": chosen if chosen in Share.values else Share.QUESTION}
        consent(contact, organisation, told, answer=False)


def share(case: Case, contact: Contact, question: str = "", code_word: str = "") -> None:
    """Copy into the case what its `share` names, and nothing else."""
    said = _before_the_case(contact, code_word)
    rows: list[CaseEntry | None]
    if case.share == Share.CONVERSATION:
        rows = [_entry(case, message) for message in said[-MOST:]]
    elif case.share == Share.SUMMARY:
        rows = [_last_card(case, said)]
    else:
        rows = [_question(case, said, question)]
    CaseEntry.objects.bulk_create([row for row in rows if row is not None])


def _before_the_case(contact: Contact, code_word: str) -> list[Message]:
    """Return what was said, oldest first, without the questions on the way to a person and the
    answers to them."""
    newest = contact.messages.order_by("-id")[: MOST * 2]
    messages = sorted(newest, key=lambda message: message.pk)
    kinds: dict[int | None, set[str]] = {}
    for message in messages:
        if message.direction == Direction.OUTBOUND:
            kinds.setdefault(message.reply_to_id, set()).add(message.kind)
    asked = {inbound for inbound, sent in kinds.items() if sent & ASKING}
    answers = {inbound for inbound, sent in kinds.items() if sent & AFTER_AN_ANSWER}
    return [
        message
        for message in messages
        if _to_show(message, asked, answers) and not safety.same(message.text, code_word)
    ]


def _to_show(message: Message, asked: Iterable[int | None], answers: Iterable[int | None]) -> bool:
    if message.direction == Direction.OUTBOUND:
        return message.reply_to_id not in asked
    # What is not answered yet is the yes itself, or comes into the case by itself next.
    answered = message.state != State.RECEIVED
    return answered and message.pk not in answers and message.kind == "text"


def _entry(case: Case, message: Message) -> CaseEntry:
    return CaseEntry(
        case=case,
        organisation_id=case.organisation_id,
        kind=EntryKind.BOT,
        said_by_person=message.direction == Direction.INBOUND,
        text=message.text,
        card=message.card,
        created_at=message.created_at,
    )


def _last_card(case: Case, said: list[Message]) -> CaseEntry | None:
    """Which card the person read last: its name, not their words."""
    read = [message for message in said if message.card]
    if not read:
        return None
    entry = _entry(case, read[-1])
    entry.text = ""
    return entry


def _question(case: Case, said: list[Message], question: str) -> CaseEntry | None:
    if question:
        return CaseEntry(
            case=case,
            organisation_id=case.organisation_id,
            kind=EntryKind.BOT,
            said_by_person=True,
            text=question,
        )
    asked = [message for message in said if message.direction == Direction.INBOUND]
    return _entry(case, asked[-1]) if asked else None


def unresolved(contact_id: UUID) -> Case | None:
    """Return the case in which an organisation holds the conversation, if there is one."""
    return (
        Case.objects.select_related("organisation")
        .filter(contact_id=contact_id)
        .exclude(status=Status.RESOLVED)
        .first()
    )
