"""The calendar in the database says what the State Council's notices say."""

from __future__ import annotations

import csv
from datetime import date, timedelta

import pytest
from flask import Flask

from server.db import db
from server.deadlines.calendar import (
    count_known_years,
    library_calendar,
    load_calendar,
    seed_calendar,
)
from server.deadlines.models import CalendarDay
from server.deadlines.service import due_of, entry_working_days
from tests.conftest import ROOT

pytestmark = pytest.mark.both


def test_seeded_calendar_equals_the_notices_of_2024_to_2026_on_every_day(app: Flask) -> None:
    kinds = {}
    with (ROOT / "data" / "holidays.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            kinds[date.fromisoformat(row["date"])] = row["kind"]
    with app.app_context():
        seed_calendar()
        calendar = load_calendar()
    day, wrong = date(2024, 1, 1), []
    while day.year < 2027:
        kind = kinds.get(day)
        expected = kind == "makeup" or (kind is None and day.weekday() < 5)
        if calendar.is_working_day(day) != expected:
            wrong.append(day)
        day += timedelta(days=1)
    assert wrong == []


def test_seeding_twice_changes_nothing_and_2027_stays_unknown(app: Flask) -> None:
    with app.app_context():
        first = seed_calendar()
        assert first == count_known_years() >= 9
        assert seed_calendar() == 0
        assert not load_calendar().is_known_year(2027)


def test_database_and_library_hold_the_same_calendar(sqlite_app: Flask) -> None:
    with sqlite_app.app_context():
        seed_calendar()
        assert load_calendar() == library_calendar()
        names = db.session.get_one(CalendarDay, date(2024, 10, 1)).name
    assert names == "国庆节"


def test_term_is_the_shortest_of_the_departments_that_take_part() -> None:
    settings = {"entry.working_days": 20, "entry.working_days_by_department": {"mr": 10}}
    assert entry_working_days(settings, ["tr"]) == 20
    assert entry_working_days(settings, ["tr", "mr"]) == 10
    assert entry_working_days({}, []) == 20


def test_no_due_date_before_the_inspection_has_ended(sqlite_app: Flask) -> None:
    with sqlite_app.app_context():
        assert due_of(None, ["tr"], 1) is None
