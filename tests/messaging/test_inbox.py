"""Storing once, with the job that answers, also when two deliveries race."""

import json
import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bot.channels.incoming import InboundKind, Incoming
from bot.channels.names import Channel
from bot.messaging.inbox import Receipt, receive
from bot.messaging.models import Contact, Message
from tests.messaging.conftest import Write

INCOMING = Incoming(Channel.SMS, "SM1", "+60100000302", "+15005550006", InboundKind.TEXT, "hi")


def jobs() -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT lock, args::text FROM procrastinate_jobs WHERE task_name LIKE 'haki.h%'"
        )
        return list(cursor.fetchall())


@pytest.mark.django_db
def test_the_message_and_its_job_are_stored_together() -> None:
    assert receive(INCOMING) is Receipt.STORED

    message = Message.objects.get()
    ((lock, args),) = jobs()
    assert lock == str(message.contact_id)
    assert json.loads(args) == {"message_id": message.pk}


@pytest.mark.django_db
def test_a_job_holds_an_id_and_nothing_of_the_message() -> None:
    receive(INCOMING)

    assert "hi" not in str(jobs()[0][1])
    assert "60100000302" not in str(jobs())


@pytest.mark.django_db(transaction=True)
def test_two_deliveries_at_the_same_moment_give_one_message() -> None:
    receipts: list[Receipt] = []
    gate = threading.Barrier(8)

    def deliver() -> None:
        gate.wait()
        receipts.append(receive(INCOMING))
        connection.close()

    threads = [threading.Thread(target=deliver) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(receipts) == [Receipt.REPEATED] * 7 + [Receipt.STORED]
    assert Message.objects.count() == 1
    assert len(jobs()) == 1


@pytest.mark.django_db
def test_a_person_is_one_contact_and_keeps_our_first_number() -> None:
    receive(INCOMING)
    receive(Incoming(Channel.SMS, "SM2", INCOMING.address, "+15005550009", InboundKind.TEXT, "x"))

    assert Contact.objects.get().our_address == "+15005550006"


@pytest.mark.django_db
def test_addresses_and_texts_are_sealed_in_their_columns(write: Write) -> None:
    write("my secret words")

    with connection.cursor() as cursor:
        cursor.execute("SELECT address FROM messaging_contact")
        address = bytes(cursor.fetchone()[0])
        cursor.execute("SELECT text, details FROM messaging_message")
        text, details = (bytes(value) for value in cursor.fetchone())
    assert b"7001" not in address
    assert b"secret" not in text
    assert not details.startswith(b"{")


@pytest.mark.django_db
def test_a_known_person_is_stored_in_one_statement(write: Write) -> None:
    first = write("boss took my passport")
    long_ago = first.created_at - timedelta(days=1)
    Contact.objects.update(
        last_inbound_at=long_ago, unreachable_at=long_ago, window_closed_at=long_ago
    )

    with CaptureQueriesContext(connection) as asked:
        second = write("and my phone")

    contact = Contact.objects.get()
    stores = [query for query in asked.captured_queries if 'SELECT "mess' not in query["sql"]]
    assert len(stores) == 1
    assert (second.text, second.details, second.state) == (
        "and my phone",
        first.details,
        first.state,
    )
    assert contact.last_inbound_at > long_ago
    assert (contact.unreachable_at, contact.window_closed_at) == (None, None)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT args->>'message_id', queue_name, task_name, priority, lock, queueing_lock,"
            " status, scheduled_at FROM procrastinate_jobs"
            " WHERE lock = %s AND task_name LIKE 'haki.h%%' ORDER BY id",
            [str(contact.pk)],
        )
        (one, *kind), (other, *same_kind) = cursor.fetchall()
    assert (one, other) == (str(first.pk), str(second.pk))
    assert kind == same_kind


@pytest.mark.django_db
def test_a_repeated_delivery_of_a_known_person_changes_nothing() -> None:
    receive(INCOMING)
    again = replace(INCOMING, provider_id="SM2")
    receive(again)
    heard = Contact.objects.get().last_inbound_at

    assert receive(again) is Receipt.REPEATED
    contact = Contact.objects.get()
    assert Message.objects.count() == 2
    assert [lock for lock, _ in jobs()].count(str(contact.pk)) == 2
    assert contact.last_inbound_at == heard


@pytest.mark.django_db(transaction=True)
def test_two_deliveries_of_a_known_person_at_the_same_moment_give_one_message() -> None:
    receive(INCOMING)
    again = replace(INCOMING, provider_id="SM2")
    receipts: list[Receipt] = []
    gate = threading.Barrier(4)

    def deliver() -> None:
        gate.wait()
        receipts.append(receive(again))
        connection.close()

    threads = [threading.Thread(target=deliver) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(receipts) == [Receipt.REPEATED] * 3 + [Receipt.STORED]
    of_this_person = str(Contact.objects.get().pk)
    assert [lock for lock, _ in jobs()].count(of_this_person) == 2
