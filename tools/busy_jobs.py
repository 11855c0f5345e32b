"""A day of jobs in the busy county: one went well, one found something, one fails."""

from __future__ import annotations

import logging
from datetime import UTC, timedelta

from server.jobs.duties import Duty, list_duties
from server.jobs.running import Worker
from tools.busy_county import NOW, County


def add_jobs(county: County) -> None:
    """Ends at ``NOW`` with a worker that is alive."""

    def fail() -> None:
        raise OSError(28, "No space left on device", "/var/lib/suicha/uploads/3f6c81f0b7a24d")

    with county.desk():
        duties = {name: one for name, one in list_duties().items() if not name.startswith("audit.")}
    duties["uploads.tidy"] = Duty("uploads.tidy", duties["uploads.tidy"].times, fail)
    worker = Worker("office-pc:1", county.app, duties)
    county.clock.at = NOW.astimezone(UTC) - timedelta(days=1)
    worker.beat(lambda name: None)
    logging.disable(logging.ERROR)  # the failure is meant: no traceback of it
    for minutes in (10, 5, 0):
        county.clock.at = NOW.astimezone(UTC) - timedelta(minutes=minutes)
        worker.beat(worker.run)
    logging.disable(logging.NOTSET)
