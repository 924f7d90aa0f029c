"""What each role may do with a case, and the lines that it leaves."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from fontTools.ttLib import TTFont

from bot.channels.incoming import InboundKind
from bot.library.phrases import phrases
from bot.messaging.models import Contact
from bot.settings.environment import environment
from console import walls
from console.aliases import alias
from console.cases import (
    access,
    canned,
    closing,
    composing,
    errors,
    exporting,
    finding,
    owning,
    referring,
    timeline,
    writing,
)
from console.cases.fonts import fonts
from console.models import (
    AuditLine,
    Case,
    CaseEntry,
    Membership,
    Role,
    SafetyPlan,
    Status,
    Urgency,
)
from tests.cases.conftest import World, make_case, make_contact, make_member

pytestmark = pytest.mark.django_db

Service = Callable[[Membership, Case], Any]

CHANGES: dict[str, Service] = {
    "claim": owning.claim,
    "assign": lambda member, case: owning.assign(member, case, None),
    "reply": lambda member, case: writing.reply(member, case, "hello"),
    "note": lambda member, case: writing.note(member, case, "a note"),
    "mask": lambda member, case: writing.mask(member, CaseEntry(pk=1, case=case), 0, 1),
    "draft": lambda member, case: writing.save_draft(member, case, "half"),
    "snooze": lambda member, case: closing.snooze(
        member, case, timezone.now() + timedelta(hours=1)
    ),
    "wait": closing.wait,
    "put_back": closing.put_back,
    "resolve": closing.resolve,
    "reopen": closing.reopen,
    "refer": lambda member, case: referring.refer(member, case, make_organisation_outside(member)),
    "ask_export": exporting.ask,
    "export": exporting.as_json,
}


def make_organisation_outside(member: Membership) -> Any:
    return referring.partners(member).first()


@pytest.mark.parametrize("name", CHANGES)
def test_an_analyst_may_do_none_of_it(world: World, name: str) -> None:
    with walls.within(world.analyst), pytest.raises(errors.NotAllowed):
        CHANGES[name](world.analyst, world.case)


@pytest.mark.parametrize("name", CHANGES)
def test_another_organisation_reaches_nothing(world: World, name: str) -> None:
    before = (CaseEntry.objects.count(), AuditLine.objects.count(), world.case.status)
    with walls.within(world.stranger), pytest.raises(Exception):  # noqa: B017, PT011
        CHANGES[name](world.stranger, world.case)
    world.case.refresh_from_db()
    assert (CaseEntry.objects.count(), AuditLine.objects.count(), world.case.status) == before


@pytest.mark.parametrize("name", ["claim", "reply", "note", "snooze", "wait", "resolve", "refer"])
@pytest.mark.parametrize("who", ["worker", "coordinator"])
def test_who_answers_may_and_the_audit_knows(world: World, name: str, who: str) -> None:
    member: Membership = getattr(world, who)
    with walls.within(member):
        CHANGES[name](member, world.case)
    assert AuditLine.objects.filter(member=member, case=world.case.public_id).exists()


def test_a_case_of_others_does_not_exist(world: World) -> None:
    with walls.within(world.stranger), pytest.raises(errors.NoSuchCase):
        access.find(world.stranger, world.case.public_id)


def test_looking_is_noted_once(world: World) -> None:
    with walls.within(world.worker):
        access.view(world.worker, world.case)
        access.view(world.worker, world.case)
    assert AuditLine.objects.filter(what="viewed").count() == 1


def test_a_case_that_somebody_has_is_not_taken(world: World) -> None:
    with walls.within(world.coordinator):
        owning.claim(world.coordinator, world.case)
    with walls.within(world.worker), pytest.raises(errors.Taken):
        owning.claim(world.worker, world.case)


def test_an_untrained_member_gets_no_sensitive_case(world: World) -> None:
    novice = make_member(world.north, trained_for_sensitive=False)
    Case.objects.update(sensitive=True)
    world.case.refresh_from_db()

    with walls.within(novice):
        assert finding.folders(novice)["open"] == 0
        with pytest.raises(errors.NoSuchCase):
            access.find(novice, world.case.public_id)
    with walls.within(world.coordinator), pytest.raises(errors.NotAllowed):
        owning.assign(world.coordinator, world.case, novice)


def test_a_case_goes_to_no_analyst_and_no_stranger(world: World) -> None:
    for other in (world.analyst, world.stranger):
        with walls.within(world.worker), pytest.raises(errors.NotAllowed):
            owning.assign(world.worker, world.case, other)


@pytest.mark.parametrize(
    ("text", "problem"), [("  ", errors.Empty), ("long " * 500, errors.TooLong)]
)
def test_what_cannot_be_sent_is_refused_before(
    world: World, text: str, problem: type[Exception]
) -> None:
    with walls.within(world.worker), pytest.raises(problem):
        writing.reply(world.worker, world.case, text)
    assert not CaseEntry.objects.filter(kind="reply").exists()


def test_reply_and_close_in_one_touch(world: World) -> None:
    with walls.within(world.worker):
        writing.reply(world.worker, world.case, "Call 999.", resolve=True)
    world.case.refresh_from_db()

    assert (world.case.status, world.case.one_touch) == ("resolved", True)
    with walls.within(world.worker), pytest.raises(errors.CaseClosed):
        writing.reply(world.worker, world.case, "And more")


def test_blotted_letters_are_gone_and_the_audit_says_who(world: World) -> None:
    entry = world.case.entries.get()
    with walls.within(world.worker):
        writing.mask(world.worker, entry, 3, 4)
    entry.refresh_from_db()

    assert entry.text == "my ████ does not pay"
    assert entry.masks[0]["member"] == world.worker.pk
    line = AuditLine.objects.get(what="masked")
    assert line.details == {"entry": entry.pk, "start": 3, "length": 4}


@pytest.mark.parametrize(("start", "length"), [(-1, 2), (0, 0), (19, 5)])
def test_a_span_outside_the_text_blots_nothing(world: World, start: int, length: int) -> None:
    with walls.within(world.worker), pytest.raises(errors.Empty):
        writing.mask(world.worker, world.case.entries.get(), start, length)


def test_a_note_may_mention_colleagues_only(world: World) -> None:
    with walls.within(world.worker):
        entry = writing.note(world.worker, world.case, "please look", [world.coordinator])
        assert entry.mentions == [world.coordinator.pk]
        with pytest.raises(errors.NotAllowed):
            writing.note(world.worker, world.case, "please look", [world.stranger])


def test_a_draft_survives_and_is_ones_own(world: World) -> None:
    with walls.within(world.worker):
        writing.save_draft(world.worker, world.case, "half a sen")
        assert writing.draft_of(world.worker, world.case) == "half a sen"
    with walls.within(world.coordinator):
        assert writing.draft_of(world.coordinator, world.case) == ""
    with walls.within(world.worker):
        writing.reply(world.worker, world.case, "half a sentence")
        assert writing.draft_of(world.worker, world.case) == ""


def test_a_snooze_lies_in_the_near_future(world: World) -> None:
    for until in (timedelta(minutes=-1), timedelta(days=91)):
        with walls.within(world.worker), pytest.raises(errors.WrongTime):
            closing.snooze(world.worker, world.case, timezone.now() + until)


def test_a_case_is_reopened_within_three_days_only(world: World) -> None:
    with walls.within(world.worker):
        closing.resolve(world.worker, world.case)
        assert closing.reopen(world.worker, world.case).status == "open"
        closing.resolve(world.worker, world.case)
    Case.objects.update(reopens_until=timezone.now() - timedelta(seconds=1))
    with walls.within(world.worker), pytest.raises(errors.NotConsented):
        closing.reopen(world.worker, world.case)


def test_a_conversation_that_another_organisation_has_is_not_taken_back(world: World) -> None:
    with walls.within(world.worker):
        closing.resolve(world.worker, world.case)
    make_case(world.south, world.contact)
    with walls.within(world.worker), pytest.raises(errors.Taken):
        closing.reopen(world.worker, world.case)


def test_the_list_shows_the_urgent_first_then_the_longest_waiting(world: World) -> None:
    now = timezone.now()
    cases = {
        name: make_case(world.north, make_contact(), urgency=urgency, waiting_since=since)
        for name, urgency, since in (
            ("long", Urgency.NORMAL, now - timedelta(hours=9)),
            ("short", Urgency.NORMAL, now - timedelta(hours=1)),
            ("danger", Urgency.DANGER, now),
            ("answered", Urgency.NORMAL, None),
        )
    }
    world.case.delete()
    wanted = [cases[name] for name in ("danger", "long", "short", "answered")]

    with walls.within(world.worker):
        assert finding.listing(world.worker, "open") == wanted
        for place, case in enumerate(wanted):
            after = finding.listing(world.worker, "open", before=case.public_id)
            assert after == wanted[place + 1 :]


def test_folders_count_what_they_list(world: World) -> None:
    for status in Status:
        make_case(world.north, make_contact(), status=status, assignee=world.worker)
    make_case(world.south, make_contact())

    with walls.within(world.worker):
        counts = finding.folders(world.worker)
        listed = {name: len(finding.listing(world.worker, name)) for name in counts}
    assert counts == listed
    assert (counts["mine"], counts["open"], counts["resolved"]) == (3, 2, 1)


def test_closed_cases_go_on_from_page_to_page(world: World) -> None:
    now = timezone.now()
    cases = [
        make_case(
            world.north, make_contact(), status="resolved", resolved_at=now - timedelta(days=n)
        )
        for n in range(3)
    ]
    with walls.within(world.worker):
        assert finding.listing(world.worker, "resolved") == cases
        assert finding.listing(world.worker, "resolved", cases[0].public_id) == cases[1:]


def test_the_search_finds_alias_topic_id_and_ones_own_texts(world: World) -> None:
    owning_case = world.case
    Case.objects.update(assignee=world.worker)
    with walls.within(world.worker):
        for words in (alias(world.contact.pk), world.case.public_id, "wages open", "BOSS pay"):
            assert finding.search(world.worker, words) == [owning_case], words
        assert finding.search(world.worker, "passport") == []
        assert finding.search(world.worker, " ") == []
    with walls.within(world.coordinator):
        assert finding.search(world.coordinator, "boss") == []
    with walls.within(world.stranger):
        assert finding.search(world.stranger, "wages") == []


def test_a_page_knows_beforehand_why_a_reply_would_wait(world: World) -> None:
    plan = SafetyPlan.objects.create(contact=world.contact)

    def obstacle() -> str:
        with walls.within(world.worker):
            return composing.obstacle(access.find(world.worker, world.case.public_id))

    assert obstacle() == ""
    now = timezone.now()
    plan.hours_from = (now + timedelta(hours=2)).time()
    plan.hours_until = (now + timedelta(hours=3)).time()
    plan.save()
    assert obstacle() == "safe_hours"
    plan.hidden_since = now
    plan.save()
    assert obstacle() == "hidden"
    Contact.objects.update(opted_out_at=now)
    assert obstacle() == "opted_out"


def test_whatsapp_closes_its_window_after_a_day(world: World) -> None:
    yesterday = timezone.now() - timedelta(hours=25)
    contact = make_contact("whatsapp", country="", last_inbound_at=yesterday)
    case = make_case(world.north, contact)
    with walls.within(world.worker):
        assert composing.obstacle(case) == "window"


def test_a_file_is_made_only_with_the_persons_consent(world: World) -> None:
    with walls.within(world.worker), pytest.raises(errors.NotConsented):
        exporting.as_json(world.worker, world.case)


def test_the_file_holds_what_was_said_and_no_note_and_no_number(world: World) -> None:
    Case.objects.update(allows_export=True)
    world.case.refresh_from_db()
    with walls.within(world.worker):
        writing.note(world.worker, world.case, "internal")
        writing.mask(world.worker, world.case.entries.get(kind="inbound"), 3, 4)
        made = exporting.as_json(world.worker, world.case)
    told = json.loads(made)

    assert told["person"] == alias(world.contact.pk)
    assert told["timeline"][0]["text"] == "my ████ does not pay"
    assert told["consents"][0]["wording"] == "handover.ask"
    assert b"internal" not in made
    assert b"5550142" not in made
    assert AuditLine.objects.get(what="exported").details == {"form": "json"}


def test_the_pdf_holds_the_scripts_of_all_our_languages(world: World) -> None:
    Case.objects.update(allows_export=True)
    world.case.refresh_from_db()
    texts = ["रोक्नुहोस्, तलब", "ደመወዝ የለም", "راتبي لم يصل", "我的护照被拿走了", "ção è ñ █", "Mwen pè"]
    for text in texts:
        CaseEntry.objects.create(
            case=world.case, organisation=world.north, kind=InboundKind.TEXT, text=text
        )
    with walls.within(world.worker):
        made = exporting.as_pdf(world.worker, world.case)

    assert made.startswith(b"%PDF-")
    for name in (b"NotoSansArabic", b"NotoSansEthiopic", b"NotoSansDevanagari"):
        assert name in made


def test_every_letter_that_haki_writes_has_a_glyph() -> None:
    known = {letter for path in fonts().values() for letter in TTFont(path).getBestCmap()}
    sentences = phrases(environment().content_dir)
    written = {
        ord(letter)
        for language in sentences.languages
        for key in ("welcome.text", "case.rating", "fallback.away", "delete.ask")
        for letter in sentences.template(key, language)
    }
    assert {chr(letter) for letter in written - known} <= {"\n"}


def test_delivery_is_told_without_the_message_itself(world: World) -> None:
    with walls.within(world.worker):
        (line,) = timeline.entries(world.worker, world.case)
    assert line.message_state == "answered"  # type: ignore[attr-defined]


def test_canned_texts_come_in_the_persons_language_first(world: World) -> None:
    with walls.within(world.worker):
        canned.save(world.worker, "en", "Got it", "Thank you.")
        canned.save(world.worker, "ne", "Got it", "धन्यवाद।")
        canned.save(world.worker, "ne", "Got it", "धन्यवाद!")
        found = list(canned.for_language(world.worker, "ne"))
        assert [(one.language, one.text) for one in found] == [
            ("ne", "धन्यवाद!"),
            ("en", "Thank you."),
        ]
        canned.remove(world.worker, found[0].pk)
    with walls.within(world.stranger):
        assert not canned.for_language(world.stranger, "en")


def test_every_role_is_tried() -> None:
    assert set(Role) == {Role.COORDINATOR, Role.CASE_WORKER, Role.ANALYST}
