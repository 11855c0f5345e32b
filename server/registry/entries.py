"""Entries of any register as plain values: for what treats all registers alike (imports, exports).

``model`` is a table of this subject; values are JSON-ready, dates as ISO text.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from domain.access import Actor
from server.db import db
from server.registry.changes import plain
from server.registry.owner import owner_of

Entry = Any
MOST_IDS = 500  # in one question; SQLite takes 32,766 values, PostgreSQL 65,535


def list_entries(
    actor: Actor | None, model: type[Entry], fields: Sequence[str]
) -> list[dict[str, Any]]:
    """All entries of the county, out of use or not, by id; each has ``id`` and ``fields``."""
    table = model.__table__
    names = ["id", *(name for name in fields if name != "id")]
    if any(name not in table.c for name in names):  # what hangs on an entry: a team's people
        whole = select(model).where(model.jurisdiction_id == owner_of(actor)).order_by(model.id)
        return [plain_values(one, names) for one in db.session.scalars(whole)]
    query = select(*(table.c[name] for name in names)).where(
        table.c.jurisdiction_id == owner_of(actor)
    )
    kinds = (date, Decimal)
    told = [place for place, name in enumerate(names) if table.c[name].type.python_type in kinds]
    entries = []
    for found in db.session.execute(query.order_by(table.c.id)):
        values = list(found)
        for place in told:
            values[place] = plain(values[place])
        entries.append(dict(zip(names, values, strict=True)))
    return entries


def load_entries(actor: Actor | None, model: type[Entry], ids: Collection[int]) -> dict[int, Entry]:
    """The entries themselves, by id, ready to be changed; a stranger's is not among them."""
    wanted, found = sorted(ids), {}
    for start in range(0, len(wanted), MOST_IDS):
        query = select(model).where(
            model.jurisdiction_id == owner_of(actor),
            model.id.in_(wanted[start : start + MOST_IDS]),
        )
        found.update({one.id: one for one in db.session.scalars(query)})
    return found


def plain_values(entry: Entry, fields: Collection[str]) -> dict[str, Any]:
    """The fields of one entry as ``list_entries`` gives them."""
    return {name: plain(getattr(entry, name)) for name in fields}


def stored_values(model: type[Entry], values: Mapping[str, Any]) -> dict[str, Any]:
    """The other way: ISO text becomes a date, a number a decimal, where the table has one."""
    columns = model.__table__.c
    stored = dict(values)
    for name, value in values.items():
        kind = columns[name].type.python_type if value and name in columns else None
        if kind is date:
            stored[name] = date.fromisoformat(value)
        elif kind is Decimal:
            stored[name] = Decimal(value)
    return stored


def list_referred(model: type[Entry], ids: Collection[int], without: Collection[str]) -> set[int]:
    """Which of these entries any table refers to, but the tables named: those hold parts of the
    entry itself."""
    found: set[int] = set()
    for table in db.metadata.tables.values():
        for key in table.foreign_keys:
            if key.column.table is model.__table__ and table.name not in without:
                query = select(key.parent).where(key.parent.in_(ids)).distinct()
                found |= set(db.session.scalars(query))
    return found
