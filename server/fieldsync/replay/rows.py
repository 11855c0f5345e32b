"""Builds the rows of one space again from its ledger lines and compares (I11)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Row, Select, Table, select

from server.db import Base
from server.fieldsync.replay.lines import find_line_problem
from sync.cursor import Mark, digest_space

BLOCK_ROWS = 500


class Stream:
    """Tables by name, read a block at a time. Looking at the whole database is the point here:
    other subjects' tables are read too, never written."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def __getitem__(self, table: str) -> Table:
        return Base.metadata.tables[table]

    def read(self, query: Select[Any]) -> Iterator[Row[Any]]:
        options = {"stream_results": True, "yield_per": BLOCK_ROWS}
        with self._connection.execute(query, execution_options=options) as found:
            yield from found


def list_spaces(stream: Stream) -> list[Row[Any]]:
    """All spaces of all counties, by name."""
    spaces = stream["spaces"]
    return list(stream.read(select(spaces).order_by(spaces.c.name)))


def replay_space(stream: Stream, name: str, rows: dict[str, Any]) -> Iterator[str]:
    """Each difference as a line; fills ``rows`` with entity id → its last effect. Stops early
    where the ledger itself has a hole."""
    spaces = stream["spaces"]
    space = next(stream.read(select(spaces).where(spaces.c.name == name)))
    numbers: dict[str, int] = {}
    lines: dict[int, str] = {}
    for line in _lines(stream, name):
        if line.space_seq != len(lines) + 1:
            yield f"{name}: ledger line {len(lines) + 1} is missing"
            return
        lines[line.space_seq] = line.op
        if (problem := find_line_problem(line, space, rows)) is not None:
            yield f"{name}: ledger line {line.space_seq}: {problem}"
        for effect in line.effect:
            rows[effect["id"]] = effect
            numbers[effect["id"]] = line.space_seq
    if len(lines) != space.counter:
        yield f"{name}: the counter is {space.counter}, the ledger ends at {len(lines)}"
    yield from _compare_entities(stream, space, rows, numbers)
    yield from _compare_receipts(stream, name, lines)


def _lines(stream: Stream, name: str) -> Iterator[Row[Any]]:
    """Ledger lines in order, each with the receipt of its operation where it has one."""
    ledger, receipts = stream["ledger"], stream["receipts"]
    told = (
        receipts.c.space.label("receipt_space"),
        receipts.c.kind.label("receipt_kind"),
        receipts.c.payload.label("payload"),
    )
    query = select(ledger, *told).outerjoin(receipts, receipts.c.op == ledger.c.op)
    return stream.read(query.where(ledger.c.space == name).order_by(ledger.c.space_seq))


def _compare_entities(
    stream: Stream, space: Row[Any], rows: dict[str, Any], numbers: dict[str, int]
) -> Iterator[str]:
    entities = stream["entities"]
    query = select(entities).where(entities.c.space == space.name).order_by(entities.c.id)
    sheet_ids = _sheet_ids(stream, space.name)
    marks: list[Mark] = []
    unseen = set(rows)
    for entity in stream.read(query):
        marks.append(Mark(entity.type, entity.id, entity.seq))
        unseen.discard(entity.id)
        effect = rows.get(entity.id)
        if effect is None:
            yield f"{space.name} {entity.id}: no ledger line wrote this row"
            continue
        wanted = {
            "jurisdiction_id": space.jurisdiction_id,
            "seq": numbers[entity.id],
            "type": effect["t"],
            "fields": effect["fields"],
            "heads": effect["heads"],
            "siblings": effect["siblings"],
            "is_gone": effect["gone"],
            "sheet_id": sheet_ids.get(effect["sheet"]),
        }
        for column, value in wanted.items():
            if getattr(entity, column) != value:
                line = numbers[entity.id]
                yield f"{space.name} {entity.id}: {column} differs from ledger line {line}"
    for lost in sorted(unseen):
        yield f"{space.name} {lost}: the row is gone"
    if digest_space(marks) != space.digest:
        yield f"{space.name}: the digest is not that of its rows"


def _sheet_ids(stream: Stream, space: str) -> dict[str, int]:
    sheets = stream["sheets"]
    kind, _, number = space.partition(":")
    if kind != "insp":
        return {}
    query = select(sheets.c.code, sheets.c.id).where(sheets.c.inspection_id == int(number))
    return {row.code: row.id for row in stream.read(query)}


def _compare_receipts(stream: Stream, name: str, lines: dict[int, str]) -> Iterator[str]:
    """Every outcome that names a number must be the operation on that ledger line (I13)."""
    receipts = stream["receipts"]
    query = select(receipts.c.op, receipts.c.outcome).where(receipts.c.space == name)
    numbered = {}
    for receipt in stream.read(query):
        number = receipt.outcome.get("space_seq")
        if number is None:
            continue
        if lines.get(number) != receipt.op:
            yield f"{name}: receipt {receipt.op} names ledger line {number}, which is another's"
        numbered[number] = receipt.op
    known = set(numbered.values())
    for number, op in lines.items():
        if op in known and numbered.get(number) != op:
            yield f"{name}: ledger line {number} is of {op}, whose receipt names another"
