"""Rows between the tables and ``sync.rows``, and the one place where an effect is written."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy import select

from server.db import db
from server.fieldsync.effects import digest_after, dump_effect, entity_columns
from server.fieldsync.ids import user_space
from server.fieldsync.mirror import mirror_row
from server.fieldsync.models import Entity, LedgerEntry, Space
from sync.cursor import Mark
from sync.rows import EVIDENCE, Author, Row, Sibling


def write_effect(
    space: Space, op: str, rows: Iterable[Row], sheet_ids: Mapping[str, int], at: datetime
) -> int:
    """Stores the ledger line under the space's next number, then the rows as they stand after
    ``op``, and flushes. The caller holds the space's lock. Answers the number (I13)."""
    rows = list(rows)
    space.counter += 1
    known = {row.id: db.session.get(Entity, (space.name, row.id)) for row in rows}
    before = {one.id: Mark(one.type, one.id, one.seq) for one in known.values() if one is not None}
    space.digest = digest_after(space.digest, before, rows, space.counter)
    db.session.add(
        LedgerEntry(
            jurisdiction_id=space.jurisdiction_id,
            space=space.name,
            space_seq=space.counter,
            op=op,
            effect=[dump_effect(row) for row in rows],
            at=at,
        )
    )
    db.session.flush()  # the number first: see ``ahead``
    for row in rows:
        entity = known[row.id]
        if entity is None:
            entity = Entity(space=space.name, id=row.id, jurisdiction_id=space.jurisdiction_id)
            db.session.add(entity)
        for name, value in entity_columns(row, space.counter, sheet_ids).items():
            setattr(entity, name, value)
        mirror_row(space.name, row)
    db.session.flush()
    return space.counter


def load_row(entity: Entity | sa.Row[Any], sheet_codes: Mapping[int, str]) -> Row:
    """The stored row as a value."""
    return Row(
        type=entity.type,
        id=entity.id,
        fields=entity.fields,
        heads=entity.heads,
        siblings=tuple(_sibling(one) for one in entity.siblings),
        sheet=sheet_codes.get(entity.sheet_id) if entity.sheet_id is not None else None,
        gone=entity.is_gone,
    )


def find_entity(space: str, entity_id: str) -> Entity | None:
    """The row with this id, tombstones too."""
    return db.session.get(Entity, (space, entity_id))


def list_own_rows(person_id: int, kind: str, limit: int) -> list[dict[str, Any]]:
    """The fields of a person's own rows of one type, the newest first."""
    query = select(Entity.fields).where(
        Entity.space == user_space(person_id), Entity.type == kind, Entity.is_gone.is_(False)
    )
    return list(db.session.scalars(query.order_by(Entity.seq.desc()).limit(limit)))


def map_own_rows(person_ids: Collection[int], kind: str) -> dict[int, dict[str, Any]]:
    """Person → the fields of their newest own row of one type; who has none is left out."""
    people = {user_space(one): one for one in person_ids}
    query = select(Entity.space, Entity.fields).where(
        Entity.space.in_(people), Entity.type == kind, Entity.is_gone.is_(False)
    )
    found = db.session.execute(query.order_by(Entity.seq))
    return {people[row.space]: row.fields for row in found}


def list_evidence(space: str, sheet_id: int) -> list[Entity]:
    """Answers, photos, signatures and check-ins of one sheet, by id."""
    query = select(Entity).where(
        Entity.space == space, Entity.sheet_id == sheet_id, Entity.type.in_(EVIDENCE)
    )
    return list(db.session.scalars(query.order_by(Entity.id)))


def _sibling(stored: Mapping[str, Any]) -> Sibling:
    author = cast(Mapping[str, Any], stored["author"])
    return Sibling(
        op=stored["op"],
        author=Author(author["id"], author["name"]),
        at=stored["at"],
        fields=stored["fields"],
    )
