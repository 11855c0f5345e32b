"""Which parts there are: one page of them, some by id, and the terms that occur among them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Final

from sqlalchemy import case, func, select

from server.db import db
from server.deadlines.parts.query import PUBLISHED, Parts
from server.deadlines.parts.wanted import ENDED
from server.inspections.models import Inspection, Sheet

OVER: Final = ("done", "met", "met_late")


def list_terms(parts: Parts) -> list[tuple[date, int, int]]:
    """The days terms are counted from, their length, and the visit where it is paused (else 0):
    each once, whatever the filter."""
    told = (parts.start, parts.term, parts.visit)
    query = select(*told).select_from(Sheet).join(Sheet.inspection).distinct()
    query = query.where(ENDED.is_not(None), *parts.sight)
    return [(row[0], row[1], row[2]) for row in db.session.execute(query) if row[0]]


def list_page(parts: Parts, number: int, size: int) -> list[tuple[int, int]]:
    """(sheet, term) of one page, the most urgent first: what is late or will be, by due date; then
    what no term runs for yet, by planned day; then what is met and waits for the platform or the
    public. Of what is over the latest first."""
    query = parts.query.add_columns(parts.term.label("term")).where(parts.has_state)
    if parts.wanted.state in OVER:
        query = query.order_by(Sheet.entered_at.desc(), Sheet.id.desc())
    else:
        rank = case((parts.is_met, 2), (parts.ends.c.due.is_(None), 1), else_=0)
        # SQLite sorts what is empty first, PostgreSQL last
        due, planned = (
            func.coalesce(day, date.max) for day in (parts.ends.c.due, Inspection.planned_on)
        )
        query = query.order_by(rank, due, planned, Sheet.entered_at, Inspection.id, Sheet.id)
    query = query.limit(size).offset((number - 1) * size)
    return [(row.id, row.term) for row in db.session.execute(query)]


def find_parts(parts: Parts, sheet_ids: Collection[int]) -> list[tuple[int, int]]:
    """(sheet, term) of these, as far as they are in sight and not published."""
    query = parts.query.add_columns(parts.term.label("term"))
    query = query.where(Sheet.id.in_(set(sheet_ids)), Sheet.state != PUBLISHED)
    return [(row.id, row.term) for row in db.session.execute(query.order_by(Sheet.id))]
