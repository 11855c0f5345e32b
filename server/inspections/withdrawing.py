"""Use case, for a redraw alone: taking back visits that nobody has begun.

Phones hear of it as of any visit that is no longer theirs (docs/protocol 4, ``left``). What was
recorded meanwhile without a signal arrives ``forbidden`` and is kept whole as a proposal.
"""

from __future__ import annotations

from sqlalchemy import select

from domain.errors import fault
from server.db import db, unit_of_work
from server.fieldsync import service as fieldsync
from server.inspections.models import Inspection
from server.inspections.publishing import active_team, publish_withdrawal
from server.inspections.reading import list_of_draw
from server.runtime import now


def find_begun(draw_id: int) -> Inspection | None:
    """A visit of the draw with any operation on record, a phone's or a page's, also one that is
    held; None while nobody has begun. Only under the spaces' locks does it stay so."""
    visits = {one.space: one for one in list_of_draw(draw_id)}
    begun = fieldsync.list_begun_spaces(list(visits))
    return next((one for space, one in visits.items() if space in begun), None)


def withdraw_inspections(draw_id: int, person_id: int) -> int:
    """Takes all that still stand from their teams and tells the phones, in the running unit of
    work; answers how many. Raises ``redraw.begun``."""
    with unit_of_work():
        # One that was withdrawn before keeps the instant and the reason it was withdrawn for.
        columns = select(Inspection.id, Inspection.jurisdiction_id).where(
            Inspection.draw_id == draw_id, Inspection.withdrawn_at.is_(None)
        )
        standing = db.session.execute(columns).all()
        # What a phone sends waits here, or was there first; the head is written anew below, so
        # that a run judged ahead of the locks is judged again.
        for county in {one.jurisdiction_id for one in standing}:
            fieldsync.lock_spaces(county, [f"insp:{one.id}" for one in standing])
        if (begun := find_begun(draw_id)) is not None:
            raise fault("redraw.begun", number=begun.number)
        at = now()
        inspections = [one for one in list_of_draw(draw_id) if one.withdrawn_at is None]
        people: dict[int, list[Inspection]] = {}
        for inspection in inspections:
            inspection.withdrawn_at = at
            for member in active_team(inspection):
                if member.officer.person_id is not None:
                    people.setdefault(member.officer.person_id, []).append(inspection)
                member.removed_at = at
        db.session.flush()
        publish_withdrawal(inspections, people, person_id)
    return len(inspections)
