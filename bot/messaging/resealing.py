"""Moving what is stored from an old sealing key to the newest."""

from collections.abc import Iterator

from django.apps import apps
from django.db import connection, transaction

from bot.messaging.fields import SealedTextField
from bot.messaging.sealing import sealer

BATCH = 500


def reseal_everything() -> Iterator[tuple[str, int]]:
    """Reseal every sealed column, table by table; yield (table, rows).

    Each batch is one transaction, so it may be interrupted and run again. Raises SealError for
    a value that none of the keys opens; nothing of that batch is changed then.
    """
    for model in apps.get_models():
        fields = model._meta.concrete_fields  # noqa: SLF001
        columns = [str(field.column) for field in fields if isinstance(field, SealedTextField)]
        if not columns:
            continue
        table = model._meta.db_table  # noqa: SLF001
        rows = 0
        last: object = None
        while (batch := _reseal_batch(table, columns, last)) is not None:
            last, changed = batch
            rows += changed
        yield table, rows


def _reseal_batch(table: str, columns: list[str], last: object) -> tuple[object, int] | None:
    names = ", ".join(f'"{column}"' for column in columns)
    where = "" if last is None else "WHERE id > %s "
    values = [] if last is None else [str(last)]
    settings = ", ".join(f'"{column}" = %s' for column in columns)
    with transaction.atomic(), connection.cursor() as cursor:
        # Names of tables and columns come from our own models.
        cursor.execute(
            f'SELECT id, {names} FROM "{table}" {where}ORDER BY id LIMIT {BATCH} FOR UPDATE',  # noqa: S608
            values,
        )
        rows = cursor.fetchall()
        if not rows:
            return None
        cursor.executemany(
            f'UPDATE "{table}" SET {settings} WHERE id = %s',  # noqa: S608
            [[*(sealer().reseal(bytes(value)) for value in row[1:]), row[0]] for row in rows],
        )
    return rows[-1][0], len(rows)
