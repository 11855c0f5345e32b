"""Many rows of one table in one step, as the driver itself takes them. The triggers of the lock see
each row. JSON columns are text here, as ``server.json_text`` writes it.

SQLite: one text per table and number of rows, prepared once. PostgreSQL: COPY, because a text with
hundreds of places is parsed by the driver anew each time; rows that may be there already go as one
JSON document instead, for COPY knows no ON CONFLICT.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from itertools import chain
from typing import Any

import orjson
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, OperationalError

Values = tuple[Any, ...]


class BulkRefused(Exception):
    """The database refused the rows as a whole: one of them does not fit. Taken one by one, each in
    its savepoint, the others get in."""


def insert_rows(
    connection: Connection, table: str, columns: tuple[str, ...], rows: Sequence[Values]
) -> None:
    """New rows. Raises ``BulkRefused``; a database that is busy or gone raises its own."""
    if not rows:
        return
    if connection.dialect.name == "postgresql":
        _copy(connection, table, columns, rows)
        return
    with _refusing(table):
        text = _values_statement(table, columns, len(rows))
        connection.exec_driver_sql(text, tuple(chain.from_iterable(rows)))


def upsert_rows(
    connection: Connection,
    table: str,
    columns: tuple[str, ...],
    rows: Sequence[Values],
    key: tuple[str, ...],
    json_columns: frozenset[str],
) -> None:
    """Rows that take the place of those with their ``key``. Raises as ``insert_rows``."""
    if not rows:
        return
    tail = _on_conflict(columns, key)
    with _refusing(table):
        if connection.dialect.name == "postgresql":
            document = _document(columns, rows, json_columns)
            connection.exec_driver_sql(_from_document(table, columns) + tail, (document,))
        else:
            text = _values_statement(table, columns, len(rows)) + tail
            connection.exec_driver_sql(text, tuple(chain.from_iterable(rows)))


@contextmanager
def _refusing(table: str) -> Iterator[None]:
    try:
        yield
    except OperationalError:
        raise  # busy or gone: nothing was decided, the phone comes again
    except DBAPIError as error:
        if error.connection_invalidated:
            raise
        raise BulkRefused(f"{table}: {error.orig}") from error


def _copy(
    connection: Connection, table: str, columns: tuple[str, ...], rows: Sequence[Values]
) -> None:
    """SQLAlchemy has no word for COPY, so its errors are put into SQLAlchemy's here."""
    text = f"COPY {table} ({', '.join(columns)}) FROM STDIN"
    driver: Any = connection.connection.driver_connection
    import psycopg  # with the module, every county on SQLite would load it, too

    try:
        with driver.cursor() as cursor, cursor.copy(text) as copy:
            for row in rows:
                copy.write_row(row)
    except psycopg.Error as error:
        if driver.closed:
            connection.invalidate(error)
            raise OperationalError(text, None, error, connection_invalidated=True) from error
        if isinstance(error, psycopg.OperationalError):
            raise OperationalError(text, None, error) from error
        raise BulkRefused(f"{table}: {error}") from error


@cache
def _values_statement(table: str, columns: tuple[str, ...], count: int) -> str:
    row = f"({', '.join('?' * len(columns))})"
    names, values = ", ".join(columns), ", ".join([row] * count)
    return f"INSERT INTO {table} ({names}) VALUES {values}"  # noqa: S608 (names of ours only)


@cache
def _from_document(table: str, columns: tuple[str, ...]) -> str:
    names = ", ".join(columns)
    return (
        f"INSERT INTO {table} ({names}) SELECT {names} "  # noqa: S608 (names of ours only)
        f"FROM json_populate_recordset(NULL::{table}, %s::json)"
    )


def _document(
    columns: tuple[str, ...], rows: Sequence[Values], json_columns: frozenset[str]
) -> str:
    sent = [
        {
            name: orjson.Fragment(value) if name in json_columns else value
            for name, value in zip(columns, row, strict=True)
        }
        for row in rows
    ]
    return orjson.dumps(sent).decode()


@cache
def _on_conflict(columns: tuple[str, ...], key: tuple[str, ...]) -> str:
    sets = ", ".join(f"{name} = excluded.{name}" for name in columns if name not in key)
    return f" ON CONFLICT ({', '.join(key)}) DO UPDATE SET {sets}"
