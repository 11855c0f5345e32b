"""Writes what a run has done with one statement per table. The triggers of the lock see each row.

The statements go to the driver as they are: one text per table and number of rows, prepared once,
run in one step. Row by row through the unit of work the same costs eight statements an operation.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache
from itertools import chain
from typing import Any

from sqlalchemy import Connection, Table, update
from sqlalchemy.exc import DBAPIError, OperationalError

from server.fieldsync.models import Entity, LedgerEntry, Receipt, Space
from server.fieldsync.overlay import NewReceipt, State
from server.json_text import dump_json

RECEIPT = (
    "op", "jurisdiction_id", "device", "side_device", "seq", "person_id", "space", "kind",
    "payload", "payload_sha256", "status", "outcome", "received_at", "prev", "mono_ms",
    "is_chain_broken",
)  # fmt: skip
LEDGER = ("jurisdiction_id", "space", "space_seq", "op", "effect", "at")
ENTITY = (
    "space", "id", "jurisdiction_id",
    "type", "seq", "sheet_id", "fields", "heads", "siblings", "is_gone",
)  # fmt: skip
KEY = ("space", "id")


class BulkRefused(Exception):
    """The database refused the run as a whole: one operation of it does not fit. Taken one by one,
    each in its savepoint, the others get in."""


def write_receipts(
    connection: Connection,
    device: str,
    person_id: int,
    jurisdiction_id: int,
    receipts: Sequence[NewReceipt],
    at: datetime,
) -> None:
    """New receipts, each with its verdict."""
    received_at = _bound(connection, Receipt.__table__, "received_at", at)
    dump = _dump_for(connection)
    rows = [
        (
            one.offer.op,
            jurisdiction_id,
            device,
            one.side_device,
            one.offer.seq,
            person_id,
            one.offer.space,
            one.offer.kind,
            one.offer.payload,
            one.offer.payload_sha256,
            one.verdict["status"],
            dump(one.verdict),
            received_at,
            one.offer.prev,
            one.offer.mono_ms,
            one.is_chain_broken,
        )
        for one in receipts
    ]
    _insert(connection, "receipts", RECEIPT, rows)


def write_effects(
    connection: Connection, space: str, jurisdiction_id: int, state: State, at: datetime
) -> None:
    """Ledger lines, and rows in their last state. Counter and digest of the space are the
    caller's (``write_counter``)."""
    instant = _bound(connection, LedgerEntry.__table__, "at", at)
    dump = _dump_for(connection)
    lines = [
        (jurisdiction_id, space, line.space_seq, line.op, dump(line.effect), instant)
        for line in state.ledger
    ]
    _insert(connection, "ledger", LEDGER, lines)
    rows = [
        (
            space,
            entity,
            jurisdiction_id,
            columns["type"],
            columns["seq"],
            columns["sheet_id"],
            dump(columns["fields"]),
            dump(columns["heads"]),
            dump(columns["siblings"]),
            columns["is_gone"],
        )
        for entity, columns in state.changed.items()
    ]
    _insert(connection, Entity.__tablename__, ENTITY, rows, _upsert(ENTITY, KEY))


def write_counter(connection: Connection, space: str, state: State) -> None:
    """Where the space stands after the run; the caller holds its row."""
    values = {"counter": state.counter, "digest": state.digest}
    connection.execute(update(Space.__table__).where(Space.name == space).values(values))


def _dump_for(connection: Connection) -> Callable[[Any], Any]:
    """How a JSON column goes to this driver: as text, or as it is in one document of rows."""
    return _dump_text if connection.dialect.name == "sqlite" else _as_it_is


def _dump_text(value: Any) -> str:
    return dump_json(value).decode()


def _as_it_is(value: Any) -> Any:
    return value


def _bound(connection: Connection, table: Any, column: str, value: datetime) -> Any:
    """The instant as this database stores it."""
    assert isinstance(table, Table)
    stored = table.c[column].type.dialect_impl(connection.dialect)  # as the unit of work does
    processor = stored.bind_processor(connection.dialect)
    return processor(value) if processor is not None else value


def _insert(
    connection: Connection,
    table: str,
    columns: tuple[str, ...],
    rows: Sequence[tuple[Any, ...]],
    tail: str = "",
) -> None:
    if not rows:
        return
    if connection.dialect.name == "sqlite":
        text, values = _sqlite_insert(table, columns, rows)
    else:
        text, values = _postgresql_insert(table, columns, rows)
    try:
        connection.exec_driver_sql(text + tail, values)
    except OperationalError:
        raise  # busy or gone: nothing was decided, the phone comes again
    except DBAPIError as error:
        if error.connection_invalidated:
            raise
        raise BulkRefused(f"{table}: {error.orig}") from error


def _sqlite_insert(
    table: str, columns: tuple[str, ...], rows: Sequence[tuple[Any, ...]]
) -> tuple[str, tuple[Any, ...]]:
    return _values_statement(table, columns, len(rows)), tuple(chain.from_iterable(rows))


@cache
def _values_statement(table: str, columns: tuple[str, ...], count: int) -> str:
    row = f"({', '.join('?' * len(columns))})"
    names, values = ", ".join(columns), ", ".join([row] * count)
    return f"INSERT INTO {table} ({names}) VALUES {values}"  # noqa: S608 (names of ours only)


def _postgresql_insert(
    table: str, columns: tuple[str, ...], rows: Sequence[tuple[Any, ...]]
) -> tuple[str, tuple[Any, ...]]:
    """All rows as one JSON parameter: the driver looks at a text with hundreds of places anew each
    time, which took longer than everything else in a push."""
    names = ", ".join(columns)
    text = (
        f"INSERT INTO {table} ({names}) SELECT {names} "  # noqa: S608 (names of ours only)
        f"FROM json_populate_recordset(NULL::{table}, %s::json)"
    )
    sent = [dict(zip(columns, row, strict=True)) for row in rows]
    return text, (dump_json(sent).decode(),)


@cache
def _upsert(columns: tuple[str, ...], key: tuple[str, ...]) -> str:
    sets = ", ".join(f"{name} = excluded.{name}" for name in columns if name not in key)
    return f" ON CONFLICT ({', '.join(key)}) DO UPDATE SET {sets}"
