"""Workers of jobs that a test makes, with a clock it winds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pytest
from flask import Flask
from sqlalchemy import select

from server.db import db
from server.jobs.duties import Duty
from server.jobs.models import Job, JobRun
from server.jobs.running import Worker
from server.jobs.times import Every


@dataclass
class House:
    """One job, ``count``, every five minutes, and as many workers as a test wants. ``happens`` is
    what it does, said by the test."""

    app: Flask
    happens: Callable[[], object] = lambda: None
    rung: list[str] = field(default_factory=list)

    def worker(self, name: str) -> Worker:
        duty = Duty("count", Every(5), lambda: self.happens())
        return Worker(name, self.app, {"count": duty})

    def beat(self, worker: Worker) -> int:
        """How often the bell was rung."""
        before = len(self.rung)
        worker.beat(self.rung.append)
        return len(self.rung) - before

    def outcomes(self) -> Sequence[str | None]:
        with self.app.app_context():
            return list(db.session.scalars(select(JobRun.outcome).order_by(JobRun.id)))

    def job(self) -> Job:
        with self.app.app_context():
            return db.session.get_one(Job, "count")


@pytest.fixture
def house(app: Flask) -> House:
    return House(app)


def bell_of(database_url: str) -> str:
    """What ``SUICHA_JOBS_URL`` says in an installation with this database."""
    return database_url if database_url.startswith("postgresql") else ""
