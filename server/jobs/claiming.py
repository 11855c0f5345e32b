"""A run of a job from its beginning to its end, in the database: taken, kept, ended.

A job is run by whoever holds its row. A worker that was killed stops renewing; after the term its
run is closed as ``lost`` and the job begins again. Whoever comes back late ends nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from server.db import unit_of_work
from server.jobs.duties import Duty
from server.jobs.leases import is_held
from server.jobs.models import Job, JobRun
from server.jobs.times import wait_after
from server.runtime import now

log = logging.getLogger("suicha.jobs")

KEPT_RUNS: Final = 20


class Outcome(StrEnum):
    """How a run ended. FOUND: it did its work, and a person must see to what it found. LOST: its
    worker was killed. STOPPED: its worker was told to stop."""

    DONE = "done"
    FOUND = "found"
    FAILED = "failed"
    LOST = "lost"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Claim:
    """A run that has begun."""

    run_id: int
    worker: str
    duty: Duty


def claim(duty: Duty, worker: str, term: timedelta) -> Claim | None:
    """Begins a run; None where the job is not due or somebody runs it."""
    at = now()
    with unit_of_work() as work:
        job = work.scalar(select(Job).where(Job.name == duty.name).with_for_update())
        if job is None or job.due_at > at or is_held(job.held_until, at, term):
            return None
        if job.held_by is not None and not _begin_again(work, job):
            return None
        run = JobRun(name=job.name, due_at=job.due_at, worker=worker, begun_at=at)
        work.add(run)
        job.held_by, job.held_until = worker, at + term
        work.flush()
        return Claim(run.id, worker, duty)


def keep(worker: str, names: Collection[str], term: timedelta) -> None:
    """What this worker is doing stays its own for another term."""
    if not names:
        return
    with unit_of_work() as work:
        own = update(Job).where(Job.held_by == worker, Job.name.in_(names))
        work.execute(own.values(held_until=now() + term))


def finish(claim: Claim, outcome: Outcome, told: Mapping[str, Any] | None = None) -> bool:
    """Ends the run and says when the next is due; False where it was taken for lost meanwhile."""
    at = now()
    with unit_of_work() as work:
        job = work.scalar(select(Job).where(Job.name == claim.duty.name).with_for_update())
        run = work.get(JobRun, claim.run_id)
        if job is None or run is None or run.outcome is not None:
            log.warning("job %s ended after it had been taken for lost", claim.duty.name)
            return False
        run.outcome, run.ended_at, run.told = outcome.value, at, dict(told) if told else None
        job.held_by = job.held_until = None
        if outcome is Outcome.STOPPED:
            job.rung_at = None
            return True
        job.tries = job.tries + 1 if outcome is Outcome.FAILED else 0
        job.due_at = claim.duty.times.after(at)
        if job.tries:
            job.due_at = min(job.due_at, at + wait_after(job.tries))
        _forget_old(work, job.name)
        return True


def _begin_again(work: Session, job: Job) -> bool:
    """After a worker that is gone. The first time at once; a job that takes its worker along each
    time must not do so without end: then after a while."""
    at = now()
    work.execute(
        update(JobRun)
        .where(JobRun.name == job.name, JobRun.outcome.is_(None))
        .values(outcome=Outcome.LOST.value, ended_at=at)
    )
    job.held_by = job.held_until = None
    job.tries += 1
    if job.tries > 1:
        job.due_at = at + wait_after(job.tries)
    return job.due_at <= at


def _forget_old(work: Session, name: str) -> None:
    newest = (
        select(JobRun.id).where(JobRun.name == name).order_by(JobRun.id.desc()).limit(KEPT_RUNS)
    )
    work.execute(delete(JobRun).where(JobRun.name == name, JobRun.id.not_in(newest)))
