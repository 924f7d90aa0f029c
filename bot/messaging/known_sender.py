"""Storing a message of somebody known in one statement, with its job.

Through the ORM the same takes eight round trips to PostgreSQL and three times the processor time
(docs/decisions/0013-cpu-per-answer.md). What the statement cannot decide, a first contact, another
of our numbers, WhatsApp's service window, a changed message, it leaves alone.
"""

from functools import lru_cache
from typing import Any

from django.db import connection
from django.utils import timezone

from bot.channels.incoming import InboundKind, Incoming
from bot.channels.names import Channel
from bot.messaging.models import Message
from bot.messaging.sealing import lookup_hash
from bot.messaging.tasks import handle_message
from bot.settings.environment import environment

_CHANNELS = (Channel.SMS, Channel.TELEGRAM)
# A repeated delivery inserts nothing, so it changes neither the contact nor the queue.
_STATEMENT = """
WITH known AS (
    SELECT id FROM messaging_contact
    WHERE channel = %s AND address_hash = %s AND our_address = %s AND our_address <> ''
), stored AS (
    INSERT INTO messaging_message (contact_id, {columns})
    SELECT id, {values} FROM known
    ON CONFLICT (channel, direction, provider_id) DO NOTHING
    RETURNING id, contact_id
), heard AS (
    UPDATE messaging_contact SET last_inbound_at = %s, unreachable_at = NULL,
        window_closed_at = NULL
    FROM stored WHERE messaging_contact.id = stored.contact_id
)
SELECT (SELECT count(*) FROM known), (SELECT count(*) FROM stored), (
    SELECT procrastinate_defer_jobs_v1(ARRAY[ROW(
        %s, %s, %s, contact_id::text, NULL, jsonb_build_object('message_id', id), NULL
    )::procrastinate_job_to_defer_v1]) FROM stored
)
"""


def store(incoming: Incoming, message: Message) -> bool | None:
    """Store `message`, which has no contact yet, for whoever wrote `incoming`.

    True: stored, with its job. False: it had been stored before, and nothing changed. None: this
    sender is not known by the number they wrote to; nothing changed.
    """
    if incoming.channel not in _CHANNELS or incoming.kind is InboundKind.EDITED:
        return None
    digest = lookup_hash(incoming.channel, incoming.address, environment().lookup_key)
    job = handle_message.configure().job
    with connection.cursor() as cursor:
        cursor.execute(
            _statement(),
            [
                incoming.channel.value,
                digest,
                incoming.our_address,
                *_row(message),
                timezone.now(),
                job.queue,
                job.task_name,
                job.priority,
            ],
        )
        known, stored, _ = cursor.fetchone()
    return bool(stored) if known else None


def _fields() -> list[Any]:
    """The columns that are not the database's or the statement's to fill."""
    fields = Message._meta.concrete_fields  # noqa: SLF001
    return [field for field in fields if field.column not in ("id", "contact_id")]


def _row(message: Message) -> list[Any]:
    return [
        field.get_db_prep_save(field.pre_save(message, True), connection) for field in _fields()
    ]


@lru_cache(maxsize=1)
def _statement() -> str:
    names = [connection.ops.quote_name(field.column) for field in _fields()]
    types = [field.cast_db_type(connection) for field in _fields()]
    return _STATEMENT.format(
        columns=", ".join(names), values=", ".join(f"%s::{kind}" for kind in types)
    )
