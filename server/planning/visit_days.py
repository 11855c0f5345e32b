"""Lookup: whether the plans allow a visit on a day (R031, R122, part 7 row 6)."""

from __future__ import annotations

from datetime import date

from domain.errors import message
from domain.plan_windows import Allowed, warn_of_visit
from server.i18n import current_locale
from server.planning.linking import list_counted_as
from server.planning.models import PlanTask


def visit_warnings(task: PlanTask, day: date) -> list[str]:
    """In the reader's language, one sentence for each plan or campaign the day lies outside of;
    empty when it fits. A task of two plans is held to both windows."""
    rows = [task, *list_counted_as(task)]
    windows = [
        Allowed(one.plan.title, one.plan.year, one.start_month, one.end_month)
        for one in rows
        if one.start_month is not None and one.end_month is not None
    ]
    phases = [phase for one in rows for phase in one.plan.phases]
    return [
        message(one.code, current_locale(), one.details)
        for one in warn_of_visit(day, windows, phases)
    ]
