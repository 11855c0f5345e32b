"""A county with two signed days on record, and hands that reach past every guard."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from sqlalchemy import Connection, create_engine, select

from server.audit.models import AuditEvent
from server.audit.roots import dump_trail, make_root
from server.audit.service import write_event
from server.db import db, scope_to, unit_of_work
from tests.apps import Clock
from tests.integration.builders import Field

REASONS = ("第一天甲", "第一天乙", "第一天丙", "第二天甲", "第二天乙")


def write(field: Field, reason: str, who: str = "office") -> int:
    """One event; answers its id."""
    with unit_of_work() as work:
        write_event(
            field.jurisdiction_id, field.people[who], "firm.status_changed", "firm:1",
            reason=reason, status="closed",
        )  # fmt: skip
        work.flush()
        event = work.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
        assert event is not None
        return event.id


def live_two_days(app: Flask, field: Field, clock: Clock) -> tuple[list[int], dict[str, Any]]:
    """Ids of five events, of which two came on the second day; what was published that evening."""
    with app.app_context():
        scope_to(field.jurisdiction_id)
        first = [write(field, one) for one in REASONS[:3]]
        make_root(field.jurisdiction_id)
        clock.advance(days=1)
        second = [write(field, one) for one in REASONS[3:]]
        make_root(field.jurisdiction_id)
        return first + second, dump_trail(field.jurisdiction_id)


@contextmanager
def past_all_guards(app: Flask) -> Iterator[Connection]:
    """A transaction of whoever owns the database file: no trigger, no reference stops it. What it
    did is taken back at the end."""
    with app.app_context():
        engine = create_engine(db.engine.url)
    try:
        with engine.connect() as connection:
            if engine.dialect.name == "sqlite":
                connection.exec_driver_sql("BEGIN")
                found = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
                for name in connection.exec_driver_sql(found).scalars().all():
                    connection.exec_driver_sql(f"DROP TRIGGER {name}")
            else:
                connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
            yield connection
            connection.rollback()
    finally:
        engine.dispose()
