"""Use cases: what an administrator sees of the jobs and may do about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update

from domain.access import Action, Actor
from domain.errors import fault
from server.audit.service import write_event
from server.db import add_unless_there, db, unit_of_work
from server.guard import require
from server.jobs.claiming import Outcome
from server.jobs.duties import list_duties
from server.jobs.leases import TERM, find_lease, is_alive, is_held, list_workers
from server.jobs.models import Job, JobLease, JobRun
from server.runtime import now

TROUBLE = frozenset({Outcome.FAILED, Outcome.LOST, Outcome.FOUND})


@dataclass(frozen=True, slots=True)
class JobView:
    """A job as it stands. ``state``: waiting, running, or the outcome of the last run where that
    was not ``done``; ``new`` before its first."""

    name: str
    state: str
    due_at: datetime | None
    tries: int
    last: JobRun | None

    @property
    def is_running(self) -> bool:
        return self.state == "running"

    @property
    def needs_somebody(self) -> bool:
        return self.state in TROUBLE


@dataclass(frozen=True, slots=True)
class Health:
    """``scheduler`` is its lease, also one that is over; None where no worker ever ran."""

    scheduler: JobLease | None
    is_scheduled: bool
    workers: list[JobLease]
    trouble: list[str]


def list_jobs() -> list[JobView]:
    """Every job there is, in the order of ``list_duties``."""
    rows = {one.name: one for one in db.session.scalars(select(Job))}
    newest = select(func.max(JobRun.id)).group_by(JobRun.name)
    runs = db.session.scalars(select(JobRun).where(JobRun.id.in_(newest)))
    last = {one.name: one for one in runs}
    return [_view(name, rows.get(name), last.get(name)) for name in list_duties()]


def list_troubled_runs(limit: int = 20) -> list[JobRun]:
    """Runs that did not end well or found something, the newest first."""
    query = select(JobRun).where(JobRun.outcome.in_([one.value for one in TROUBLE]))
    return list(db.session.scalars(query.order_by(JobRun.id.desc()).limit(limit)))


def look() -> Health:
    """Whether somebody sees to the jobs, and which want a person."""
    lease, at = find_lease(), now()
    trouble = [one.name for one in list_jobs() if one.needs_somebody]
    return Health(lease, is_alive(lease, at), list_workers(at), trouble)


def is_scheduled() -> bool:
    """Whether a scheduler is alive, for a probe: one row is read."""
    return is_alive(find_lease(), now())


def retry(actor: Actor, name: str) -> None:
    """Due now, whatever the clock says. Raises ``request.not_found`` or ``job.running``."""
    require(actor, Action.JOB_RETRY)
    with unit_of_work():
        make_due(name)
        write_event(actor.jurisdiction_id, actor.person_id, "job.retried", f"job:{name}")


def make_due(name: str) -> None:
    """The same for whoever has the command line."""
    duty = list_duties().get(name)
    if duty is None:
        raise fault("request.not_found")
    at = now()
    with unit_of_work() as work:
        add_unless_there(Job, name=name, due_at=at, tries=0)
        job = work.scalars(select(Job).where(Job.name == name).with_for_update()).one()
        if is_held(job.held_until, at, TERM):
            raise fault("job.running")
        job.due_at, job.rung_at = at, None


def hasten(name: str) -> bool:
    """Has the job run within seconds, where a scheduler is alive, and says whether one is. A job
    that waits to be tried again keeps its time, so that no page has it fail each time it opens."""
    at = now()
    if not is_alive(find_lease(), at):
        return False
    job = db.session.get(Job, name)
    is_waiting = job is not None and not is_held(job.held_until, at, TERM)
    if job is not None and is_waiting and job.due_at > at and not job.tries:
        with unit_of_work() as work:
            sooner = update(Job).where(Job.name == name, Job.due_at == job.due_at)
            work.execute(sooner.values(due_at=at, rung_at=None))
    return True


def dump_job(one: JobView) -> Mapping[str, Any]:
    """For ``suicha jobs list --json``."""
    last = one.last
    return {
        "name": one.name,
        "state": one.state,
        "next": one.due_at,
        "tries": one.tries,
        "last": {
            "begun": last.begun_at,
            "ended": last.ended_at,
            "outcome": last.outcome,
            "worker": last.worker,
            "told": last.told,
        }
        if last
        else None,
    }


def _view(name: str, job: Job | None, last: JobRun | None) -> JobView:
    if job is None:
        return JobView(name, "new", None, 0, last)
    if is_held(job.held_until, now(), TERM):
        state = "running"
    elif job.held_by is not None:
        state = Outcome.LOST.value
    elif last is None:
        state = "new"
    elif last.outcome in TROUBLE:
        state = str(last.outcome)
    else:
        state = "waiting"
    return JobView(name, state, job.due_at, job.tries, last)
