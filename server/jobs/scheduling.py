"""The scheduler: sees which jobs are due and calls a worker for each.

One worker holds the schedulership; the others hold themselves ready. The call is a bell and nothing
more: one that nobody heard is rung again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import or_, select, update

from server.db import add_unless_there, db, unit_of_work
from server.jobs.duties import Duty
from server.jobs.leases import has_ended
from server.jobs.models import Job
from server.runtime import now

RING_AGAIN_AFTER: Final = timedelta(minutes=1)


def list_due(duties: Iterable[str], at: datetime, term: timedelta) -> list[str]:
    """Names of jobs that are due, nobody runs, and no worker was called for lately."""
    query = select(Job.name).where(
        Job.name.in_(list(duties)),
        Job.due_at <= at,
        has_ended(Job.held_until, at, term),
        or_(
            Job.rung_at.is_(None),
            Job.rung_at < Job.due_at,
            Job.rung_at <= Job.held_until,  # somebody came, and is gone
            Job.rung_at <= at - RING_AGAIN_AFTER,
            Job.rung_at > at + RING_AGAIN_AFTER,  # before the clock was set back
        ),
    )
    names = list(db.session.scalars(query.order_by(Job.due_at, Job.name)))
    db.session.rollback()  # a look every few seconds must not keep a snapshot open
    return names


def mark_rung(names: Iterable[str], at: datetime) -> None:
    """Before the bell is rung: a scheduler that dies in between has it rung again later."""
    with unit_of_work() as work:
        for job in work.scalars(select(Job).where(Job.name.in_(list(names)))):
            job.rung_at = at


def enrol(duties: Mapping[str, Duty]) -> None:
    """A row for each job that has none, due at its next time; an earlier time, of a new version or
    of a clock that was set back, holds at once."""
    at = now()
    with unit_of_work() as work:
        for name, duty in sorted(duties.items()):
            due = duty.times.after(at)
            add_unless_there(Job, name=name, due_at=due, tries=0)
            later = update(Job).where(Job.name == name, Job.due_at > due)
            work.execute(later.values(due_at=due))
