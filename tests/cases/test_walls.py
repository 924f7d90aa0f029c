"""The database refuses what the application forgot to filter."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, ProgrammingError, connection, transaction

from bot.messaging.models import Contact, Message
from console import walls
from console.models import (
    AuditLine,
    CannedReply,
    Case,
    CaseEntry,
    Consent,
    Draft,
    Invitation,
    Membership,
    Organisation,
    Person,
    Precautions,
    Referral,
    SafetyPlan,
    Target,
)
from tests.cases.conftest import World, make_case, make_contact, make_member

pytestmark = pytest.mark.django_db


def changed(sql: str, values: list[Any] | None = None) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, values or [])
        return int(cursor.rowcount)


def refused(sql: str, values: list[Any] | None = None) -> None:
    """The database must refuse the statement, not only find nothing."""
    with pytest.raises(DatabaseError), transaction.atomic():
        changed(sql, values)


def test_without_any_filter_an_organisation_finds_its_own_cases_only(world: World) -> None:
    other = make_case(world.south, make_contact())

    with walls.within(world.worker):
        mine = list(Case.objects.all())
    with walls.within(world.stranger):
        theirs = list(Case.objects.all())

    assert mine == [world.case]
    assert theirs == [other]


def test_what_stands_by_a_case_is_behind_the_same_wall(world: World) -> None:
    SafetyPlan.objects.create(contact=world.contact)
    Draft.objects.create(case=world.case, member=world.worker, text="half a sentence")
    CannedReply.objects.create(organisation=world.north, language="en", title="a", text="b")
    Target.objects.create(organisation=world.north, urgency=0, minutes=60)
    rows = (CaseEntry, Consent, CannedReply, Target, Draft, Precautions, Person, Referral)

    with walls.within(world.stranger):
        assert [model.__name__ for model in rows if model.objects.exists()] == []
        assert not Message.objects.values("state").exists()
        assert not Membership.objects.exclude(organisation=world.south).exists()
    with walls.within(world.worker):
        assert [model.__name__ for model in rows if not model.objects.exists()] == ["Referral"]
        assert Message.objects.values_list("state", flat=True).get() == "answered"


def test_joins_and_raw_sql_from_an_open_table_lead_nowhere(world: World) -> None:
    with walls.within(world.stranger):
        assert not Organisation.objects.filter(cases__status="open").exists()
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT e.id FROM console_organisation o JOIN console_case c"
                " ON c.organisation_id = o.id LEFT JOIN console_caseentry e ON e.case_id = c.id"
                " UNION ALL SELECT id FROM console_caseentry"
                " UNION ALL SELECT count(*) FROM console_case HAVING count(*) > 0"
            )
            assert cursor.fetchall() == []


def test_with_no_organisation_set_there_are_no_rows(world: World) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE haki_console")
        cursor.execute(
            "SELECT (SELECT count(*) FROM console_case), (SELECT count(*) FROM console_caseentry),"
            " (SELECT count(id) FROM messaging_contact), (SELECT count(id) FROM messaging_message)"
        )
        assert cursor.fetchone() == (0, 0, 0, 0)
        cursor.execute("RESET ROLE")


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT address FROM messaging_contact",
        "SELECT address_hash FROM messaging_contact",
        "SELECT our_address FROM messaging_contact",
        "SELECT * FROM messaging_contact",
        "SELECT text FROM messaging_message",
        "SELECT details FROM messaging_message",
        "SELECT provider_id FROM messaging_message",
        "SELECT code_word FROM console_safetyplan",
        "SELECT password FROM auth_user",
        "SELECT session_data FROM django_session",
        "SELECT args FROM procrastinate_jobs",
        "DELETE FROM console_case",
        "DELETE FROM console_caseentry",
        "DELETE FROM messaging_contact",
        "INSERT INTO messaging_message DEFAULT VALUES",
        "UPDATE messaging_contact SET holder = 'bot'",
        "UPDATE console_case SET organisation_id = organisation_id",
        "UPDATE console_case SET withdrawn_at = NULL",
        "UPDATE console_consent SET withdrawn_at = NULL",
        "UPDATE console_caseentry SET hidden = false",
        "UPDATE console_organisation SET coordinating = true",
        "SELECT haki_set_holder(NULL)",
    ],
)
def test_even_the_own_organisation_may_not(world: World, statement: str) -> None:
    with walls.within(world.coordinator):
        refused(statement)


def test_loading_a_contact_the_usual_way_is_refused_and_a_person_has_no_address(
    world: World,
) -> None:
    with walls.within(world.worker):
        with pytest.raises(ProgrammingError), transaction.atomic():
            Contact.objects.get(pk=world.contact.pk)
        person = Person.objects.get(pk=world.contact.pk)
        assert person.language == "en"
        assert not hasattr(person, "address")


def test_another_organisation_changes_and_adds_nothing(world: World) -> None:
    entry = world.case.entries.get()
    with walls.within(world.stranger):
        assert changed("UPDATE console_case SET status = 'resolved'") == 0
        assert changed("UPDATE console_caseentry SET text = ''") == 0
        assert Case.objects.filter(pk=world.case.pk).update(status="resolved") == 0
        assert CaseEntry.objects.filter(pk=entry.pk).update(text="") == 0
        for organisation in (world.north, world.south):
            refused(
                "INSERT INTO console_caseentry (case_id, organisation_id, kind, said_by_person,"
                " text, what, params, mentions, masks, card, sending, reason, hidden, created_at)"
                " VALUES (%s, %s, 'note', false, '', '', '', '{}', '[]', '', '', '', false, now())",
                [world.case.pk, organisation.pk],
            )
    world.case.refresh_from_db()
    assert world.case.status == "open"


def test_an_analyst_reads_and_changes_nothing(world: World) -> None:
    with walls.within(world.analyst):
        assert Case.objects.get() == world.case
        assert changed("UPDATE console_case SET status = 'resolved'") == 0
        with pytest.raises(DatabaseError), transaction.atomic():
            CaseEntry.objects.create(
                case=world.case, organisation=world.north, kind="note", text="I was here"
            )


def test_people_and_invitations_belong_to_the_coordinator(world: World) -> None:
    with walls.within(world.worker):
        assert Membership.objects.filter(pk=world.worker.pk).update(role="coordinator") == 0
        assert not Invitation.objects.exists()
    with walls.within(world.coordinator):
        assert Membership.objects.filter(pk=world.worker.pk).update(role="analyst") == 1


def test_consent_taken_back_closes_texts_and_person(world: World) -> None:
    world.case.entries.update(hidden=True)
    Case.objects.filter(pk=world.case.pk).update(withdrawn_at=world.case.opened_at)

    with walls.within(world.worker):
        assert Case.objects.get() == world.case
        assert not CaseEntry.objects.exists()
        assert not Person.objects.exists()


def test_the_audit_is_written_in_ones_own_name_and_read_by_the_coordinator(world: World) -> None:
    with walls.within(world.worker):
        AuditLine.objects.create(organisation=world.north, member=world.worker, what="viewed")
        with pytest.raises(DatabaseError), transaction.atomic():
            AuditLine.objects.create(organisation=world.north, member=world.analyst, what="x")
    with walls.within(world.coordinator):
        assert AuditLine.objects.get().what == "viewed"
    with walls.within(world.analyst):
        assert not AuditLine.objects.exists()


def test_a_line_of_the_audit_stands_for_the_owner_of_the_tables_too(world: World) -> None:
    line = AuditLine.objects.create(organisation=world.north, what="viewed")
    for attempt in (line.delete, line.save):
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()


def test_the_role_ends_with_the_block_and_after_an_error(world: World) -> None:
    with walls.within(world.worker):
        pass
    with pytest.raises(ZeroDivisionError), walls.within(world.worker):
        raise ZeroDivisionError
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, current_setting('haki.organisation', true)")
        user, organisation = cursor.fetchone()
    assert user == "haki"
    assert not organisation


def test_a_former_member_does_not_come_in(world: World) -> None:
    former = make_member(world.north, active=False)
    with pytest.raises(PermissionDenied), walls.within(former):
        pass


def test_nobody_enters_for_two(world: World) -> None:
    inside, second = walls.within(world.worker), walls.within(world.stranger)
    with inside, pytest.raises(walls.AlreadyInside), second:
        pass


def test_the_holder_of_a_conversation_follows_its_cases(world: World) -> None:
    world.contact.refresh_from_db()
    assert world.contact.holder == "partner"

    plan = SafetyPlan.objects.create(contact=world.contact, hidden_since=world.case.opened_at)
    world.contact.refresh_from_db()
    assert world.contact.holder == "nobody"

    plan.hidden_since = None
    plan.save()
    with walls.within(world.worker):
        Case.objects.update(status="resolved")
    world.contact.refresh_from_db()
    assert world.contact.holder == "bot"


def test_a_person_is_with_one_organisation_at_a_time(world: World) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        make_case(world.south, world.contact)
