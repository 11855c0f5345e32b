"""The history of register entries: who changed what, when, from what to what (R001 动态管理)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

from sqlalchemy import insert, select

from domain.access import Actor
from server.db import db
from server.registry.derived import derived_values
from server.registry.models import Firm, RegisterChange
from server.registry.owner import owner_of, person_id_of
from server.registry.tier_models import FirmTier
from server.registry.tiers import note_tiers, tier_values
from server.runtime import now

Row = Any
# An entry's id, what became different, and how to ask for another of its columns.
Told = tuple[int, dict[str, list[Any]], Callable[[str], Any]]


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
            changes[name] = [plain(before), plain(value)]
            setattr(row, name, value)
    if not changes:
        return None
    if is_new:
        db.session.add(row)
        db.session.flush()
    change = note_change(actor, register, row.id, changes, source, reason)
    if isinstance(row, Firm):
        note_tiers(row, change)
    return change


def note_change(
    actor: Actor | None,
    register: str,
    entry_id: int,
    changes: Mapping[str, list[Any]],
    source: str,
    reason: str = "",
) -> RegisterChange:
    """Into an entry's history, for what is written elsewhere than on its row: a vehicle. The
    change has its number at once."""
    change = RegisterChange(
        jurisdiction_id=owner_of(actor),
        register=register,
        entry_id=entry_id,
        changes=dict(changes),
        source=source,
        reason=reason,
        changed_by=person_id_of(actor),
        changed_at=now(),
    )
    db.session.add(change)
    db.session.flush()
    return change


def apply_changes(
    actor: Actor | None,
    register: str,
    wanted: Iterable[tuple[Row, Mapping[str, Any]]],
    source: str,
    reason: str = "",
) -> int:
    """``apply_change`` for thousands of known rows. Answers how many became different."""
    told: list[Told] = []
    for row, values in wanted:
        changes: dict[str, list[Any]] = {}
        for name, value in values.items():
            before = getattr(row, name)
            if before != value:
                changes[name] = [plain(before), plain(value)]
                setattr(row, name, value)
        if changes:
            told.append((row.id, changes, partial(getattr, row)))
    db.session.flush()
    _tell(actor, register, told, source, reason)
    return len(told)


def add_entries(
    actor: Actor | None,
    register: str,
    model: type[Row],
    wanted: Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]],
    source: str,
) -> int:
    """Thousands of new entries, without an object for each: a long transaction keeps phones
    waiting. Each is what its history tells, and what it does not (initials)."""
    owner = owner_of(actor)
    by_fields: dict[tuple[str, ...], list[Mapping[str, Any]]] = {}
    for told, untold in wanted:
        by_fields.setdefault((*sorted(told), "", *sorted(untold)), []).append({**told, **untold})
    query = insert(model.__table__).returning(model.__table__.c.id, sort_by_parameter_order=True)
    for names, entries in by_fields.items():
        # written past the session, whose events would have derived them
        rows = [
            {"jurisdiction_id": owner, **entry, **derived_values(register, entry)}
            for entry in entries
        ]
        ids = db.session.execute(query, rows).scalars().all()
        told_names = names[: names.index("")]
        changes = [
            (entry_id, {name: [None, plain(entry[name])] for name in told_names}, entry.get)
            for entry_id, entry in zip(ids, entries, strict=True)
        ]
        _tell(actor, register, changes, source, "")
    return len(wanted)


def _tell(
    actor: Actor | None,
    register: str,
    told: Sequence[Told],
    source: str,
    reason: str,
) -> None:
    same = {
        "jurisdiction_id": owner_of(actor),
        "register": register,
        "source": source,
        "reason": reason,
        "changed_by": person_id_of(actor),
        "changed_at": now(),
    }
    if not told:
        return
    lines = [{**same, "entry_id": entry_id, "changes": changes} for entry_id, changes, _ in told]
    db.session.execute(insert(RegisterChange.__table__), lines)
    if register != Firm.__tablename__:
        return
    whose = {
        "jurisdiction_id": same["jurisdiction_id"],
        "source": source,
        "recorded_at": same["changed_at"],
    }
    tiers = [
        {**whose, "firm_id": firm_id, **values}
        for firm_id, changes, value_of in told
        for values in tier_values(changes, value_of)
    ]
    if tiers:
        db.session.execute(insert(FirmTier.__table__), tiers)


def list_changes_of(
    actor: Actor | None, register: str, source: str
) -> list[tuple[int, dict[str, list[Any]]]]:
    """What one source (``import:7``) wrote, in its order: the entry, field → [old, new]."""
    query = select(RegisterChange.entry_id, RegisterChange.changes).where(
        RegisterChange.jurisdiction_id == owner_of(actor),
        RegisterChange.register == register,
        RegisterChange.source == source,
    )
    return [tuple(row) for row in db.session.execute(query.order_by(RegisterChange.id))]


def list_changes(actor: Actor | None, register: str, entry_id: int) -> Sequence[RegisterChange]:
    """One entry's history, the newest first."""
    query = select(RegisterChange).where(
        RegisterChange.jurisdiction_id == owner_of(actor),
        RegisterChange.register == register,
        RegisterChange.entry_id == entry_id,
    )
    return list(db.session.scalars(query.order_by(RegisterChange.id.desc())))


def plain(value: Any) -> Any:
    """JSON-ready: dates as ISO text."""
    return value.isoformat() if isinstance(value, date) else value
