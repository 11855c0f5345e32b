"""Who is the scheduler, and which workers are alive: leases that end by themselves.

Clocks of machines that share a database must agree to within a few seconds (NTP). A lease that
reaches further than any lease can was written before the clock was set back: it is over, too.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, delete, not_, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from server.db import db, unit_of_work
from server.jobs.models import JobLease
from server.runtime import now

SCHEDULER: Final = "scheduler"
WORKER: Final = "worker:"
TERM: Final = timedelta(seconds=60)
REMEMBERED: Final = timedelta(days=1)


def hold(name: str, holder: str, term: timedelta) -> bool:
    """Takes or renews the lease; False while it is somebody else's. However many ask at once, one
    gets it."""
    at = now()
    with unit_of_work() as work:
        insert = postgresql.insert if _is_postgresql() else sqlite.insert
        fresh = insert(JobLease).values(name=name, holder=holder, since=at, until=at + term)
        if work.execute(fresh.on_conflict_do_nothing().returning(JobLease.name)).first():
            return True
        mine = update(JobLease).where(JobLease.name == name, JobLease.holder == holder)
        if work.execute(mine.values(until=at + term).returning(JobLease.name)).first():
            return True
        over = update(JobLease).where(JobLease.name == name, has_ended(JobLease.until, at, term))
        taken = over.values(holder=holder, since=at, until=at + term).returning(JobLease.name)
        return work.execute(taken).first() is not None


def hold_all(worker: str, term: timedelta) -> bool:
    """The worker's sign of life, and the schedulership where it can be had; says whether it is."""
    with unit_of_work() as work:
        hold(f"{WORKER}{worker}", worker, term)
        at = now()
        gone = or_(JobLease.until < at - REMEMBERED, JobLease.until > at + REMEMBERED)
        work.execute(delete(JobLease).where(gone))
        return hold(SCHEDULER, worker, term)


def has_ended(until: Any, at: datetime, term: timedelta) -> ColumnElement[bool]:
    """Whether what is held ``until`` then is free at ``at``; for a query."""
    return or_(until.is_(None), until <= at, until > at + 2 * term)


def is_held(until: datetime | None, at: datetime, term: timedelta) -> bool:
    """The same of a row, the other way round."""
    return until is not None and at < until <= at + 2 * term


def let_go(worker: str) -> None:
    """Everything this worker holds: somebody else need not wait for the end of the term."""
    with unit_of_work() as work:
        work.execute(delete(JobLease).where(JobLease.holder == worker))


def find_lease(name: str = SCHEDULER) -> JobLease | None:
    """Whose it is, or was last."""
    return db.session.get(JobLease, name)


def is_alive(lease: JobLease | None, at: datetime) -> bool:
    """Whether its holder gave a sign of life within the term."""
    return lease is not None and is_held(lease.until, at, TERM)


def list_workers(at: datetime) -> list[JobLease]:
    """Those alive, the oldest first."""
    query = select(JobLease).where(
        JobLease.name.startswith(WORKER), not_(has_ended(JobLease.until, at, TERM))
    )
    return list(db.session.scalars(query.order_by(JobLease.since, JobLease.name)))


def _is_postgresql() -> bool:
    return db.session.connection().dialect.name == "postgresql"
