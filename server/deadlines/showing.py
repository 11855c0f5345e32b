"""What pages say about a due date: how it was counted, and whether a notice to come may move it."""

from __future__ import annotations

from datetime import date, datetime

from flask import Flask, g

from domain.calendar import WorkCalendar
from domain.deadlines import DueDate, counted_back
from domain.due_explained import DueExplained, explain
from domain.due_named import (
    DueAhead,
    DueNamed,
    calendar_days_back,
    explain_ahead,
    explain_named,
)
from domain.term_settings import Unit
from server.deadlines.calendar import load_calendar
from server.deadlines.day_wording import festival_word
from server.runtime import SITE_ZONE


def install_due_words(app: Flask) -> None:
    """Globals for ``kit.due_day`` and the like; called by ``create_app`` alone."""
    app.jinja_env.globals.update(
        explained=explained,
        counted_from=counted_from,
        named_on=named_on,
        moved_ahead=moved_ahead,
        is_provisional=is_provisional,
        festival_word=festival_word,
    )


def explained(due: DueDate | None, unit: str = Unit.WORKING) -> DueExplained | None:
    """How the date came about, for ``kit.due_day``; None where there is no date."""
    return explain(due, page_calendar(), Unit(unit)) if due else None


def counted_from(
    start: date | datetime | None, due: date | None, unit: str = Unit.WORKING
) -> DueExplained | None:
    """The same of a day that is kept without its term; None where it was not counted from then."""
    if start is None or due is None:
        return None
    day = _site_day(start)
    if unit == Unit.CALENDAR:
        return explained(calendar_days_back(day, due), unit)
    return explained(counted_back(day, due, page_calendar()))


def named_on(start: date | datetime | None, due: date | None) -> DueNamed | None:
    """Of a day somebody named in a decision, for ``kit.due_named``."""
    if start is None or due is None:
        return None
    return explain_named(_site_day(start), due, page_calendar())


def moved_ahead(nominal: date, due: date) -> DueAhead:
    """Of a day that is in time until a fixed day (日前), for ``kit.due_ahead``."""
    return explain_ahead(nominal, due, page_calendar())


def is_provisional(day: date | None) -> bool:
    """Whether no notice has fixed yet if a day counted in working days is one."""
    return day is not None and not page_calendar().is_settled(day)


def page_calendar() -> WorkCalendar:
    """The calendar in force, read once for a page."""
    if "calendar" not in g:
        g.calendar = load_calendar()
    found: WorkCalendar = g.calendar
    return found


def _site_day(at: date | datetime) -> date:
    return at.astimezone(SITE_ZONE).date() if isinstance(at, datetime) else at
