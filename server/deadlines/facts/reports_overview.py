"""Lookup over other subjects' tables (docs/decisions/0003): the dates of the year's reports."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from domain.calendar import WorkCalendar
from domain.reports.report_calendar import (
    LOOKED_BACK,
    number_of,
    read_date,
    read_number,
    usual_days,
)
from domain.terms import Term
from server.accounts.service import list_departments
from server.db import db
from server.deadlines.facts.overview import list_followed
from server.reports.models import ReportDay


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """``number`` as in ``report_calendar``; ``department_id`` is the home department."""

    number: int
    department_id: int
    year: int
    due: date
    handed_in_on: date | None


def list_report_facts(
    jurisdiction_id: int,
    today: date,
    calendar: WorkCalendar,
    numbers: Collection[int] | None = None,
) -> list[ReportFacts]:
    """Of this year and of what began before and is on record; or of these alone."""
    home = next((one.id for one in list_departments()), None)
    if home is None:
        return []
    known = list_followed(Term.REPORT)
    asked = {read_number(one)[0] for one in (known if numbers is None else numbers)}
    years = asked if numbers is not None else asked | {today.year, (today - LOOKED_BACK).year}
    rows = {
        (one.year, one.key): one
        for one in db.session.scalars(
            select(ReportDay).where(
                ReportDay.jurisdiction_id == jurisdiction_id, ReportDay.year.in_(years)
            )
        )
    }
    found = []
    for year in sorted(years):
        for key, usual in usual_days(year).items():
            row, number = rows.get((year, key)), number_of(year, key)
            due = read_date(key, (row.day if row and row.day else usual), calendar).due
            is_wanted = number in numbers if numbers is not None else due >= today - LOOKED_BACK
            if is_wanted or (numbers is None and number in known):
                done = row.handed_in_on if row else None
                found.append(ReportFacts(number, home, year, due, done))
    return found
