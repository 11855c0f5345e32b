"""Lookups: what the term of a visit is counted from and which days are paused, many visits at once.

Reads its own tables alone, so that whoever shows a due date can ask it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from domain.county_settings import read_setting
from domain.pauses import PauseState, Span, days_of
from domain.term_settings import Start
from server.accounts.service import get_jurisdiction
from server.db import db
from server.deadlines.facts.overview import map_task_ends
from server.deadlines.models import TermPause


@dataclass(frozen=True, slots=True)
class VisitTime:
    """``paused``: the days that are not counted, with the instant of the newest approval.
    ``task_ended``: the day the last visit of the same draw ended, None while one has not, and where
    the county counts from each firm."""

    paused: frozenset[date] = frozenset()
    paused_at: datetime | None = None
    task_ended: date | None = None


NO_PAUSE = VisitTime()


def map_visit_times(
    jurisdiction_id: int, inspection_ids: Collection[int] | None = None
) -> dict[int, VisitTime]:
    """By visit; one of which nothing is to be said is left out. None: of all visits."""
    spans: dict[int, list[tuple[Span, datetime]]] = {}
    for one in list_approved(jurisdiction_id, inspection_ids):
        assert one.decided_at is not None
        span = Span(one.from_on, one.to_on)
        spans.setdefault(one.inspection_id, []).append((span, one.decided_at))
    ends: dict[int, date] = {}
    settings = get_jurisdiction(jurisdiction_id).settings
    keys = ("entry.start", "materials.start")
    if any(read_setting(settings, key) == Start.TASK_END for key in keys):
        ends = map_task_ends(jurisdiction_id)
    return {
        visit: VisitTime(
            paused=days_of(span for span, _at in spans.get(visit, ())),
            paused_at=max((at for _span, at in spans.get(visit, ())), default=None),
            task_ended=ends.get(visit),
        )
        for visit in spans.keys() | ends.keys()
    }


def list_approved(
    jurisdiction_id: int, inspection_ids: Collection[int] | None = None
) -> list[TermPause]:
    """Approved pauses, in the order of their days."""
    query = select(TermPause).where(
        TermPause.jurisdiction_id == jurisdiction_id,
        TermPause.state == PauseState.APPROVED.value,
    )
    # A county has few pauses and a page may ask for thousands of visits: then all are read.
    if inspection_ids is not None and len(inspection_ids) <= 500:
        query = query.where(TermPause.inspection_id.in_(set(inspection_ids)))
    return list(db.session.scalars(query.order_by(TermPause.from_on, TermPause.id)))
