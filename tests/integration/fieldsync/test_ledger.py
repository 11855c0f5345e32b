"""``ledger verify``: everything on record is replayed, and a changed byte anywhere is found."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, and_, select

from server.db import Base, db, scope_to
from server.devices.service import import_unsent as take_file
from server.fieldsync import service
from tests.integration.builders import Field
from tests.integration.devices.unsent import make_file
from tests.integration.fieldsync.busy_day import live_busy_day
from tests.integration.fieldsync.phone import Phone

Make = Callable[[str], Phone]

# every column that something else on record explains, by table
EXPLAINED = {
    "spaces": ("counter", "digest", "jurisdiction_id"),
    "ledger": ("space_seq", "op", "effect"),
    "entities": (
        "id", "type", "seq", "sheet_id", "fields", "heads", "siblings", "is_gone",
        "jurisdiction_id",
    ),
    "receipts": ("payload", "payload_sha256", "status", "outcome", "kind", "space"),
    "proposals": (
        "op", "person_id", "space", "entity", "kind", "status", "payload", "current", "state",
    ),
    "sheets": (
        "state", "ended_on", "submitted_by", "submitted_at", "accepted_by", "accepted_at",
        "return_reason", "entered_by", "entered_at", "entered_op", "entered_version", "results",
        "result_code", "lists",
    ),
    "inspections": ("number", "planned_on", "ended_on"),
    "sheet_versions": ("version", "op", "content", "digest", "result_code", "entered_by",
                       "entered_at"),
    "sheet_cosigners": ("op", "person_id"),
    "devices": ("last_seq",),
}  # fmt: skip


@pytest.fixture
def busy(app: Flask, phone: Make) -> Flask:
    wang = live_busy_day(phone).phones["wang"]
    altered = {**wang.queue[0], "at": "2026-03-04T07:00:00.000+08:00"}
    with app.app_context():
        scope_to(wang.field.jurisdiction_id)
        take_file(None, make_file(wang, [altered], outside={"mac": ""}))
    return app


@pytest.mark.both
def test_busy_day_replays_and_every_row_is_counted(busy: Flask) -> None:
    with busy.app_context():
        found = service.check_live_ledger()
        counts = {
            name: len(db.session.execute(select(Base.metadata.tables[name])).all())
            for name in found.checked
        }
    assert found.problems == []
    assert found.checked == counts and min(counts.values()) > 0


@pytest.mark.proves("I11", "F25")
def test_one_changed_value_in_any_explained_column_is_found(busy: Flask) -> None:
    missed = []
    with busy.app_context(), unguarded() as connection:
        for table, columns in EXPLAINED.items():
            for column in columns:
                for place in _tamper_each(connection, table, column):
                    if not service.check_ledger(connection).problems:
                        missed.append(place)
        assert service.check_ledger(connection).problems == []
    assert missed == []


@pytest.mark.both
def test_a_row_that_was_taken_away_is_missed(busy: Flask) -> None:
    for table in ("ledger", "entities", "receipts", "proposals", "sheet_versions"):
        with busy.app_context(), unguarded() as connection:
            rows = Base.metadata.tables[table]
            keys = list(rows.primary_key.columns)
            query = select(rows).order_by(*keys)
            if table == "receipts":  # one that took effect: of a refused one only its own row tells
                query = query.where(rows.c.kind == "answer.set", rows.c.status == "applied")
            first = connection.execute(query).first()
            assert first is not None
            _let_orphans(connection)
            same = (key == getattr(first, key.name) for key in keys)
            connection.execute(rows.delete().where(*same))
            assert service.check_ledger(connection).problems, table


@pytest.mark.proves("I6 I11 I13", "F27 F28")
def test_a_live_ledger_adds_up_in_the_middle_of_writes(
    app: Flask, field: Field, phone: Make
) -> None:
    """One snapshot: whatever is written meanwhile is seen whole or not at all."""
    wang = phone("wang")
    stop = threading.Event()
    done: list[int] = []

    def write() -> None:
        while not stop.is_set():
            wang.set("PAX-03", {"value": f"第{len(wang.queue)}次"}, base={"value": _last(wang)})
            wang.result(wang.queue[-1])
            done.append(1)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        with app.app_context():
            seen = set()
            while len(seen) < 8:
                found = service.check_live_ledger()
                assert found.problems == []
                seen.add(found.checked["ledger"])
    finally:
        stop.set()
        writer.join()
    assert len(done) > 4


def _last(phone: Phone) -> str | None:
    return phone.queue[-1]["op"] if phone.queue else None


@contextmanager
def unguarded() -> Iterator[Connection]:
    """As somebody with the database's own console: no triggers. All of it is undone at the end."""
    db.session.remove()
    with db.engine.connect().execution_options(suicha_write=True) as connection:
        transaction = connection.begin()
        if connection.dialect.name == "sqlite":
            names = connection.exec_driver_sql(
                "SELECT name FROM sqlite_master WHERE type = 'trigger'"
            ).all()
            for (name,) in names:
                connection.exec_driver_sql(f"DROP TRIGGER {name}")
        else:  # the test's user is a superuser: triggers and foreign keys both
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        try:
            yield connection
        finally:
            transaction.rollback()


def _let_orphans(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")


def _tamper_each(connection: Connection, table: str, column: str) -> Iterator[str]:
    """Changes the column in the first, a middle and the last row that has a value there (on
    PostgreSQL the last), one at a time, and puts it back."""
    rows = Base.metadata.tables[table]
    keys = list(rows.primary_key.columns)
    names = {key.name for key in keys}
    cell = rows.c[column]
    filled = [
        row
        for row in connection.execute(select(*keys, cell.label("cell")).order_by(*keys))
        if row.cell is not None
    ]
    assert filled, f"no {table}.{column} to change"
    _let_orphans(connection)
    is_quick = connection.dialect.name == "sqlite"  # the other one repeats what it shows
    chosen = [filled[0], filled[len(filled) // 2], filled[-1]] if is_quick else filled[-1:]
    for row in chosen:
        same = and_(*(key == getattr(row, key.name) for key in keys))
        changed = _changed(row.cell, ("space_seq", "proposal", "status"))
        connection.execute(rows.update().where(same).values({column: changed}))
        yield f"{table}.{column}: {str(row.cell)[:200]} -> {str(changed)[:200]}"
        if column in names:
            now = {**{name: getattr(row, name) for name in names}, column: changed}
            same = and_(*(key == now[key.name] for key in keys))
        connection.execute(rows.update().where(same).values({column: row.cell}))


def _changed(value: Any, first: tuple[str, ...] = ()) -> Any:
    """The same with one leaf another one: of an object the first of the members named."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value - 1000
    if isinstance(value, datetime):
        return value + timedelta(seconds=1)
    if isinstance(value, date):
        return value + timedelta(days=1)
    if isinstance(value, str):
        return value[:-1] + ("0" if value[-1:] != "0" else "1")
    if isinstance(value, list):
        return [*value[:-1], _changed(value[-1])] if value else [0]
    name = next((one for one in (*first, *value) if one in value), "more")
    return {**value, name: 0 if value.get(name) is None else _changed(value[name])}
