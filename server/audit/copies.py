"""Opening a copy of the database to look at its trail, and saying what of an entry differs from the
installation's own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, event

from server.audit.entries import EVENTS, read_entries
from server.audit.findings import Problem
from server.db import db, engine_options

MOST_EXPLAINED = 200


def decode_any(data: bytes) -> str:
    """A byte that is no UTF-8 belongs to one row and must not end the reading of all."""
    return data.decode("utf-8", "surrogateescape")


@contextmanager
def read_copy(place: str) -> Iterator[Connection]:
    """A SQLite file (a backup's ``database.sqlite3``) or a database URL, in one moment and read
    only; nothing is written beside a file."""
    url = place if "://" in place else _url_of_file(Path(place))
    options = engine_options(url)
    options.pop("json_serializer")
    engine = create_engine(url, **options)
    if engine.dialect.name == "sqlite":

        @event.listens_for(engine, "connect")
        def _take_any_bytes(connection: Any, _record: Any) -> None:
            connection.text_factory = decode_any

    try:
        with engine.connect() as connection:
            if engine.dialect.name == "sqlite":
                connection.exec_driver_sql("BEGIN")
            else:
                connection = connection.execution_options(isolation_level="REPEATABLE READ")
            yield connection
    finally:
        engine.dispose()


@contextmanager
def read_live() -> Iterator[Connection]:
    """The application's own database in one moment; ends a transaction it finds open."""
    db.session.rollback()
    options = {}
    if db.engine.dialect.name == "postgresql":  # SQLite reads a snapshot anyway
        options = {"isolation_level": "REPEATABLE READ"}
    connection = db.session.connection(execution_options=options)
    raw: Any = connection.connection.driver_connection
    is_sqlite = connection.dialect.name == "sqlite"
    before = raw.text_factory if is_sqlite else None
    try:
        if is_sqlite:
            raw.text_factory = decode_any
        yield connection
    finally:
        if is_sqlite:
            raw.text_factory = before
        db.session.rollback()


def explain(problems: list[Problem], copy: Connection, live: Connection) -> list[Problem]:
    """The same, each entry of which ``live`` still has what was hashed with what is otherwise in
    the copy: column → (there, here)."""
    ids = sorted({one.event for one in problems if one.event is not None})[:MOST_EXPLAINED]
    if not ids:
        return problems
    here = {one.event_id: one for one in read_entries(live, EVENTS.id.in_(ids))}
    there = {one.event_id: one for one in read_entries(copy, EVENTS.id.in_(ids))}
    explained = []
    for one in problems:
        kept = here.get(one.event or 0)
        if kept is not None and kept.leaf.hex() == one.more.get("hash"):
            found = there[kept.event_id].entry if kept.event_id in there else {}
            one = replace(one, more={**one.more, "differs": _differences(found, kept.entry)})
        explained.append(one)
    return explained


def _differences(there: Mapping[str, Any], here: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    names = sorted({*there, *here})
    return {
        name: (there.get(name), here.get(name))
        for name in names
        if there.get(name) != here.get(name)
    }


def _url_of_file(path: Path) -> str:
    # where a journal lies beside it, the newest rows are in the journal
    has_journal = path.with_name(path.name + "-wal").exists()
    return (
        f"sqlite:///file:{path.resolve()}?mode=ro{'' if has_journal else '&immutable=1'}&uri=true"
    )
