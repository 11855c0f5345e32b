"""What pages say about a due date: how it was counted, and whether a notice to come may move it."""

from __future__ import annotations

from datetime import date

from flask import Flask, g

from domain.calendar import WorkCalendar
from domain.deadlines import DueDate
from domain.due_explained import DueExplained, explain
from server.deadlines.calendar import load_calendar
from server.deadlines.day_wording import festival_word


def install_due_words(app: Flask) -> None:
    """Globals for ``kit.due_day`` and ``kit.provisional``; called by ``create_app`` alone."""
    app.jinja_env.globals.update(
        explained=explained, is_provisional=is_provisional, festival_word=festival_word
    )


def explained(due: DueDate | None) -> DueExplained | None:
    """How the date came about, for ``kit.due_day``; None where there is no date."""
    return explain(due, page_calendar()) if due else None


def is_provisional(day: date | None) -> bool:
    """Whether no notice has fixed yet if a day counted in working days is one."""
    return day is not None and not page_calendar().is_settled(day)


def page_calendar() -> WorkCalendar:
    """The calendar in force, read once for a page."""
    if "calendar" not in g:
        g.calendar = load_calendar()
    found: WorkCalendar = g.calendar
    return found
