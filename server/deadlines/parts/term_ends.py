"""When terms end, as tables of constants a query can join.

A due date is no column: it follows from the day a visit ended, the term and the calendar. The few
pairs of day and term that occur are worked out outside.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import CTE, Date, Integer, String, column, values

from domain.board import Bucket
from domain.deadlines import MetBy
from server.db import UtcDateTime
from server.runtime import SITE_ZONE


@dataclass(frozen=True, slots=True)
class TermRule:
    """Terms in working days: the usual one and what departments have of their own; of a visit the
    shortest counts. ``since``: of what is met and published only this day's and later visits.
    ``is_task_end``: counted from the day the last visit of the draw ended."""

    usual: int
    own: Mapping[str, int]
    met_by: MetBy
    since: date
    is_task_end: bool = False


@dataclass(frozen=True, slots=True)
class TermEnd:
    """When the term of a visit is over that is counted from ``start``; ``bucket`` where an unmet
    part lies today. ``visit``: the one visit it is of, because of its pauses; 0 for all others."""

    start: date
    term: int
    visit: int
    due: date
    bucket: Bucket


def build_ends(ends: Sequence[TermEnd]) -> CTE:
    """``closes_at`` is 24:00 of ``due``, an instant."""
    columns = (
        column("start", Date),
        column("term", Integer),
        column("visit", Integer),
        column("due", Date),
        column("closes_at", UtcDateTime),
        column("bucket", String),
    )
    rows = [(e.start, e.term, e.visit, e.due, _close(e.due), e.bucket.value) for e in ends]
    none = (date.min, 0, 0, date.min, datetime.min.replace(tzinfo=UTC), "")
    return values(*columns, name="term_ends").data(rows or [none]).cte("term_ends")


def build_kept_ends(days: Collection[date]) -> CTE:
    """The same of days that met parts keep."""
    columns = (column("due", Date), column("closes_at", UtcDateTime))
    rows = [(day, _close(day)) for day in sorted(days)]
    none = (date.min, datetime.min.replace(tzinfo=UTC))
    return values(*columns, name="kept_ends").data(rows or [none]).cte("kept_ends")


def _close(due: date) -> datetime:
    return datetime.combine(due + timedelta(days=1), time(), SITE_ZONE)
