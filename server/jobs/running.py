"""One run of one job: begun, done, ended, and told how it went."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from flask import Flask
from sqlalchemy.exc import DBAPIError

from domain.errors import Fault
from server.db import db
from server.jobs import leases, scheduling
from server.jobs.claiming import Claim, Outcome, claim, finish, keep
from server.jobs.duties import Duty
from server.jobs.leases import TERM
from server.runtime import now

log = logging.getLogger("suicha.jobs")

TOLD_AT_MOST: Final = 500


@dataclass
class Worker:
    """One process that does jobs. ``term``: how long after its last sign of life it is taken for
    dead. Its methods open an application context of their own; they are called from threads."""

    id: str
    app: Flask
    duties: Mapping[str, Duty]
    term: timedelta = TERM
    _running: dict[str, Claim] = field(default_factory=dict)
    _renew_at: datetime | None = None
    _is_scheduler: bool = False

    def run(self, name: str) -> Outcome | None:
        """Runs the job if it is due and nobody runs it; None otherwise."""
        if (duty := self.duties.get(name)) is None:
            return None
        with self.app.app_context():
            begun = claim(duty, self.id, self.term)
        if begun is None:
            return None
        self._running[name] = begun
        try:
            outcome, told = self._do(duty)
            with self.app.app_context():
                return outcome if finish(begun, outcome, told) else None
        finally:
            # also where the end could not be written: the term passes, and it is run again
            # unless that has happened already, here: the newer claim is not this one's to drop
            if self._running.get(name) is begun:
                del self._running[name]

    def beat(self, ring: Callable[[str], object]) -> None:
        """Called every few seconds: gives a sign of life in time, and rings for what is due where
        this worker is the scheduler."""
        with self.app.app_context():
            at = now()
            pause = self.term / 3
            is_set_back = self._renew_at is not None and at < self._renew_at - pause
            if self._renew_at is None or at >= self._renew_at or is_set_back:
                was, self._is_scheduler = self._is_scheduler, leases.hold_all(self.id, self.term)
                keep(self.id, list(self._running), self.term)
                self._renew_at = at + pause
                if self._is_scheduler and (is_set_back or not was):
                    scheduling.enrol(self.duties)
            if not self._is_scheduler:
                return
            if names := scheduling.list_due(self.duties, at, self.term):
                scheduling.mark_rung(names, at)
                for name in names:
                    ring(name)

    def leave(self) -> None:
        """Hands back everything, so that another worker goes on at once."""
        with self.app.app_context():
            for begun in list(self._running.values()):
                finish(begun, Outcome.STOPPED)
            leases.let_go(self.id)

    def _do(self, duty: Duty) -> tuple[Outcome, dict[str, Any] | None]:
        with self.app.app_context():
            try:
                duty.call()
            except Fault as found:
                db.session.rollback()
                return Outcome.FOUND, {"code": found.code, "details": dict(found.details)}
            except Exception as error:
                db.session.rollback()
                log.exception("job %s failed", duty.name)
                return Outcome.FAILED, {"error": _tell(error)[:TOLD_AT_MOST]}
        return Outcome.DONE, None


def _tell(error: Exception) -> str:
    """Of a database's the first line alone: what follows are the statement and whom it was about,
    which is not the administrator's business."""
    if isinstance(error, DBAPIError):
        first = next(iter(str(error.orig).splitlines()), "")
        return f"{type(error).__name__}: {first}"
    return f"{type(error).__name__}: {error}"
