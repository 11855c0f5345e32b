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
# What refuses to change an entered sheet, and what was reported or handed over of it.
# SQLite loses a table's triggers when a migration copies it to alter it
# (``batch_alter_table``): nothing would say so.
LOCK_TRIGGERS = {
    "sqlite": frozenset(
        f"{table}_{verb}"
        for table in (
            "audit_events", "correction_steps", "ledger", "receipts", "sheet_cosigners",
            "sheet_versions", "sheets", "reports", "report_entries", "summary_parts",
            "summary_part_returns", "material_handovers", "material_sheets",
            "material_withdrawals", "trainings", "training_attendees",
        )
        for verb in ("update", "delete", "replace")
    )
    | {
        "entities_delete", "entities_insert_new", "entities_sheet_row", "entities_update_new",
        "entities_update_old", "entities_version_delete", "entities_version_update",
        "entities_sheet_row_by_hand", "entities_version_by_hand", "inspections_delete",
        "inspections_update", "sheet_versions_by_hand",
    },
    "postgresql": frozenset(
        f"{table}_append_only"
        for table in (
            "audit_events", "correction_steps", "ledger", "sheet_cosigners", "sheet_versions",
            "reports", "report_entries", "summary_parts", "summary_part_returns",
            "material_handovers", "material_sheets", "material_withdrawals", "trainings",
            "training_attendees",
        )
    )
    | {
        "entities_lock", "entities_sheet_row_by_hand", "entities_version_by_hand",
        "entities_version_lock", "inspections_lock", "receipts_delete", "receipts_update",
        "sheet_versions_by_hand", "sheets_lock",
    },
}  # fmt: skip


class LockOpen(Exception):
    """An upgrade would leave entered sheets unguarded; it is undone whole."""


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
        if missing := missing_lock(connection):
            raise LockOpen(f"triggers are missing: {', '.join(missing)}")
        after = ScriptDirectory.from_config(config).get_current_head()
    return before, after


def missing_lock(connection: Connection) -> list[str]:
    """The triggers of the lock that are not there, or asleep, by name; empty where it holds."""
    dialect = connection.dialect.name
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if dialect == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
    )
    return sorted(LOCK_TRIGGERS[dialect] - set(connection.execute(text(query)).scalars()))


def schema_differences(engine: Engine) -> list[object]:
    """What the tables in the database and in the code disagree on; empty when equal."""
    import server.models  # noqa: F401

    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, Base.metadata))
