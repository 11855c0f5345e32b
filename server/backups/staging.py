"""The restored database is built beside the present one and takes its place in one step; the
present one is moved aside under a name with the time, never deleted."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, Engine, create_engine, make_url, text
from sqlalchemy.exc import DatabaseError

from domain.errors import fault
from server.backups.copying import fill_schema, open_file, settle_file
from server.backups.folder import copy_file, fsync_folder
from server.config import Config
from server.db import engine_options
from server.schema import upgrade_schema


class Stage(Protocol):
    """``url`` opens the database being built. ``swap`` moves the old one aside under a name with
    the stamp, which must not be taken, and answers where it is now, None where there was none."""

    url: str

    def has_data(self) -> bool: ...

    def build(self, copy: Path) -> None: ...

    def is_taken(self, stamp: str) -> bool: ...

    def swap(self, stamp: str) -> str | None: ...

    def discard(self) -> None: ...


def open_stage(config: Config) -> Stage:
    """For the kind of database the installation uses."""
    if config.database_url.startswith("sqlite"):
        return FileStage(config.database_url)
    return SchemaStage(config.database_url, config.home)


class FileStage:
    """SQLite: another file in the same folder."""

    def __init__(self, url: str) -> None:
        path = Path(str(make_url(url).database)).resolve()
        self._present = path
        self._new = path.with_name(f"{path.name}.restoring")
        self.url = f"sqlite:///{self._new}"

    def has_data(self) -> bool:
        """A file that cannot be read counts as data: somebody may still want it."""
        if not self._present.is_file():
            return False
        connection = sqlite3.connect(f"file:{self._present}?mode=ro", uri=True)
        try:
            return _has_county(connection.execute)
        except sqlite3.DatabaseError:
            return True
        finally:
            connection.close()

    def build(self, copy: Path) -> None:
        self._present.parent.mkdir(parents=True, exist_ok=True)
        self.discard()
        copy_file(copy, self._new)
        with open_file(self._new) as engine:
            upgrade_schema(engine)

    def is_taken(self, stamp: str) -> bool:
        aside = self._aside(stamp)
        return any(aside.with_name(aside.name + suffix).exists() for suffix in ("", "-wal", "-shm"))

    def swap(self, stamp: str) -> str | None:
        settle_file(self._new)
        aside = self._aside(stamp)
        had_one = self._present.is_file()
        if had_one:
            self._empty_journal()
            for suffix in ("-wal", "-shm"):  # left only where the file could not be opened
                beside = self._present.with_name(self._present.name + suffix)
                if beside.is_file():
                    beside.rename(aside.with_name(aside.name + suffix))
            try:
                aside.hardlink_to(self._present)  # so that there is a database at every moment
            except FileExistsError:
                raise
            except OSError:  # a file system without links
                copy_file(self._present, aside)
        self._new.replace(self._present)
        fsync_folder(self._present.parent)
        return str(aside) if had_one else None

    def discard(self) -> None:
        _forget(self._new)

    def _aside(self, stamp: str) -> Path:
        return self._present.with_name(f"{self._present.name}.before-{stamp}")

    def _empty_journal(self) -> None:
        connection = sqlite3.connect(self._present, timeout=2, isolation_level=None)
        try:
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute("ROLLBACK")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except sqlite3.OperationalError as error:
            if "locked" in str(error):
                raise fault("restore.in_use", count=1) from error
        except sqlite3.DatabaseError:
            pass  # damaged: it is moved aside as it lies, journal and all
        finally:
            connection.close()


@dataclass(slots=True)
class SchemaStage:
    """PostgreSQL: another schema of the same database, so that one transaction exchanges them."""

    _url: str
    _home: Path
    _schema: str = ""
    url: str = ""

    def __post_init__(self) -> None:
        with self._engine(self._url) as engine, engine.connect() as connection:
            self._schema = str(connection.scalar(text("SELECT current_schema()")) or "public")
            others = connection.scalar(text(_OTHERS)) or 0
            if others:
                raise fault("restore.in_use", count=others)
            if not connection.scalar(text(_MAY_REPLACE), {"schema": self._schema}):
                raise fault("restore.no_right", schema=self._schema)
        found = make_url(self._url)
        options = f"{found.query.get('options', '')} -csearch_path={self._new}".strip()
        self.url = found.update_query_dict({"options": options}).render_as_string(False)

    @property
    def _new(self) -> str:
        return "suicha_restoring"

    def has_data(self) -> bool:
        with self._engine(self._url) as engine, engine.connect() as connection:
            try:
                return _has_county(connection.exec_driver_sql)
            except DatabaseError:
                return False  # no such table: never set up

    def build(self, copy: Path) -> None:
        self.discard()
        with self._engine(self._url) as engine, engine.begin() as connection:
            connection.execute(text(f"CREATE SCHEMA {self._new}"))
        upgraded = self._home / "restoring.sqlite3"
        _forget(upgraded)  # of a killed run
        try:
            copy_file(copy, upgraded)
            with open_file(upgraded) as source, self._engine(self.url) as target:
                upgrade_schema(source)
                upgrade_schema(target)
                with source.connect() as reading, target.begin() as writing:
                    fill_schema(reading, writing)
        finally:
            _forget(upgraded)

    def is_taken(self, stamp: str) -> bool:
        with self._engine(self._url) as engine, engine.connect() as connection:
            return connection.scalar(text(_HAS_SCHEMA), {"schema": _name_aside(stamp)}) is not None

    def swap(self, stamp: str) -> str | None:
        aside = _name_aside(stamp)
        with self._engine(self._url) as engine, engine.begin() as connection:
            had_one = bool(connection.scalar(text(_HAS_TABLES), {"schema": self._schema}))
            _rename(connection, self._schema, aside)
            _rename(connection, self._new, self._schema)
            if not had_one:  # a new database: its empty schema goes, unless something else is in it
                with suppress(DatabaseError), connection.begin_nested():
                    connection.execute(text(f"DROP SCHEMA {aside}"))
        return f"schema {aside}" if had_one else None

    def discard(self) -> None:
        with self._engine(self._url) as engine, engine.begin() as connection:
            connection.execute(text(f"DROP SCHEMA IF EXISTS {self._new} CASCADE"))

    @staticmethod
    @contextmanager
    def _engine(url: str) -> Iterator[Engine]:
        # JSON is written as ever, or no entry of the trail would read as it was signed
        engine = create_engine(url, **engine_options(url))
        try:
            yield engine
        finally:
            engine.dispose()


_OTHERS = """SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
    AND pid <> pg_backend_pid() AND backend_type = 'client backend'"""
_MAY_REPLACE = """SELECT has_database_privilege(current_database(), 'CREATE')
    AND pg_has_role(nspowner, 'USAGE') FROM pg_namespace WHERE nspname = :schema"""
_HAS_SCHEMA = "SELECT 1 FROM pg_namespace WHERE nspname = :schema"
_HAS_TABLES = "SELECT count(*) FROM pg_tables WHERE schemaname = :schema"


def _name_aside(stamp: str) -> str:
    return f"suicha_before_{stamp.lower().replace('-', '_')}"


def _forget(path: Path) -> None:
    """A database file, with what SQLite keeps beside it."""
    for suffix in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def _rename(connection: Connection, old: str, new: str) -> None:
    quote = connection.dialect.identifier_preparer.quote
    connection.execute(text(f"ALTER SCHEMA {quote(old)} RENAME TO {quote(new)}"))


def _has_county(execute: object) -> bool:
    assert callable(execute)
    return execute("SELECT 1 FROM jurisdictions LIMIT 1").fetchone() is not None
