"""Lookup, for the draw: how many visits each officer was given this year (R045)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select

from server.db import db
from server.inspections.models import Inspection, TeamMember


def count_visits(jurisdiction_id: int, officer_ids: Sequence[int], year: int) -> dict[int, int]:
    """Officer id → visits planned for a day of this year, done or not; who was taken off a team
    was spared that visit. Officers without one are missing."""
    query = (
        select(TeamMember.officer_id, func.count())
        .join(Inspection, TeamMember.inspection_id == Inspection.id)
        .where(
            Inspection.jurisdiction_id == jurisdiction_id,
            Inspection.planned_on.between(date(year, 1, 1), date(year, 12, 31)),
            TeamMember.removed_at.is_(None),
        )
        .group_by(TeamMember.officer_id)
    )
    wanted = set(officer_ids)
    return {officer: number for officer, number in db.session.execute(query) if officer in wanted}
