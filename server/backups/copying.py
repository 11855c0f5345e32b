"""A copy of the database in one file, whatever the database is: SQLite by its own online backup,
PostgreSQL as one REPEATABLE READ snapshot, row by row, into a SQLite file of the same schema.

So a copy can be opened, checked and restored without the programs of any PostgreSQL version, on
either kind of database.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, func, insert, select, text

from server.db import Base, engine_options, prepare_engine
from server.schema import upgrade_schema

BLOCK_ROWS = 500


def copy_database(engine: Engine, target: Path) -> None:
    """Everything committed at one moment; a running server is neither stopped nor slowed down by
    locks. The file is on disk when this returns."""
    if engine.dialect.name == "sqlite":
        source = sqlite3.connect(f"file:{engine.url.database}?mode=ro", uri=True, timeout=15)
        copy = sqlite3.connect(target)
        try:
            source.backup(copy)
        finally:
            copy.close()
            source.close()
    else:
        with open_file(target) as file:
            upgrade_schema(file)
            options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
            with engine.connect().execution_options(**options) as snapshot:
                _fill_file(snapshot, file)
    settle_file(target)


@contextmanager
def open_file(path: Path) -> Iterator[Engine]:
    """An engine as the product's own, over a file of ours."""
    url = f"sqlite:///{path}"
    engine = create_engine(url, **engine_options(url))
    prepare_engine(engine)
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def read_file(path: Path) -> Iterator[Connection]:
    """A copy, read only; nothing is written beside it."""
    url = f"sqlite:///file:{path}?mode=ro&immutable=1&uri=true"
    engine = create_engine(url, **engine_options("sqlite"))
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("BEGIN")
            yield connection
    finally:
        engine.dispose()


def settle_file(path: Path) -> None:
    """One file without a journal beside it, on disk, readable by its owner only."""
    connection = sqlite3.connect(path)
    try:
        connection.execute("PRAGMA journal_mode=DELETE").fetchone()
    finally:
        connection.close()
    path.chmod(0o600)
    with path.open("rb") as file:
        os.fsync(file.fileno())


def copy_rows(source: Connection, target: Connection) -> None:
    """All rows of all tables, parents first. The target's triggers must be asleep: they refuse
    evidence below a sheet that is entered already."""
    for table in Base.metadata.sorted_tables:
        rows = source.execute(select(table), execution_options={"yield_per": BLOCK_ROWS})
        for block in rows.mappings().partitions(BLOCK_ROWS):
            target.execute(insert(table), [dict(row) for row in block])


def fill_schema(source: Connection, target: Connection) -> None:
    """Rows of a copy into an empty PostgreSQL schema of the same revision; triggers sleep
    meanwhile, and numbering goes on after the highest number."""
    tables = Base.metadata.sorted_tables
    for table in tables:
        target.execute(text(f"ALTER TABLE {table.name} DISABLE TRIGGER USER"))
    copy_rows(source, target)
    for table in tables:
        target.execute(text(f"ALTER TABLE {table.name} ENABLE TRIGGER USER"))
        key = table.autoincrement_column
        if key is None:
            continue
        sequence = target.scalar(select(func.pg_get_serial_sequence(table.name, key.name)))
        last = target.scalar(select(func.max(key)))
        if sequence is not None and last is not None:
            target.execute(select(func.setval(sequence, last)))


def _fill_file(source: Connection, file: Engine) -> None:
    with file.connect().execution_options(suicha_write=True) as target, target.begin():
        query = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
        triggers = target.exec_driver_sql(query).all()
        for name, _sql in triggers:
            target.exec_driver_sql(f"DROP TRIGGER {name}")
        copy_rows(source, target)
        for _name, sql in triggers:
            target.exec_driver_sql(sql)
