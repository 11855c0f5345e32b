"""The database under the server, put back to an earlier copy in a millisecond or two."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import psycopg


class Store(Protocol):
    """``save`` answers a copy of what is committed; ``load`` makes it the database again. Nobody
    may be connected while it does: ``close`` is called first."""

    def save(self) -> object: ...
    def load(self, copy: object) -> None: ...
    def drop(self) -> None: ...


class SqliteStore:
    """A file; a copy is its bytes."""

    def __init__(self, path: Path, close: Callable[[], None]) -> None:
        self._path, self._close = path, close

    def save(self) -> object:
        self._close()
        connection = sqlite3.connect(self._path)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        return self._path.read_bytes()

    def load(self, copy: object) -> None:
        assert isinstance(copy, bytes)
        self._close()
        for suffix in ("-wal", "-shm"):
            Path(f"{self._path}{suffix}").unlink(missing_ok=True)
        self._path.write_bytes(copy)

    def drop(self) -> None:
        self._close()


class PostgresStore:
    """A database; a copy is another one made from it."""

    def __init__(self, prefix: str, name: str, close: Callable[[], None]) -> None:
        self._dsn = f"{prefix.replace('postgresql+psycopg', 'postgresql')}/postgres"
        self._name, self._close, self._copies = name, close, 0

    def save(self) -> object:
        self._copies += 1
        copy = f"{self._name}_{self._copies}"
        self._close()
        self._run(f"CREATE DATABASE {copy} TEMPLATE {self._name} STRATEGY FILE_COPY")
        return copy

    def load(self, copy: object) -> None:
        self._close()
        self._run(f"DROP DATABASE IF EXISTS {self._name} WITH (FORCE)")
        self._run(f"CREATE DATABASE {self._name} TEMPLATE {copy} STRATEGY FILE_COPY")

    def drop(self) -> None:
        self._close()
        for number in range(1, self._copies + 1):
            self._run(f"DROP DATABASE IF EXISTS {self._name}_{number} WITH (FORCE)")

    def _run(self, statement: str) -> None:
        with psycopg.connect(self._dsn, autocommit=True) as connection:
            connection.execute(statement)
