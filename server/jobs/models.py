"""Tables: the jobs, their last runs, and who holds what for how long."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from server.db import UtcDateTime, db


class Job(db.Model):
    """When a job is to run next. ``held_by`` a worker until ``held_until``: it is running, or its
    worker is gone once that has passed. ``tries`` in a row did not end well. ``rung_at``: when a
    worker was last called for it."""

    __tablename__ = "jobs"
    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    tries: Mapped[int] = mapped_column(default=0)
    rung_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    held_by: Mapped[str | None] = mapped_column(String(120))
    held_until: Mapped[datetime | None] = mapped_column(UtcDateTime)


class JobRun(db.Model):
    """One run of a job for one due time. ``outcome`` is empty while it runs, then an ``Outcome``;
    ``told``: the fault it found (``code``, ``details``) or the error it met (``error``)."""

    __tablename__ = "job_runs"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60), index=True)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    worker: Mapped[str] = mapped_column(String(120))
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    outcome: Mapped[str | None] = mapped_column(String(12))
    told: Mapped[dict[str, Any] | None] = mapped_column(JSON)


class JobLease(db.Model):
    """``name`` is ``scheduler``, which one worker at a time is, or ``worker:<id>``, which says that
    this worker was alive at ``until`` less the term of a lease."""

    __tablename__ = "job_leases"
    name: Mapped[str] = mapped_column(String(140), primary_key=True)
    holder: Mapped[str] = mapped_column(String(120))
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    until: Mapped[datetime] = mapped_column(UtcDateTime)
