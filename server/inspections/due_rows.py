"""Use case: a notice on days off moved due dates, and the teams' phones are told."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from server.db import db
from server.deadlines.calendar import load_calendar
from server.deadlines.terms import NO_PAUSE, map_visit_times
from server.fieldsync import service as fieldsync
from server.fieldsync.service import SpaceWrite
from server.inspections.last_time import earlier_than
from server.inspections.models import Inspection, TeamMember
from server.inspections.publishing import inspection_row
from server.results.overview import read_past
from server.runtime import now

KIND = "office.recount"
AT_ONCE = 500
_QUERY = (
    select(Inspection)
    .options(
        joinedload(Inspection.task),
        joinedload(Inspection.firm),
        selectinload(Inspection.sheets),
        selectinload(Inspection.team).joinedload(TeamMember.officer),
        selectinload(Inspection.team).joinedload(TeamMember.department),
    )
    .order_by(Inspection.id)
)


def publish_due_dates(
    jurisdiction_id: int, inspection_ids: Iterable[int], person_id: int | None
) -> int:
    """Writes the heads of these visits of one county with the due date of the calendar in force,
    for the phones of their teams; answers how many. Joins the unit of work that changed it."""
    ids, calendar, count = iter(sorted(set(inspection_ids))), load_calendar(), 0
    times = map_visit_times(jurisdiction_id)
    while some := list(islice(ids, AT_ONCE)):
        # held before they are read: an object read first would be read again, one by one
        fieldsync.lock_spaces(jurisdiction_id, [f"insp:{one}" for one in some])
        inspections = list(db.session.scalars(_QUERY.where(Inspection.id.in_(some))))
        past = read_past([one.firm_id for one in inspections])
        heads = [
            SpaceWrite(
                one.space,
                KIND,
                [
                    inspection_row(
                        one,
                        earlier_than(one, past.get(one.firm_id, ())),
                        calendar,
                        times.get(one.id, NO_PAUSE),
                    )
                ],
            )
            for one in inspections
        ]
        fieldsync.write_spaces(
            jurisdiction_id=jurisdiction_id,
            writes=heads,
            person_id=person_id,
            at=now(),
            copies_back=False,
        )
        count += len(inspections)
    return count
