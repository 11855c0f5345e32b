"""SQLite knows how large its tables are, and looks sheets up by their visit."""

from __future__ import annotations

from datetime import date

from flask import Flask
from sqlalchemy import text

from server.db import db
from server.jobs.duties import list_duties
from tests.integration.builders import build_field
from tests.integration.statistics.recorded import record

FOUND_BY = (
    "EXPLAIN QUERY PLAN SELECT id FROM sheets WHERE jurisdiction_id = 1 "
    "AND inspection_id IN (1, 2, 3, 4, 5, 6, 7, 8, 9, 10)"
)


def test_the_sheets_of_some_visits_are_found_by_the_visits_once_counted(sqlite_app: Flask) -> None:
    with sqlite_app.app_context():
        field = build_field()
        for day in range(1, 31):
            record(field, date(2026, 1, day))
        before = str(db.session.execute(text(FOUND_BY)).all())
        assert "ix_sheets_jurisdiction_id" in before, "the whole county is read"
        db.session.rollback()
        list_duties()["database.count"].call()
        db.session.remove()
        db.engine.dispose()  # the next day's connection
        assert "ix_sheets_inspection_id" in str(db.session.execute(text(FOUND_BY)).all())
