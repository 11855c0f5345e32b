"""How many parts there are: by bucket, by due date, by the day their terms began and were met."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime

from sqlalchemy import func, select

from domain.board import Bucket
from server.db import db
from server.deadlines.parts.query import Parts
from server.deadlines.parts.wanted import narrow
from server.inspections.models import Sheet


def count_buckets(parts: Parts) -> Counter[tuple[Bucket, str]]:
    """By bucket and state of the sheet, under all of the filter but its ``state``."""
    inner = parts.query.add_columns(Sheet.state.label("state")).subquery()
    key = (inner.c.bucket, inner.c.state)
    query = select(*key, func.count()).group_by(*key)
    return Counter({(Bucket(one[0]), one[1]): one[2] for one in db.session.execute(query)})


def count_due_days(parts: Parts) -> dict[date, int]:
    """Due date → how many unmet parts fall due on it."""
    inner = parts.query.where(~parts.is_met, parts.ends.c.due.is_not(None)).subquery()
    query = select(inner.c.due, func.count()).group_by(inner.c.due)
    return {row[0]: row[1] for row in db.session.execute(query)}


def count_days_of(parts: Parts, first: date, last: date) -> dict[tuple[date, bool], int]:
    """(due date, whether met) → how many parts, of the due dates from ``first`` to ``last``."""
    inner = parts.query.add_columns(parts.is_met.label("is_met")).subquery()
    key = (inner.c.due, inner.c.is_met)
    query = select(*key, func.count()).group_by(*key)
    # Narrowed here: asked for days, SQLite walks all sheets once for each of the terms' ends.
    return {
        (row[0], bool(row[1])): row[2]
        for row in db.session.execute(query)
        if row[0] is not None and first <= row[0] <= last
    }


def count_began(parts: Parts, since: date) -> Counter[date]:
    """How many terms began on each day from ``since`` on: the visit, or its task, ended on it."""
    began = select(parts.start.label("began")).select_from(Sheet).join(Sheet.inspection)
    days = narrow(began.where(*parts.sight), parts.wanted).subquery().c.began
    query = select(days, func.count()).where(days >= since).group_by(days)
    return Counter({row[0]: row[1] for row in db.session.execute(query)})


def list_met(parts: Parts, since: datetime) -> list[tuple[datetime, date | None]]:
    """Of what was entered since then and is met, as far as its term has begun: the instant of the
    entry, and the receipt's day where that is what meets a term."""
    query = select(Sheet.entered_at, parts.met_day).select_from(Sheet).join(Sheet.inspection)
    query = query.where(
        *parts.sight, parts.is_met, Sheet.entered_at >= since, parts.start.is_not(None)
    )
    return [(row[0], row[1]) for row in db.session.execute(narrow(query, parts.wanted))]
