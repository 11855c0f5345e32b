"""Entries of any register as plain values: for what treats all registers alike (imports, exports).

``model`` is a table of this subject; values are JSON-ready, dates as ISO text.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from domain.access import Actor
from server.db import db
from server.registry.owner import owner_of

Entry = Any
MOST_IDS = 500  # in one question; SQLite takes 32,766 values, PostgreSQL 65,535


def list_entries(
    actor: Actor | None, model: type[Entry], fields: Sequence[str]
) -> list[dict[str, Any]]:
    """All entries of the county, out of use or not, by id; each has ``id`` and ``fields``."""
    table = model.__table__
    names = ["id", *(name for name in fields if name != "id")]
    query = select(*(table.c[name] for name in names)).where(
        table.c.jurisdiction_id == owner_of(actor)
    )
    dates = [place for place, name in enumerate(names) if table.c[name].type.python_type is date]
    entries = []
    for found in db.session.execute(query.order_by(table.c.id)):
        values = list(found)
        for place in dates:
            if values[place] is not None:
                values[place] = values[place].isoformat()
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
    values = {name: getattr(entry, name) for name in fields}
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in values.items()
    }


def stored_values(model: type[Entry], values: Mapping[str, Any]) -> dict[str, Any]:
    """The other way: ISO text becomes a date where the table has one."""
    table = model.__table__
    return {
        name: date.fromisoformat(value)
        if value and table.c[name].type.python_type is date
        else value
        for name, value in values.items()
    }
