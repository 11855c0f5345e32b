"""What the office writes into many spaces at once: the visits of a draw. The same ledger lines,
rows and receipts as ``office.write_rows`` makes for one space, with a few statements per table;
space by space, 500 visits took half a minute of the processor."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam, insert, select, tuple_, update

from server.db import unit_of_work
from server.fieldsync.effects import digest_after, dump_effect, entity_columns
from server.fieldsync.ids import make_op_id
from server.fieldsync.mirror import mirror_row
from server.fieldsync.models import Entity, LedgerEntry, Space
from server.fieldsync.office import RowWrite
from server.fieldsync.server_ops import add_server_receipts, build_server_receipt
from sync.cursor import Mark
from sync.rows import EVIDENCE, Row

PAIRS = 500  # of a key of two columns in one question; SQLite takes 32,766 values

_SPACE, _ENTITY = Space.__table__.c, Entity.__table__.c
_MOVE = (
    update(Space.__table__)
    .where(_SPACE.name == bindparam("moved"))
    .values(counter=bindparam("new_counter"), digest=bindparam("new_digest"))
)
_COLUMNS = ("type", "seq", "sheet_id", "fields", "heads", "siblings", "is_gone")
_REWRITE = (
    update(Entity.__table__)
    .where(_ENTITY.space == bindparam("in_space"), _ENTITY.id == bindparam("row_id"))
    .values({name: bindparam(f"new_{name}") for name in _COLUMNS})
)
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class SpaceWrite:
    """One operation of the office in one space. ``sheet_codes`` are the codes of the sheets that
    its rows belong to, by their ids."""

    space: str
    kind: str
    rows: Sequence[RowWrite]
    sheet_codes: Mapping[int, str] = field(default_factory=dict)


@dataclass(slots=True)
class _Effects:
    """What goes into the tables."""

    spaces: list[dict[str, Any]] = field(default_factory=list)
    lines: list[dict[str, Any]] = field(default_factory=list)
    fresh: list[dict[str, Any]] = field(default_factory=list)
    known: list[dict[str, Any]] = field(default_factory=list)
    receipts: list[dict[str, Any]] = field(default_factory=list)
    mirrored: list[tuple[str, Row]] = field(default_factory=list)


def write_spaces(
    *,
    jurisdiction_id: int,
    writes: Sequence[SpaceWrite],
    person_id: int | None,
    at: datetime,
    copies_back: bool = True,
) -> None:
    """Each as ``office.write_rows`` would, in the order given; each space once. The caller holds
    the spaces (``spaces.lock_spaces``); joins its unit of work. Raises ValueError for evidence,
    which only people write. A row written for the first time was made from its table: nothing is
    copied back into that; nor where ``copies_back`` is False because all of them were."""
    with unit_of_work() as work:
        work.flush()
        connection = work.connection()
        stand = _read_spaces(connection, writes)
        marks = _read_marks(connection, [one for one in writes if stand[one.space].counter])
        effects = _Effects()
        for one in writes:
            _add(effects, one, stand[one.space], marks, jurisdiction_id, person_id, at)
        _execute(connection, _MOVE, effects.spaces)
        # The number before any row, as everybody does: see ``receiving.ahead``.
        _execute(connection, insert(LedgerEntry.__table__), effects.lines)
        _execute(connection, insert(Entity.__table__), effects.fresh)
        _execute(connection, _REWRITE, effects.known)
        add_server_receipts(connection, effects.receipts)
        for known in list(work):
            if isinstance(known, Entity | Space):
                work.expire(known)
        for space, row in effects.mirrored if copies_back else ():
            mirror_row(space, row)
        work.flush()


def _add(
    effects: _Effects,
    wanted: SpaceWrite,
    stand: sa.Row[Any],
    marks: Mapping[Key, Mark],
    jurisdiction_id: int,
    person_id: int | None,
    at: datetime,
) -> None:
    space, seq, op = wanted.space, stand.counter + 1, make_op_id()
    rows = [_row(one, op, wanted.sheet_codes) for one in wanted.rows]
    before = {row.id: marks[space, row.id] for row in rows if (space, row.id) in marks}
    digest = digest_after(stand.digest, before, rows, seq)
    effects.spaces.append({"moved": space, "new_counter": seq, "new_digest": digest})
    line = {"jurisdiction_id": jurisdiction_id, "space": space, "space_seq": seq, "op": op}
    effects.lines.append({**line, "effect": [dump_effect(row) for row in rows], "at": at})
    sheet_ids = {code: sheet_id for sheet_id, code in wanted.sheet_codes.items()}
    for row in rows:
        columns = entity_columns(row, seq, sheet_ids)
        if row.id in before:
            fresh = {f"new_{name}": columns[name] for name in _COLUMNS}
            effects.known.append({"in_space": space, "row_id": row.id, **fresh})
            effects.mirrored.append((space, row))
        else:
            key = {"space": space, "id": row.id, "jurisdiction_id": jurisdiction_id}
            effects.fresh.append(key | columns)
    if person_id is not None:
        told = [{"id": row.id, "fields": dict(row.fields)} for row in rows]
        effects.receipts.append(
            build_server_receipt(
                op, f"office:{person_id}", person_id, jurisdiction_id, space, wanted.kind,
                {"kind": wanted.kind, "rows": told}, seq, at,
            )
        )  # fmt: skip


def _row(one: RowWrite, op: str, codes: Mapping[int, str]) -> Row:
    if one.type in EVIDENCE:
        raise ValueError(f"{one.id} is evidence: its versions would be lost")
    return Row(
        type=one.type,
        id=one.id,
        fields=one.fields,
        heads=dict.fromkeys(one.fields, op),
        siblings=(),
        sheet=codes[one.sheet_id] if one.sheet_id is not None else None,
        gone=one.gone,
    )


def _read_spaces(connection: sa.Connection, writes: Sequence[SpaceWrite]) -> dict[str, sa.Row[Any]]:
    query = select(_SPACE.name, _SPACE.counter, _SPACE.digest)
    found: dict[str, sa.Row[Any]] = {}
    for part in _parts([one.space for one in writes]):
        found |= {row.name: row for row in connection.execute(query.where(_SPACE.name.in_(part)))}
    return found


def _read_marks(connection: sa.Connection, writes: Sequence[SpaceWrite]) -> dict[Key, Mark]:
    query = select(_ENTITY.space, _ENTITY.id, _ENTITY.type, _ENTITY.seq)
    found: dict[Key, Mark] = {}
    for part in _parts([(one.space, row.id) for one in writes for row in one.rows]):
        for row in connection.execute(query.where(tuple_(_ENTITY.space, _ENTITY.id).in_(part))):
            found[row.space, row.id] = Mark(row.type, row.id, row.seq)
    return found


def _parts(values: Iterable[Any]) -> Iterator[list[Any]]:
    left = iter(values)
    while part := list(islice(left, PAIRS)):
        yield part


def _execute(connection: sa.Connection, statement: Any, values: list[dict[str, Any]]) -> None:
    if values:
        connection.execute(statement, values)
