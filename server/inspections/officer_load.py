"""How much an officer was given to do: visits of a year (R010, R048)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from domain.access import Actor
from server.db import db
from server.inspections.models import Inspection, TeamMember


@dataclass(frozen=True, slots=True)
class VisitLoad:
    """Visits planned for a day of a year to an officer still on their teams, and those that
    ended: what the draw balances by."""

    assigned: int = 0
    finished: int = 0


def visit_loads(actor: Actor, officer_ids: Collection[int], year: int) -> dict[int, VisitLoad]:
    """By officer, all who were asked for."""
    query = (
        select(TeamMember.officer_id, func.count(), func.count(Inspection.ended_on))
        .join(Inspection, TeamMember.inspection_id == Inspection.id)
        .where(
            Inspection.jurisdiction_id == actor.jurisdiction_id,
            Inspection.planned_on.between(date(year, 1, 1), date(year, 12, 31)),
            TeamMember.officer_id.in_(list(officer_ids)),
            TeamMember.removed_at.is_(None),
        )
        .group_by(TeamMember.officer_id)
    )
    found = {row[0]: VisitLoad(row[1], row[2]) for row in db.session.execute(query)}
    return {one: found.get(one, VisitLoad()) for one in officer_ids}
