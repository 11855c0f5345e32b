"""Use case: a notice on days off moves the days by which open cases are to be decided, as it moves
the due dates of the board."""

from __future__ import annotations

from collections import Counter
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from domain.calendar import WorkCalendar
from domain.followup import CaseState, recount_term
from server.audit.service import write_event
from server.db import db
from server.followup.models import FollowUp
from server.runtime import SITE_ZONE


def recount_cases(old: WorkCalendar, new: WorkCalendar) -> int:
    """Of every county in sight, in the unit of work that changes the calendar; answers how many
    days moved. A case keeps the working days it was given, whatever the setting says now. Waits for
    who decides on one; what was decided meanwhile keeps its day."""
    query = select(FollowUp).where(FollowUp.state == CaseState.OPEN.value).order_by(FollowUp.id)
    query = query.with_for_update().execution_options(populate_existing=True)
    moved: Counter[int] = Counter()
    for case in db.session.scalars(query.options(selectinload(FollowUp.steps))):
        due = recount_term(_begun_on(case), case.decide_by, old, new)
        if due != case.decide_by:
            case.decide_by = due
            moved[case.jurisdiction_id] += 1
    for county, count in moved.items():
        write_event(county, None, "follow_up.recounted", "calendar", cases=count)
    return sum(moved.values())


def _begun_on(case: FollowUp) -> date:
    return case.begun_at.astimezone(SITE_ZONE).date()
