"""Rows of a pull, read as plain columns. Their JSON goes out as it is stored, never read again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson
from sqlalchemy import Row, Select, Text, cast, select

from domain.access import Action, Actor, Target, may
from server.db import db
from server.fieldsync.models import Entity, Space
from server.inspections.door import door_token
from server.inspections.records import list_sheet_departments
from sync.cursor import cut_page
from sync.operation import parse_inspection
from sync.others_rows import tell_others

_SPACES, _ENTITIES = Space.__table__, Entity.__table__
_COLUMNS = (
    _ENTITIES.c.type,
    _ENTITIES.c.id,
    _ENTITIES.c.seq,
    cast(_ENTITIES.c.fields, Text).label("fields"),
    cast(_ENTITIES.c.heads, Text).label("heads"),
    cast(_ENTITIES.c.siblings, Text).label("siblings"),
    _ENTITIES.c.is_gone,
    _ENTITIES.c.sheet_id,
)


@dataclass(frozen=True, slots=True)
class Sight:
    """Of one visit: the sheets its reader may fill, by code, and those of other departments, as
    what belongs to a sheet names it and as its own row does."""

    may_fill: tuple[str, ...] = ()
    others: frozenset[int] = frozenset()
    other_rows: frozenset[str] = frozenset()

    def is_others(self, row: Row[Any]) -> bool:
        """Whether the row is another department's."""
        return row.sheet_id in self.others or row.id in self.other_rows


NO_SIGHT: Final = Sight()  # of a person's own space


def list_heads(jurisdiction_id: int, names: Iterable[str]) -> dict[str, tuple[int, str]]:
    """Counter and digest of each of these spaces that the county has."""
    query = select(_SPACES.c.name, _SPACES.c.counter, _SPACES.c.digest).where(
        _SPACES.c.name.in_(list(names)), _SPACES.c.jurisdiction_id == jurisdiction_id
    )
    return {row.name: (row.counter, row.digest) for row in _read(query)}


def read_rows(space: str, start: int, limit: int) -> tuple[list[Row[Any]], bool]:
    """A page and whether more follow. One operation's rows share a number; where one alone is
    longer than the page, all its rows are read."""
    table = _ENTITIES.c
    query = select(*_COLUMNS).where(table.space == space, table.seq > start)
    query = query.order_by(table.seq, table.id)
    rows = _read(query.limit(limit + 1))
    if len(rows) > limit and rows[0].seq == rows[-1].seq:
        rows = _read(query.where(table.seq == rows[0].seq))
        after = select(table.id).where(table.space == space, table.seq > rows[0].seq)
        return rows, bool(_read(after.limit(1)))
    return cut_page(rows, limit)


def dump_row(
    row: Row[Any], sight: Sight, writers: Mapping[str, Mapping[str, Any]] | None = None
) -> dict[str, Any]:
    """The row on the wire, as far as it is its reader's; ``writers`` are who wrote the versions of
    an answer in dispute."""
    is_others = sight.is_others(row)
    fields: Any = orjson.Fragment(row.fields)
    heads: Any = orjson.Fragment(row.heads)
    siblings: Any = orjson.Fragment(row.siblings)
    if is_others:
        fields, heads, siblings = tell_others(row.type, json.loads(row.fields)), {}, []
    elif row.type == "past" and row.id.partition(":")[2] not in sight.may_fill:
        # What another department found is its own; the result is told with the inspection.
        fields = {**json.loads(row.fields), "findings": {}}
    elif row.type == "inspection":
        door = door_token(int(row.id.partition(":")[2]))
        fields = {**json.loads(row.fields), "may": sight.may_fill, "door": door}
    dumped: dict[str, Any] = {
        "t": row.type,
        "id": row.id,
        "seq": row.seq,
        "fields": fields,
        "heads": heads,
        "siblings": siblings,
    }
    if writers is not None and not is_others:
        dumped["writers"] = writers
    if row.is_gone:
        dumped["gone"] = True
    return dumped


def list_sights(actor: Actor, spaces: Iterable[str]) -> Mapping[str, Sight]:
    """What of each inspection is this person's. All of them are in the person's scope, which says
    that they are on the team."""
    ids = {parsed: name for name in spaces if (parsed := parse_inspection(name)) is not None}
    team = frozenset({actor.person_id})
    may_fill: dict[str, list[str]] = {name: [] for name in ids.values()}
    others: dict[str, dict[int, str]] = {name: {} for name in ids.values()}
    for inspection_id, code, department_id, sheet_id in list_sheet_departments(list(ids)):
        name = ids[inspection_id]
        if may(actor, Action.SHEET_FILL, Target(actor.jurisdiction_id, department_id, team)):
            may_fill[name].append(code)
        if department_id != actor.department_id:
            others[name][sheet_id] = f"sheet:{code}"
    return {
        name: Sight(tuple(codes), frozenset(others[name]), frozenset(others[name].values()))
        for name, codes in may_fill.items()
    }


def _read(query: Select[Any]) -> list[Row[Any]]:
    return list(db.session.connection().execute(query))
