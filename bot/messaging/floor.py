"""One conversation, one hand at a time: bot, worker and console agree on who goes first."""

from uuid import UUID

from django.db import connection


def take_floor(contact_id: UUID) -> None:
    """Wait until no other transaction changes this conversation, and keep it until the end of ours.

    Call it first in a transaction: whoever takes rows before it can meet another in a deadlock.
    It needs no right on any table (an advisory lock of PostgreSQL).
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"floor:{contact_id}"]
        )
