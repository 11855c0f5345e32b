"""Lookup: how far the visits of a draw have come."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from server.db import db
from server.inspections.models import Inspection, Sheet


@dataclass(frozen=True, slots=True)
class DrawProgress:
    """Visits to be made, and of how many every department's part is over, or published."""

    visits: int
    ended: int
    published: int


def progress_of_draw(draw_id: int) -> DrawProgress:
    """Withdrawn visits count nowhere."""
    parts = func.count(Sheet.id)
    query = (
        select(parts, func.count(Sheet.ended_on), func.count(Sheet.published_at))
        .join(Inspection, Inspection.id == Sheet.inspection_id)
        .where(Inspection.draw_id == draw_id, Inspection.withdrawn_at.is_(None))
        .group_by(Inspection.id)
    )
    rows = db.session.execute(query).all()
    return DrawProgress(
        visits=len(rows),
        ended=sum(ended == whole for whole, ended, _published in rows),
        published=sum(published == whole for whole, _ended, published in rows),
    )
