"""Audit events as they lie in a database, read without trusting it: each with what is hashed of
it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, String, cast, exists, select

from domain.trail import build_entry, build_foreign_entry, hash_entry
from server.audit.models import AuditEvent, AuditLeaf

EVENTS, LEAVES = AuditEvent.__table__.c, AuditLeaf.__table__.c
BLOCK_ROWS = 2_000
UNPLACED = ~exists().where(LEAVES.event_id == EVENTS.id)
SQLITE_FORM = "%Y-%m-%d %H:%M:%S.%f"


@dataclass(frozen=True, slots=True)
class Stored:
    """One event with its entry and leaf. ``is_as_written``: the row has the form in which the
    product writes it, down to the blanks of its JSON; where it has not, ``at`` is None and the
    entry holds its texts as they are, so that the tree goes on and the row is found each time."""

    event_id: int
    county: int
    entry: dict[str, Any]
    leaf: bytes
    at: datetime | None

    @property
    def is_as_written(self) -> bool:
        return self.at is not None


def read_entries(connection: Connection, *conditions: ColumnElement[bool]) -> Iterator[Stored]:
    """The events under these conditions by id, in blocks."""
    query = (
        select(
            EVENTS.id,
            EVENTS.jurisdiction_id,
            stored_instant(connection, EVENTS.at).label("at"),
            EVENTS.person_id,
            EVENTS.device_id,
            EVENTS.action,
            EVENTS.target,
            cast(EVENTS.details, String).label("details"),
        )
        .where(*conditions)
        .order_by(EVENTS.id)
    )
    for row in connection.execute(query, execution_options={"yield_per": BLOCK_ROWS}):
        yield _stored(row)


def stored_instant(connection: Connection, column: ColumnElement[Any]) -> ColumnElement[Any]:
    """The column for ``read_instant``, as SQLite has it: what is no instant must not end the
    reading of all others."""
    return cast(column, String) if connection.dialect.name == "sqlite" else column


def read_instant(value: str | datetime) -> datetime:
    """Raises TypeError or ValueError for a text that the product does not write."""
    if isinstance(value, datetime):
        return value
    at = datetime.strptime(value, SQLITE_FORM).replace(tzinfo=UTC)
    if f"{at:{SQLITE_FORM}}" != value:
        raise ValueError("written otherwise")
    return at


def _stored(row: Row[Any]) -> Stored:
    try:
        at = read_instant(row.at)
        entry = build_entry(
            county=row.jurisdiction_id,
            event=row.id,
            at=at,
            person=row.person_id,
            device=row.device_id,
            action=row.action,
            target=row.target,
            details=_details(row.details),
        )
        return Stored(row.id, row.jurisdiction_id, entry, hash_entry(entry), at)
    except (TypeError, ValueError, AttributeError, RecursionError):
        entry = build_foreign_entry(row.jurisdiction_id, row.id, [repr(one) for one in row])
        return Stored(row.id, row.jurisdiction_id, entry, hash_entry(entry), None)


def _details(text: str) -> dict[str, Any]:
    found = json.loads(text)
    if not isinstance(found, dict) or text != json.dumps(found, ensure_ascii=False, sort_keys=True):
        raise ValueError("written otherwise")
    return found
