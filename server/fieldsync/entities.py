"""Rows between the tables and ``sync.rows``, and the one place where an effect is written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, cast

from sqlalchemy import select

from server.db import db
from server.fieldsync.mirror import mirror_row
from server.fieldsync.models import Entity, LedgerEntry, Space
from sync.cursor import Mark, move_digest
from sync.rows import EVIDENCE, Author, Row, Sibling


def write_effect(
    space: Space, op: str, rows: Iterable[Row], sheet_ids: Mapping[str, int], at: datetime
) -> int:
    """Stores the rows as they stand after ``op`` under the space's next number, with the ledger
    line, and flushes. The caller holds the space's lock. Answers the number (I13)."""
    space.counter += 1
    effect = []
    for row in rows:
        entity = db.session.get(Entity, (space.name, row.id))
        if entity is None:
            entity = Entity(space=space.name, id=row.id, jurisdiction_id=space.jurisdiction_id)
            db.session.add(entity)
        before = Mark(entity.type, row.id, entity.seq) if entity.seq else None
        space.digest = move_digest(space.digest, before, Mark(row.type, row.id, space.counter))
        entity.type = row.type
        entity.seq = space.counter
        entity.sheet_id = sheet_ids.get(row.sheet) if row.sheet is not None else None
        if row.type in EVIDENCE and entity.sheet_id is None:
            raise ValueError(f"{row.id} belongs to no sheet: the lock would not hold it")
        entity.fields = dict(row.fields)
        entity.heads = dict(row.heads)
        entity.siblings = [sibling.as_plain() for sibling in row.siblings]
        entity.is_gone = row.gone
        effect.append(dump_effect(row))
        mirror_row(space.name, row)
    db.session.add(
        LedgerEntry(
            jurisdiction_id=space.jurisdiction_id,
            space=space.name,
            space_seq=space.counter,
            op=op,
            effect=effect,
            at=at,
        )
    )
    db.session.flush()
    return space.counter


def dump_effect(row: Row) -> dict[str, Any]:
    """The row as the ledger keeps it: enough to build the entity again."""
    return {
        "t": row.type,
        "id": row.id,
        "fields": dict(row.fields),
        "heads": dict(row.heads),
        "siblings": [sibling.as_plain() for sibling in row.siblings],
        "gone": row.gone,
        "sheet": row.sheet,
    }


def load_row(entity: Entity, sheet_codes: Mapping[int, str]) -> Row:
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
