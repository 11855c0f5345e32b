"""Lookup: the sheets of visits that have ended, with what their due dates are counted from."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from server.db import db
from server.inspections.models import Inspection, Sheet


@dataclass(frozen=True, slots=True)
class EndedSheet:
    """``codes`` are those of all departments that take part in the visit."""

    sheet_id: int
    inspection_id: int
    jurisdiction_id: int
    number: str
    code: str
    codes: tuple[str, ...]
    ended_on: date
    entered_at: datetime | None


def list_ended_sheets(since: date) -> list[EndedSheet]:
    """Of visits that ended on that day or later, of every county in sight; those taken back are
    left out."""
    query = (
        select(
            Sheet.id, Inspection.id, Inspection.jurisdiction_id, Inspection.number, Sheet.code,
            func.coalesce(Sheet.ended_on, Inspection.ended_on), Sheet.entered_at,
        )
        .join(Inspection, Sheet.inspection_id == Inspection.id)
        .where(Inspection.ended_on >= since, Inspection.withdrawn_at.is_(None))
        .order_by(Inspection.jurisdiction_id, Inspection.id, Sheet.id)
    )  # fmt: skip
    rows = db.session.execute(query).all()
    codes: dict[int, list[str]] = {}
    for row in rows:
        codes.setdefault(row[1], []).append(row[4])
    return [
        EndedSheet(
            sheet_id=sheet_id,
            inspection_id=inspection_id,
            jurisdiction_id=county,
            number=number,
            code=code,
            codes=tuple(codes[inspection_id]),
            ended_on=ended_on,
            entered_at=entered_at,
        )
        for sheet_id, inspection_id, county, number, code, ended_on, entered_at in rows
    ]


def map_visits(ids: Collection[int]) -> dict[int, Inspection]:
    """Visits of the county in sight with their firms, by id."""
    query = select(Inspection).where(Inspection.id.in_(ids)).options(joinedload(Inspection.firm))
    return {one.id: one for one in db.session.scalars(query)}
