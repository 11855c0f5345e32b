"""Use cases: by when the reports of a year are due, and which were handed in (R103–R105)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from domain.access import Action, Actor
from domain.errors import fault
from domain.reports.report_calendar import (
    LOOKED_BACK,
    DueState,
    ReportDate,
    number_of,
    read_date,
    state_of,
    usual_days,
)
from domain.terms import Term
from server.accounts.service import lock_jurisdiction
from server.audit.service import write_event
from server.db import db, unit_of_work
from server.deadlines.calendar import load_calendar
from server.deadlines.events import advance_subjects
from server.deadlines.facts.overview import list_followed
from server.guard import require
from server.reports.models import ReportDay
from server.runtime import today


@dataclass(frozen=True, slots=True)
class DueReport:
    """A report of the year's table. ``is_usual``: nobody has set another day."""

    year: int
    when: ReportDate
    state: DueState
    is_usual: bool
    handed_in_on: date | None


def list_dates(year: int) -> list[DueReport]:
    """The year's table in the order of its days, of the county in sight."""
    calendar, known, followed = load_calendar(), _rows(year), list_followed(Term.REPORT)
    found = []
    for key, usual in usual_days(year).items():
        row = known.get(key)
        read = read_date(key, (row.day if row and row.day else usual), calendar)
        done = row.handed_in_on if row else None
        is_followed = number_of(year, key) in followed
        state = state_of(read, today(), is_done=done is not None, is_followed=is_followed)
        found.append(DueReport(year, read, state, not (row and row.day), done))
    return sorted(found, key=lambda one: (one.when.due, one.when.key))


def list_due() -> list[DueReport]:
    """What the office is to be reminded of today: due within three working days, or overdue since
    a month at most, so that a county that begins in autumn is not told of the whole year."""
    since = today() - LOOKED_BACK
    years = sorted({since.year, today().year})
    wanted = (DueState.DUE, DueState.OVERDUE)
    every = [one for year in years for one in list_dates(year)]
    return [one for one in every if one.state in wanted and one.when.due >= since]


def find_next() -> DueReport | None:
    """The next that is not handed in and still in time."""
    year = today().year
    later = [*list_dates(year), *list_dates(year + 1)]
    open_ones = (one for one in later if one.state in (DueState.LATER, DueState.DUE))
    return next(open_ones, None)


def set_days(actor: Actor, year: int, days: Mapping[str, date]) -> None:
    """The year's table. Raises ``report.day_of_other_year``."""
    require(actor, Action.REPORT_MAKE)
    usual = usual_days(year)
    for key, day in days.items():
        if day.year != year:
            raise fault("report.day_of_other_year", key=key, year=year)
    with unit_of_work():
        lock_jurisdiction(actor.jurisdiction_id)
        known = _rows(year)
        others = {key: row.day for key, row in known.items() if row.day}
        changed = [key for key, day in days.items() if day != others.get(key, usual[key])]
        moved = [number_of(year, key) for key in changed]
        advance_subjects(actor.jurisdiction_id, Term.REPORT, moved)
        for key in changed:
            day = days[key]
            _row(actor, year, key, known.get(key)).day = None if day == usual[key] else day
        write_event(
            actor.jurisdiction_id,
            actor.person_id,
            "report.days_set",
            f"reports:{year}",
            days={key: day.isoformat() for key, day in days.items()},
        )
        advance_subjects(actor.jurisdiction_id, Term.REPORT, moved)


def note_handed_in(actor: Actor, year: int, key: str, day: date | None) -> None:
    """When it was handed in; None takes that back. Raises ``report.not_found`` and
    ``report.day_refused`` for a day to come."""
    require(actor, Action.REPORT_MAKE)
    if key not in usual_days(year):
        raise fault("report.not_found")
    if day is not None and day > today():
        raise fault("report.day_refused")
    with unit_of_work():
        lock_jurisdiction(actor.jurisdiction_id)
        _row(actor, year, key, _rows(year).get(key)).handed_in_on = day
        write_event(
            actor.jurisdiction_id,
            actor.person_id,
            "report.handed_in",
            f"reports:{year}/{key}",
            day=day.isoformat() if day else "",
        )
        advance_subjects(actor.jurisdiction_id, Term.REPORT, [number_of(year, key)])


def _rows(year: int) -> dict[str, ReportDay]:
    query = select(ReportDay).where(ReportDay.year == year)
    return {one.key: one for one in db.session.scalars(query)}


def _row(actor: Actor, year: int, key: str, known: ReportDay | None) -> ReportDay:
    if known is not None:
        return known
    made = ReportDay(jurisdiction_id=actor.jurisdiction_id, year=year, key=key)
    db.session.add(made)
    return made
