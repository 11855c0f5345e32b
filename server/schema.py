"""Brings a database to the newest schema."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config as AlembicConfig
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import OperationalError

from server.db import Base

MIGRATIONS = Path(__file__).parent / "migrations"
DEADLOCK = "40P01"
MAX_TRIES = 20
UPGRADE_LOCK = 0x5375_6963_6861  # any number of ours


def _alembic(connection: Connection) -> AlembicConfig:
    config = AlembicConfig()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


@contextmanager
def _alone(engine: Engine) -> Iterator[Connection]:
    """One transaction that nobody else's upgrade runs beside: two processes may start at once."""
    with engine.connect().execution_options(suicha_write=True) as connection, connection.begin():
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": UPGRADE_LOCK})
        yield connection


def upgrade_schema(engine: Engine) -> tuple[str | None, str | None]:
    """Runs what is missing; answers (revision before, revision after).

    Under a server that goes on working, PostgreSQL may end the upgrade where it meets another
    transaction crosswise. All of it is one transaction then undone: it is run again.
    """
    for _ in range(MAX_TRIES - 1):
        try:
            return _upgrade(engine)
        except OperationalError as error:
            if getattr(error.orig, "sqlstate", None) != DEADLOCK:
                raise
    return _upgrade(engine)


def _upgrade(engine: Engine) -> tuple[str | None, str | None]:
    with _alone(engine) as connection:
        before = MigrationContext.configure(connection).get_current_revision()
        config = _alembic(connection)
        command.upgrade(config, "head")
        after = ScriptDirectory.from_config(config).get_current_head()
    return before, after


def schema_differences(engine: Engine) -> list[object]:
    """What the tables in the database and in the code disagree on; empty when equal."""
    import server.models  # noqa: F401

    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, Base.metadata))
