"""Writes what a run has done in one step per table (``bulk``). Row by row through the unit of work
the same costs eight statements an operation."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, update

from server.fieldsync.models import Entity, LedgerEntry, Receipt, Space
from server.fieldsync.receiving.bulk import insert_rows, upsert_rows
from server.fieldsync.receiving.overlay import NewReceipt, State
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
ENTITY_JSON = frozenset({"fields", "heads", "siblings"})


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
            _dump(one.verdict),
            received_at,
            one.offer.prev,
            one.offer.mono_ms,
            one.is_chain_broken,
        )
        for one in receipts
    ]
    insert_rows(connection, "receipts", RECEIPT, rows)


def write_effects(
    connection: Connection, space: str, jurisdiction_id: int, state: State, at: datetime
) -> None:
    """Ledger lines, and rows in their last state. Counter and digest of the space are the
    caller's (``write_counter``)."""
    instant = _bound(connection, LedgerEntry.__table__, "at", at)
    lines = [
        (jurisdiction_id, space, line.space_seq, line.op, _dump(line.effect), instant)
        for line in state.ledger
    ]
    insert_rows(connection, "ledger", LEDGER, lines)
    rows = {
        entity: (
            space,
            entity,
            jurisdiction_id,
            columns["type"],
            columns["seq"],
            columns["sheet_id"],
            _dump(columns["fields"]),
            _dump(columns["heads"]),
            _dump(columns["siblings"]),
            columns["is_gone"],
        )
        for entity, columns in state.changed.items()
    }
    fresh = [row for entity, row in rows.items() if entity in state.fresh]
    known = [row for entity, row in rows.items() if entity not in state.fresh]
    insert_rows(connection, Entity.__tablename__, ENTITY, fresh)
    upsert_rows(connection, Entity.__tablename__, ENTITY, known, KEY, ENTITY_JSON)


def write_counter(connection: Connection, space: str, state: State) -> None:
    """Where the space stands after the run; the caller holds its row."""
    values = {"counter": state.counter, "digest": state.digest}
    connection.execute(update(Space.__table__).where(Space.name == space).values(values))


def _dump(value: Any) -> str:
    return dump_json(value).decode()


def _bound(connection: Connection, table: Any, column: str, value: datetime) -> Any:
    """The instant as this database stores it."""
    assert isinstance(table, Table)
    stored = table.c[column].type.dialect_impl(connection.dialect)  # as the unit of work does
    processor = stored.bind_processor(connection.dialect)
    return processor(value) if processor is not None else value
