"""A worker process whose one job does half of its work and then never ends, the first time."""

from __future__ import annotations

import sys
import threading
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from server.accounts.models import Jurisdiction
from server.audit.models import AuditEvent
from server.audit.service import write_event
from server.config import load_config
from server.db import unit_of_work
from server.jobs.duties import Duty
from server.jobs.times import Every
from server.jobs.working import Pace, work


def do(begun: Path) -> None:
    with unit_of_work() as session:
        if session.scalar(select(AuditEvent.id).where(AuditEvent.action == "test.half")) is None:
            write_event(session.scalars(select(Jurisdiction.id)).one(), None, "test.half")
    if not begun.exists():
        begun.touch()
        threading.Event().wait()
    with unit_of_work() as session:
        write_event(session.scalars(select(Jurisdiction.id)).one(), None, "test.whole")


if __name__ == "__main__":
    duty = Duty("stubborn", Every(60), lambda: do(Path(sys.argv[1])))
    pace = Pace(term=timedelta(seconds=3), look_seconds=0.1)
    work(load_config(), duties={duty.name: duty}, pace=pace)
