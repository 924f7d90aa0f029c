"""A new sealing key takes over everything that is stored."""

from collections.abc import Iterator

import pytest
from cryptography.fernet import Fernet
from django.db import connection

from bot.messaging import fields, resealing
from bot.messaging.models import Contact, Message
from bot.messaging.resealing import reseal_everything
from bot.messaging.sealing import Sealer, SealError, sealer
from bot.settings.environment import environment
from tests.messaging.conftest import Write

pytestmark = pytest.mark.django_db

NEW = Fernet.generate_key().decode()


@pytest.fixture
def new_key_first(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    both = Sealer((NEW, *environment().sealing_keys))
    for module in (fields, resealing):
        monkeypatch.setattr(module, "sealer", lambda: both)
    yield
    sealer.cache_clear()


def stored(table: str, column: str) -> list[bytes]:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT "{column}" FROM "{table}"')  # noqa: S608
        return [bytes(row[0]) for row in cursor.fetchall()]


def test_afterwards_the_new_key_alone_opens_everything(
    write: Write, new_key_first: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("one")
    Message.objects.all()

    counts = dict(reseal_everything())

    only_new = Sealer((NEW,))
    found = {table: rows for table, rows in counts.items() if rows}
    assert found == {"messaging_contact": 1, "messaging_message": 1}
    assert [only_new.open(value) for value in stored("messaging_message", "text")] == ["one"]
    assert [only_new.open(value) for value in stored("messaging_contact", "address")] == ["7001"]


def test_what_no_key_opens_stops_it_with_a_sentence(write: Write) -> None:
    write("one")
    stranger = Sealer((Fernet.generate_key().decode(),)).seal("x")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE messaging_contact SET address = %s", [stranger])

    with pytest.raises(SealError, match="cannot be opened"):
        list(reseal_everything())
    assert Contact.objects.count() == 1
