"""Storing once, with the job that answers, also when two deliveries race."""

import json
import threading

import pytest
from django.db import connection

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
