"""What cases hold stands sealed, and a new key takes it over."""

import pytest
from django.db import connection

from bot.messaging.resealing import reseal_everything
from console.models import Case, Draft, SafetyPlan
from tests.cases.conftest import World

pytestmark = pytest.mark.django_db

SEALED = {
    "messaging_contact",
    "messaging_message",
    "console_case",
    "console_caseentry",
    "console_draft",
    "console_safetyplan",
}


def test_every_sealed_table_is_resealed_and_opens_as_before(world: World) -> None:
    SafetyPlan.objects.create(contact=world.contact, code_word="tomato")
    Draft.objects.create(case=world.case, member=world.worker, text="half")
    Case.objects.update(called_by="Ram")

    done = dict(reseal_everything())

    assert {table for table, rows in done.items() if rows} == SEALED
    world.case.refresh_from_db()
    assert world.case.called_by == "Ram"
    assert world.case.entries.get().text == "my boss does not pay"
    assert SafetyPlan.objects.get().code_word == "tomato"


@pytest.mark.parametrize(
    ("table", "column"),
    [("console_case", "called_by"), ("console_caseentry", "text"), ("console_caseentry", "params")],
)
def test_a_dump_shows_no_words(world: World, table: str, column: str) -> None:
    Case.objects.update(called_by="Ram")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table}")  # noqa: S608 - names of this test
        for (value,) in cursor.fetchall():
            assert bytes(value).startswith(b"gAAAA")
