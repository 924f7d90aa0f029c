"""The walls under the owners that there are: without the right to make roles, and a superuser."""

from collections.abc import Iterator
from importlib import import_module

import psycopg
import pytest
from django.db import connection
from psycopg import sql

from bot.processes.engines import Engines
from tests.cases.conftest import make_world

POOR, PASSWORD = "poor_owner", "nothing-to-hide"
MAKE_ROLE = import_module("console.migrations.0003_walls").ROLE


@pytest.fixture
def superuser(engines: Engines) -> Iterator["psycopg.Connection[tuple[object, ...]]"]:
    with psycopg.connect(engines.postgres.superuser_url(), autocommit=True) as connected:
        yield connected


def test_an_owner_who_may_not_make_the_role_is_told_what_to_do(
    engines: Engines, superuser: "psycopg.Connection[tuple[object, ...]]"
) -> None:
    name = sql.Identifier(POOR)
    superuser.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(name, PASSWORD))
    address = engines.database_url.partition("@")[2]
    try:
        told = pytest.raises(psycopg.Error, match="GRANT haki_console TO poor_owner")
        with psycopg.connect(f"postgresql://{POOR}:{PASSWORD}@{address}") as poor, told:
            poor.execute(MAKE_ROLE)
        superuser.execute(sql.SQL("GRANT haki_console TO {}").format(name))
        with psycopg.connect(f"postgresql://{POOR}:{PASSWORD}@{address}") as poor:
            poor.execute(MAKE_ROLE)
    finally:
        superuser.execute(sql.SQL("DROP ROLE {}").format(name))


@pytest.mark.django_db(transaction=True)
def test_a_superuser_who_owns_the_tables_is_behind_the_walls_as_well(engines: Engines) -> None:
    make_world()
    name = str(connection.settings_dict["NAME"])

    with psycopg.connect(engines.postgres.superuser_url(name)) as owner:
        assert owner.execute("SELECT count(*) FROM console_case").fetchone() == (1,)
        owner.execute("SET LOCAL ROLE haki_console")
        assert owner.execute("SELECT count(*) FROM console_case").fetchone() == (0,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            owner.execute("SELECT address FROM messaging_contact")
