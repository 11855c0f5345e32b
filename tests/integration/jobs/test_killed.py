"""Real processes: one is killed in the middle of a job, the next finishes it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from server.audit.models import AuditEvent
from server.db import db, unit_of_work
from server.jobs.models import Job, JobRun
from tests.conftest import ROOT
from tests.faults.servers import County
from tests.processes import Forked

pytestmark = pytest.mark.both


def until(is_so: Callable[[], bool], log: Path) -> None:
    give_up_at = time.monotonic() + 30
    while not is_so():
        assert time.monotonic() < give_up_at, log.read_text()
        time.sleep(0.05)


def test_job_of_a_killed_process_is_done_once_more_with_one_effect(
    database_url: str, tmp_path: Path
) -> None:
    county = County(tmp_path / "home", database_url)
    begun, log = tmp_path / "begun", tmp_path / "worker.log"
    bell = database_url if database_url.startswith("postgresql") else ""
    environment = county.environment(1, SUICHA_JOBS_URL=bell)

    def start() -> Forked:
        return Forked("tests.integration.jobs.stubborn", [str(begun)], environment, log)

    def outcomes() -> list[str | None]:
        with county.looking():
            return list(db.session.scalars(select(JobRun.outcome).order_by(JobRun.id)))

    with county.looking(), unit_of_work() as work:
        work.add(Job(name="stubborn", due_at=datetime.now(UTC), tries=0))
    first = start()
    until(begun.exists, log)
    os.killpg(first.pid, signal.SIGKILL)
    first.wait(10)
    assert outcomes() == [None]
    second = start()
    try:
        until(lambda: outcomes() == ["lost", "done"], log)
    finally:
        os.killpg(second.pid, signal.SIGTERM)
        assert second.wait(10) == 0, log.read_text()
    with county.looking():
        done = db.session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)).all()
        assert [one for one in done if one.startswith("test.")] == ["test.half", "test.whole"]
        job = db.session.get_one(Job, "stubborn")
        assert (job.held_by, job.tries) == (None, 0)
    county.close()


KEPT = """
import os, sys, time
from pathlib import Path
from server.cli import beside
beside.AGAIN_AFTER_SECONDS = beside.LOOK_SECONDS = 0.05
told = Path(sys.argv[1])

def work(may_go_on):
    with told.open("a") as file:
        file.write(f"{os.getpid()}\\n")
    while may_go_on():
        time.sleep(0.02)

with beside.kept_beside(work):
    sys.stdin.readline()
"""


def test_worker_beside_is_begun_anew_and_goes_with_who_serves(tmp_path: Path) -> None:
    told = tmp_path / "told"

    def workers() -> list[int]:
        return [int(line) for line in told.read_text().split()] if told.exists() else []

    command = [sys.executable, "-c", KEPT, str(told)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, cwd=ROOT) as process:
        until(lambda: len(workers()) == 1, told)
        os.kill(workers()[0], signal.SIGKILL)
        until(lambda: len(workers()) == 2, told)
        process.kill()  # nobody says goodbye
    until(lambda: not Path(f"/proc/{workers()[1]}").exists(), told)
