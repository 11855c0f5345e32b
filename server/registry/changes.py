"""The history of register entries: who changed what, when, from what to what (R001 动态管理)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import insert, select

from domain.access import Actor
from server.db import db
from server.registry.models import Firm, RegisterChange
from server.registry.owner import owner_of, person_id_of
from server.registry.tiers import note_tiers
from server.runtime import now

Row = Any


def apply_change(
    actor: Actor | None,
    register: str,
    row: Row,
    values: Mapping[str, Any],
    source: str,
    reason: str = "",
) -> RegisterChange | None:
    """Writes ``values`` onto ``row`` (flushed, or new and then flushed here) and what became
    different into its history. None where nothing is different. ``register`` is ``firms``,
    ``officers``, …; dates in the history are ISO text."""
    is_new = row.id is None
    changes: dict[str, list[Any]] = {}
    for name, value in values.items():
        before = None if is_new else getattr(row, name)
        if is_new or before != value:
            changes[name] = [_plain(before), _plain(value)]
            setattr(row, name, value)
    if not changes:
        return None
    if is_new:
        db.session.add(row)
        db.session.flush()
    change = RegisterChange(
        jurisdiction_id=owner_of(actor),
        register=register,
        entry_id=row.id,
        changes=changes,
        source=source,
        reason=reason,
        changed_by=person_id_of(actor),
        changed_at=now(),
    )
    db.session.add(change)
    if isinstance(row, Firm):
        note_tiers(row, change)
    return change


def apply_changes(
    actor: Actor | None,
    register: str,
    wanted: Iterable[tuple[Row, Mapping[str, Any]]],
    source: str,
    reason: str = "",
) -> int:
    """``apply_change`` for thousands of rows: new ones reach the database together and get their
    ids there. Answers how many rows were written."""
    told: list[tuple[Row, dict[str, list[Any]]]] = []
    fresh = []
    for row, values in wanted:
        is_new = row.id is None
        changes: dict[str, list[Any]] = {}
        for name, value in values.items():
            before = None if is_new else getattr(row, name)
            if is_new or before != value:
                changes[name] = [_plain(before), _plain(value)]
                setattr(row, name, value)
        if changes:
            told.append((row, changes))
            if is_new:
                fresh.append(row)
    db.session.add_all(fresh)
    db.session.flush()
    same = {
        "jurisdiction_id": owner_of(actor),
        "register": register,
        "source": source,
        "reason": reason,
        "changed_by": person_id_of(actor),
        "changed_at": now(),
    }
    if told:
        lines = [{**same, "entry_id": row.id, "changes": changes} for row, changes in told]
        db.session.execute(insert(RegisterChange), lines)
    return len(told)


def list_changes_of(actor: Actor | None, register: str, source: str) -> Sequence[RegisterChange]:
    """What one source (``import:7``) wrote, in its order."""
    query = select(RegisterChange).where(
        RegisterChange.jurisdiction_id == owner_of(actor),
        RegisterChange.register == register,
        RegisterChange.source == source,
    )
    return list(db.session.scalars(query.order_by(RegisterChange.id)))


def list_changes(actor: Actor | None, register: str, entry_id: int) -> Sequence[RegisterChange]:
    """One entry's history, the newest first."""
    query = select(RegisterChange).where(
        RegisterChange.jurisdiction_id == owner_of(actor),
        RegisterChange.register == register,
        RegisterChange.entry_id == entry_id,
    )
    return list(db.session.scalars(query.order_by(RegisterChange.id.desc())))


def _plain(value: Any) -> Any:
    """JSON-ready: dates as ISO text."""
    return value.isoformat() if isinstance(value, date) else value
