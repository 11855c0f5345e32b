"""Whether the ledger still explains the state: replayed from the beginning, compared (I11)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from server.db import db
from server.fieldsync.models import Entity, LedgerEntry, Space
from sync.cursor import Mark, digest_space


def verify_ledger() -> list[str]:
    """Replays every effect and compares with the rows as they stand. Each difference is a line,
    the first of each space; empty when all agree."""
    found = []
    for space in db.session.scalars(select(Space).order_by(Space.name)):
        difference = _first_difference(space)
        if difference is not None:
            found.append(difference)
    return found


def _first_difference(space: Space) -> str | None:
    rows: dict[str, tuple[int, dict[str, Any]]] = {}
    expected = 0
    entries = select(LedgerEntry).where(LedgerEntry.space == space.name)
    for entry in db.session.scalars(entries.order_by(LedgerEntry.space_seq)):
        expected += 1
        if entry.space_seq != expected:
            return f"{space.name}: number {expected} is missing"
        for effect in entry.effect:
            rows[effect["id"]] = (entry.space_seq, effect)
    if expected != space.counter:
        return f"{space.name}: counter {space.counter}, ledger ends at {expected}"
    for entity in db.session.scalars(select(Entity).where(Entity.space == space.name)):
        seq, effect = rows.pop(entity.id, (0, {}))
        if not effect:
            return f"{space.name} {entity.id}: no ledger line wrote it"
        for name, value in _compared(entity, seq, effect):
            if value:
                return f"{space.name} {entity.id}: {name} differs from ledger line {seq}"
    if rows:
        return f"{space.name} {min(rows)}: the row is gone"
    marks = select(Entity.type, Entity.id, Entity.seq).where(Entity.space == space.name)
    if digest_space(Mark(*mark) for mark in db.session.execute(marks)) != space.digest:
        return f"{space.name}: the digest is not that of its rows"
    return None


def _compared(entity: Entity, seq: int, effect: dict[str, Any]) -> list[tuple[str, bool]]:
    return [
        ("seq", entity.seq != seq),
        ("type", entity.type != effect["t"]),
        ("fields", entity.fields != effect["fields"]),
        ("heads", entity.heads != effect["heads"]),
        ("siblings", entity.siblings != effect["siblings"]),
        ("gone", entity.is_gone != effect["gone"]),
    ]
