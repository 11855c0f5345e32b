"""The working-day calendar in the database, seeded from ``chinesecalendar``.

The library's own data end with the last published notice (2026 at this writing) and raise beyond
it; years without a notice stay unknown, and due dates that reach them are provisional.
"""

from __future__ import annotations

from datetime import date

import chinese_calendar
from chinese_calendar import constants
from sqlalchemy import func, select

from domain.calendar import DayKind, WorkCalendar
from server.db import db, unit_of_work
from server.deadlines.models import CalendarDay, CalendarYear

FIRST_YEAR = 2018  # of what the database is given; the library knows 2004 as well
LIBRARY = "chinesecalendar "
SOURCE = f"{LIBRARY}{chinese_calendar.__version__}"


def library_calendar(first_year: int = FIRST_YEAR) -> WorkCalendar:
    """The library's data as a calendar value; needs no database."""
    return WorkCalendar.from_days(*_library_days(first_year))


def load_calendar() -> WorkCalendar:
    """The calendar in force: the database's rows."""
    query = select(CalendarDay.day, CalendarDay.kind, CalendarDay.name)
    rows = db.session.execute(query).all()
    return WorkCalendar.from_days(
        {day: DayKind(kind) for day, kind, _ in rows},
        db.session.scalars(select(CalendarYear.year)),
        {day: name for day, _, name in rows},
    )


def seed_calendar() -> int:
    """Adds the library's years that the database does not know yet; answers how many.

    Years imported from a notice are left alone: the notice is the law, the library a copy.
    """
    days, years = _library_days(FIRST_YEAR)
    with unit_of_work() as work:
        known = set(work.scalars(select(CalendarYear.year)))
        new = [year for year in years if year not in known]
        for year in new:
            work.add(CalendarYear(year=year, source=SOURCE))
        present = set(work.scalars(select(CalendarDay.day)))
        for day, kind in days.items():
            if day.year in new and day not in present:
                work.add(CalendarDay(day=day, kind=kind.value, name=_name(day)))
    return len(new)


def map_year_sources() -> dict[int, str]:
    """Known year → the document its days come from, or the library's name and version."""
    rows = db.session.scalars(select(CalendarYear).order_by(CalendarYear.year))
    return {row.year: row.source for row in rows}


def count_known_years() -> int:
    """How many years have a notice."""
    return db.session.scalar(select(func.count()).select_from(CalendarYear)) or 0


def _library_days(first_year: int) -> tuple[dict[date, DayKind], list[int]]:
    days: dict[date, DayKind] = {}
    for day in constants.holidays:
        if day.year >= first_year:
            days[day] = DayKind.HOLIDAY
    for day in constants.workdays:
        if day.year >= first_year:
            days[day] = DayKind.MAKEUP
    last = max(day.year for day in constants.holidays)
    return days, list(range(first_year, last + 1))


def _name(day: date) -> str:
    text = constants.holidays.get(day) or constants.workdays.get(day) or ""
    english = str(text)
    return next((str(h.chinese) for h in constants.Holiday if str(h.value) == english), english)
