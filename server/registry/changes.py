"""The history of register entries: who changed what, when, from what to what (R001 动态管理)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from sqlalchemy import func, insert, select

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
) -> list[tuple[Row, dict[str, list[Any]]]]:
    """``apply_change`` for thousands of known rows. Answers those that became different, and
    how."""
    # All of them are compared before any is written: what one takes, another may have had.
    compared: list[tuple[Row, dict[str, list[Any]], dict[str, Any]]] = []
    for row, values in wanted:
        before = {name: getattr(row, name) for name in values}
        new = {name: value for name, value in values.items() if before[name] != value}
        if new:
            changes = {name: [plain(before[name]), plain(value)] for name, value in new.items()}
            compared.append((row, changes, new))
    for row, _changes, new in compared:
        for name, value in new.items():
            setattr(row, name, value)
    db.session.flush()
    told = [(row.id, changes, partial(getattr, row)) for row, changes, _new in compared]
    _tell(actor, register, told, source, reason)
    return [(row, changes) for row, changes, _new in compared]


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


def add_objects(
    actor: Actor | None,
    register: str,
    model: type[Row],
    wanted: Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]],
    source: str,
) -> list[tuple[Row, dict[str, list[Any]]]]:
    """``add_entries`` for those on which something hangs that is no column (a team's people);
    answers the entries with what their history tells."""
    columns, made = model.__table__.c, []
    for told, untold in wanted:
        entry = {**told, **untold}
        own = {name: value for name, value in entry.items() if name in columns}
        row = model(jurisdiction_id=owner_of(actor), **own)
        made.append((row, {name: entry[name] for name in entry if name not in columns}))
        db.session.add(row)
    db.session.flush()
    for row, hung in made:
        for name, value in hung.items():
            setattr(row, name, value)
    db.session.flush()
    written = [
        (row, {name: [None, plain(value)] for name, value in told.items()})
        for (row, _hung), (told, _untold) in zip(made, wanted, strict=True)
    ]
    _tell(actor, register, [(row.id, c, partial(getattr, row)) for row, c in written], source, "")
    return written


def remove_entries(
    actor: Actor | None,
    register: str,
    rows: Sequence[Row],
    fields: Sequence[str],
    source: str,
    reason: str = "",
) -> list[tuple[Row, dict[str, list[Any]]]]:
    """For good; the history stays and ends with what they said. What hangs on them goes first."""
    ends = []
    for row in rows:
        said = {name: getattr(row, name) for name in fields}
        ends.append((row, {name: [plain(value), None] for name, value in said.items()}))
        for name in fields:
            if name not in type(row).__table__.c and isinstance(said[name], list):
                setattr(row, name, [])
    db.session.flush()
    _tell(actor, register, [(row.id, c, partial(getattr, row)) for row, c in ends], source, reason)
    for row in rows:
        db.session.delete(row)
    db.session.flush()
    return ends


def note_written(
    actor: Actor | None,
    register: str,
    row: Row,
    fields: Sequence[str],
    before: Mapping[str, Any] | None,
    source: str = "form",
) -> None:
    """What is other than ``before`` (``said_of``; None for a new entry) goes into the history, for
    what is written with rules of its own."""
    db.session.flush()
    after = said_of(row, fields)
    changes = {
        name: [before[name] if before else None, after[name]]
        for name in fields
        if before is None or before[name] != after[name]
    }
    if changes:
        note_change(actor, register, row.id, changes, source)


def said_of(row: Row, fields: Sequence[str]) -> dict[str, Any]:
    """JSON-ready."""
    return {name: plain(getattr(row, name)) for name in fields}


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


def list_ended(actor: Actor | None, register: str, source: str, key: str) -> set[int]:
    """Entries of this source that were taken off the register since; ``key`` finds its entries.
    Their numbers may have gone to others: SQLite gives them again."""
    mine = (RegisterChange.jurisdiction_id == owner_of(actor), RegisterChange.register == register)
    last = db.session.scalar(
        select(func.max(RegisterChange.id)).where(*mine, RegisterChange.source == source)
    )
    ids = select(RegisterChange.entry_id).where(*mine, RegisterChange.source == source)
    since = select(RegisterChange.entry_id, RegisterChange.changes).where(
        *mine, RegisterChange.id > (last or 0), RegisterChange.entry_id.in_(ids)
    )
    return {entry_id for entry_id, changes in db.session.execute(since) if is_end(changes, key)}


def is_end(changes: Mapping[str, list[Any]], key: str) -> bool:
    """Whether an entry left its register with this: none of them is ever without its key."""
    return key in changes and changes[key][1] is None


def list_changes(actor: Actor | None, register: str, entry_id: int) -> Sequence[RegisterChange]:
    """One entry's history, the newest first."""
    query = select(RegisterChange).where(
        RegisterChange.jurisdiction_id == owner_of(actor),
        RegisterChange.register == register,
        RegisterChange.entry_id == entry_id,
    )
    return list(db.session.scalars(query.order_by(RegisterChange.id.desc())))


def plain(value: Any) -> Any:
    """JSON-ready: dates as ISO text, decimals in their shortest form."""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value.isoformat() if isinstance(value, date) else value
