"""What ``suicha run`` starts, with one job of a test's own and in a hurry: the processes that
serve, and the worker beside them; with the word ``worker`` a worker alone."""

from __future__ import annotations

import sys
from datetime import timedelta

from sqlalchemy import select

from server.accounts.models import Jurisdiction
from server.audit.service import write_event
from server.cli import beside
from server.cli.serving import serve
from server.config import load_config
from server.db import unit_of_work
from server.jobs.duties import Duty
from server.jobs.times import Every
from server.jobs.working import Pace, work


def tick() -> None:
    with unit_of_work() as session:
        write_event(session.scalars(select(Jurisdiction.id)).one(), None, "test.tick")


if __name__ == "__main__":
    beside.AGAIN_AFTER_SECONDS = beside.LOOK_SECONDS = 0.05  # type: ignore[misc]
    config = load_config()
    duties = {"tick": Duty("tick", Every(60), tick)}
    pace = Pace(term=timedelta(seconds=3), look_seconds=0.1)
    if sys.argv[1:] == ["worker"]:
        work(config, duties=duties, pace=pace)
    else:
        with beside.kept_beside(lambda go_on: work(config, go_on, duties=duties, pace=pace)):
            serve(config, "127.0.0.1", config.port)
