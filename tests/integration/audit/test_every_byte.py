"""Whatever byte of whatever row of the trail is another one, it is found and the entry is named,
also where whoever changed it rewrote the hash on record. Both databases."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import DBAPIError, OperationalError

from server.audit.copies import decode_any, read_live
from server.audit.entries import EVENTS, read_entries
from server.audit.kept_leaves import list_kept, read_leaves
from server.audit.roots import make_root
from server.audit.verifying import check_trail
from server.custody.signing import parse_keys
from server.db import Base, db, scope_to
from tests.apps import Clock
from tests.integration.audit.trail import live_two_days, past_all_guards, write
from tests.integration.builders import Field

pytestmark = pytest.mark.both

# every column of every table of the trail, and none left out
COLUMNS = {
    name: tuple(table.columns.keys())
    for name, table in Base.metadata.tables.items()
    if name.startswith("audit_")
}
EVENT_COLUMNS, LEAF_COLUMNS = COLUMNS["audit_events"], COLUMNS["audit_leaves"]
ROOT_COLUMNS = COLUMNS["audit_roots"]
FLIPS = 3  # of each value


def kept_by(home: Path) -> list[Sequence[bytes]]:
    return [read_leaves(one.read_bytes()) for one in list_kept(home)]


@contextmanager
def unguarded(app: Flask) -> Iterator[Connection]:
    """Past all guards, and read as ``read_live`` and ``read_copy`` do."""
    with past_all_guards(app) as connection:
        if connection.dialect.name == "sqlite":
            raw: Any = connection.connection.driver_connection
            raw.text_factory = decode_any
        yield connection


@contextmanager
def taken_back(connection: Connection) -> Iterator[None]:
    connection.exec_driver_sql("SAVEPOINT before")
    try:
        yield
    finally:
        connection.exec_driver_sql("ROLLBACK TO SAVEPOINT before")


def other_values(value: Any, lot: random.Random, is_sqlite: bool) -> Iterator[Any]:
    """The value with one bit of one byte changed, a few times; of nothing, something."""
    if value is None or value == "":
        yield "x"
    for number in range(FLIPS):
        if isinstance(value, datetime):
            yield value + timedelta(microseconds=2**number)
        elif isinstance(value, int):
            yield value ^ (1 << number)
        elif value:
            data = bytearray(value.encode())
            at = (0, len(data) - 1, lot.randrange(len(data)))[number]
            # PostgreSQL takes no bytes that are no text, so that there the lowest bit has to do.
            data[at] ^= 1 << (lot.randrange(8) if is_sqlite else 0)
            yield bytes(data) if is_sqlite else data.decode()


def put(connection: Connection, table: str, column: str, key: str, row: int, value: Any) -> bool:
    """False where the database refuses such a value, whoever brings it."""
    told = f"CAST(:value AS {'TEXT' if isinstance(value, bytes) else 'JSON'})"
    is_cast = isinstance(value, bytes) or column == "details"
    statement = f"UPDATE {table} SET {column} = {told if is_cast else ':value'} WHERE {key} = :row"
    try:
        connection.execute(text(statement), {"value": value, "row": row})
    except DBAPIError:
        return False
    return True


def values_of(connection: Connection, table: str, columns: tuple[str, ...]) -> list[Any]:
    is_sqlite = connection.dialect.name == "sqlite"
    told = [f"CAST({one} AS TEXT) AS {one}" if one == "details" and not is_sqlite else one
            for one in columns]  # fmt: skip
    return list(connection.exec_driver_sql(f"SELECT {', '.join(told)} FROM {table}").mappings())


@pytest.mark.parametrize(
    ("table", "columns", "key", "least"),
    [
        ("audit_events", EVENT_COLUMNS, "id", 60),
        ("audit_leaves", LEAF_COLUMNS, "event_id", 40),
    ],
)
def test_any_changed_byte_of_an_entry_or_of_its_hash_is_found_and_the_entry_named(
    app: Flask, field: Field, clock: Clock, tmp_path: Path,
    table: str, columns: tuple[str, ...], key: str, least: int,
) -> None:  # fmt: skip
    _ids, published = live_two_days(app, field, clock)
    keys, kept, lot = parse_keys(published), kept_by(tmp_path / "home"), random.Random(6962)
    tried, columns_tried = 0, set[str]()
    with unguarded(app) as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        for row in values_of(connection, table, columns):
            for column in columns:
                for value in other_values(row[column], lot, is_sqlite):
                    with taken_back(connection):
                        if not put(connection, table, column, key, row[key], value):
                            continue
                        told = check_trail(connection, keys, [published], kept).problems
                    tried += 1
                    columns_tried.add(column)
                    assert row[key] in {one.event for one in told}, (column, value, told)
    assert columns_tried == set(columns)
    assert tried >= least, "the flips were refused by the database instead of being found"


def test_any_changed_byte_of_a_root_is_found_and_the_root_named(
    app: Flask, field: Field, clock: Clock
) -> None:
    _ids, published = live_two_days(app, field, clock)
    keys, lot = parse_keys(published), random.Random(6962)
    columns_tried = set[str]()
    with unguarded(app) as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        for row in values_of(connection, "audit_roots", ROOT_COLUMNS):
            for column in ROOT_COLUMNS:
                for value in other_values(row[column], lot, is_sqlite):
                    with taken_back(connection):
                        if not put(connection, "audit_roots", column, "id", row["id"], value):
                            continue
                        told = check_trail(connection, keys, [published]).problems
                    columns_tried.add(column)
                    numbers = (row["id"], value)  # under the one it had, or the one it has
                    is_named = any(
                        one.more.get("root") in numbers
                        or (one.code == "root.removed" and one.more["last"] >= row["id"])
                        for one in told
                    )
                    is_missed = any(one.code == "published.missing" for one in told)
                    assert is_named or is_missed, (column, value, told)
    assert columns_tried == set(ROOT_COLUMNS)


def test_an_entry_rewritten_with_its_hash_is_named_by_what_lies_outside_the_database(
    app: Flask, field: Field, clock: Clock, tmp_path: Path
) -> None:
    ids, published = live_two_days(app, field, clock)
    keys, home = parse_keys(published), tmp_path / "home"
    with unguarded(app) as connection:
        is_sqlite, lot = connection.dialect.name == "sqlite", random.Random(1)
        for row in values_of(connection, "audit_events", EVENT_COLUMNS):
            for column in EVENT_COLUMNS:
                if column in ("id", "jurisdiction_id"):
                    continue  # then it is another entry
                value = next(other_values(row[column], lot, is_sqlite), None)
                with taken_back(connection):
                    if value is None or not put(
                        connection, "audit_events", column, "id", row["id"], value
                    ):
                        continue
                    (forged,) = read_entries(connection, EVENTS.id == row["id"])
                    told = {"value": forged.leaf.hex(), "row": row["id"]}
                    connection.execute(
                        text("UPDATE audit_leaves SET hash = :value WHERE event_id = :row"), told
                    )
                    (found,) = check_trail(connection, keys, [published], kept_by(home)).problems
                assert (found.code, found.event) == ("entry.changed", row["id"]), column
        with taken_back(connection):
            # two entries and all of their hashes, over both days
            for event in (ids[1], ids[4]):
                put(connection, "audit_events", "action", "id", event, "nothing.done")
                (forged,) = read_entries(connection, EVENTS.id == event)
                told = {"value": forged.leaf.hex(), "row": event}
                connection.execute(
                    text("UPDATE audit_leaves SET hash = :value WHERE event_id = :row"), told
                )
            found_both = check_trail(connection, keys, [published], kept_by(home)).problems
            assert [one.event for one in found_both] == [ids[1], ids[4]]


def test_what_lies_outside_is_believed_only_as_far_as_a_root_was_signed_for_it(
    app: Flask, field: Field, clock: Clock, tmp_path: Path
) -> None:
    ids, published = live_two_days(app, field, clock)
    keys, (path,) = parse_keys(published), list_kept(tmp_path / "home")
    whole = path.read_bytes()
    assert len(whole) == 32 * len(ids)
    for forged, believed in (
        (whole, 5),
        (whole[:-1], 3),
        (whole[:-1] + bytes([whole[-1] ^ 1]), 3),
        (bytes(32) + whole[32:], 0),
        (b"", 0),
    ):
        with past_all_guards(app) as connection:
            told = check_trail(connection, keys, [published], [read_leaves(forged)])
        assert (told.kept, told.problems) == (believed, []), "a bad file accuses nobody"


def test_a_file_cut_short_is_made_whole_and_one_of_another_past_is_put_aside(
    app: Flask, field: Field, clock: Clock, tmp_path: Path
) -> None:
    live_two_days(app, field, clock)
    (path,) = list_kept(tmp_path / "home")
    whole = path.read_bytes()

    def next_root() -> None:
        clock.advance(days=1)
        with app.app_context():
            scope_to(field.jurisdiction_id)
            write(field, "又一天")
            make_root(field.jurisdiction_id)

    path.write_bytes(whole[:-7])  # the power failed
    next_root()
    assert path.read_bytes()[: len(whole)] == whole and len(path.read_bytes()) == len(whole) + 32
    other = whole + bytes(64)  # longer than the database: it was set back
    path.write_bytes(other)
    next_root()
    aside = path.with_suffix(".1.leaves")
    assert aside.read_bytes() == other
    assert path.read_bytes()[: len(whole)] == whole and len(path.read_bytes()) == len(whole) + 64


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_installation_itself_is_read_although_a_byte_is_no_text(
    app: Flask, field: Field, clock: Clock
) -> None:
    ids, published = live_two_days(app, field, clock)
    with app.app_context():
        engine = create_engine(db.engine.url)
        with engine.connect() as connection:
            connection.exec_driver_sql("DROP TRIGGER audit_events_update")
            put(connection, "audit_events", "target", "id", ids[2], b"firm:\xff")
            connection.commit()
        engine.dispose()
        with read_live() as live:
            (found,) = check_trail(live, parse_keys(published), [published]).problems
        assert (found.code, found.event) == ("entry.changed", ids[2])
        with pytest.raises(OperationalError):
            db.session.execute(text("SELECT target FROM audit_events")).all()
