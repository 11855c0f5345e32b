"""Real processes: one is killed in the middle of a job, the next finishes it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

import pytest
from sqlalchemy import select

from server.audit.models import AuditEvent
from server.db import db, unit_of_work
from server.jobs.models import Job, JobLease, JobRun
from tests.conftest import ROOT
from tests.databases import free_port
from tests.faults.servers import County
from tests.integration.jobs.conftest import bell_of
from tests.processes import Forked

pytestmark = pytest.mark.both


PATIENCE_SECONDS = 90  # on a machine others use, too


def until(is_so: Callable[[], bool], log: Path) -> None:
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        assert time.monotonic() < give_up_at, log.read_text()
        time.sleep(0.05)


def test_job_of_a_killed_process_is_done_once_more_with_one_effect(
    database_url: str, tmp_path: Path
) -> None:
    with closing(County(tmp_path / "home", database_url)) as county:
        kill_one_of_two(county, bell_of(database_url), tmp_path)


@pytest.mark.soak  # needs redis-server and the package redis, which nothing else does
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_redis_calls_the_workers_as_well(database_url: str, tmp_path: Path) -> None:
    if not shutil.which("redis-server") or not find_spec("redis"):
        pytest.skip("no Redis here")
    port = free_port()
    command = ["redis-server", "--port", str(port), "--save", "", "--dir", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as redis:
        try:
            bell = f"redis://127.0.0.1:{port}/0"
            with closing(County(tmp_path / "home", database_url)) as county:
                kill_one_of_two(county, bell, tmp_path)
        finally:
            redis.terminate()


def kill_one_of_two(county: County, bell: str, folder: Path) -> None:
    """Two workers, one of them the scheduler. The one that does the job is killed half way; the
    other does it again, and is the scheduler whoever was it before."""
    begun, log = folder / "begun", folder / "worker.log"
    environment = county.environment(1, SUICHA_JOBS_URL=bell)

    def outcomes() -> list[str | None]:
        with county.looking():
            return list(db.session.scalars(select(JobRun.outcome).order_by(JobRun.id)))

    def leases() -> dict[str, str]:
        with county.looking():
            rows = db.session.execute(select(JobLease.name, JobLease.holder))
            return {row.name: row.holder for row in rows}

    def is_enrolled() -> bool:
        with county.looking():
            return db.session.get(Job, "stubborn") is not None

    workers = [
        Forked("tests.integration.jobs.stubborn", [str(begun)], environment, log) for _ in range(2)
    ]
    try:
        until(lambda: len(leases()) == 3, log)  # each worker's own, and one scheduler's
        until(is_enrolled, log)  # the scheduler holds its lease before it writes the jobs' rows
        with county.looking(), unit_of_work() as work:
            work.get_one(Job, "stubborn").due_at = datetime.now(UTC)
        until(begun.exists, log)
        with county.looking():
            busy = str(db.session.get_one(Job, "stubborn").held_by)
        killed = next(one for one in workers if one.pid == int(busy.split(":")[-2]))
        os.killpg(killed.pid, signal.SIGKILL)
        killed.wait(PATIENCE_SECONDS)
        workers.remove(killed)
        until(lambda: outcomes() == ["lost", "done"], log)
        assert leases()["scheduler"] != busy
    finally:
        for one in workers:
            assert one.poll() is None, log.read_text()  # none ends by itself
            os.killpg(one.pid, signal.SIGTERM)
            assert one.wait(PATIENCE_SECONDS) == 0, log.read_text()
        with county.looking():
            done = db.session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)).all()
            job = db.session.get(Job, "stubborn")
            left = (job.held_by, job.tries) if job is not None else None
    assert [one for one in done if one.startswith("test.")] == ["test.half", "test.whole"]
    assert left == (None, 0)


def test_of_two_that_serve_and_two_workers_one_schedules_and_another_after_it_was_killed(
    database_url: str, tmp_path: Path
) -> None:
    with closing(County(tmp_path / "home", database_url)) as county:
        kill_the_scheduler(county, bell_of(database_url), tmp_path / "log")


def kill_the_scheduler(county: County, bell: str, log: Path) -> None:
    """A job that became due between the kill and the takeover is done once, like the one before."""
    port = free_port()
    environment = county.environment(port, SUICHA_JOBS_URL=bell, SUICHA_WORKERS="2")
    module = "tests.integration.jobs.installation"

    def answers() -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def outcomes() -> list[str | None]:
        with county.looking():
            return list(db.session.scalars(select(JobRun.outcome).order_by(JobRun.id)))

    def leases() -> dict[str, str]:
        with county.looking():
            rows = db.session.execute(select(JobLease.name, JobLease.holder))
            return {row.name: row.holder for row in rows}

    def make_due() -> bool:
        with county.looking(), unit_of_work() as work:
            if (job := work.get(Job, "tick")) is not None:
                job.due_at = datetime.now(UTC)
            return job is not None

    serving, worker = (Forked(module, words, environment, log) for words in ([], ["worker"]))
    try:
        until(lambda: answers() and len(leases()) == 3, log)  # of each worker, one scheduler's
        until(make_due, log)
        until(lambda: outcomes() == ["done"], log)
        killed = leases()["scheduler"]
        os.kill(int(killed.split(":")[-2]), signal.SIGKILL)
        make_due()
        until(lambda: outcomes() == ["done", "done"], log)
        assert leases()["scheduler"] != killed and answers()
    finally:
        for one in (serving, worker):
            with suppress(ProcessLookupError):  # perhaps it was the one that was killed
                os.kill(one.pid, signal.SIGTERM)
            one.wait(PATIENCE_SECONDS)
        with county.looking():
            ticks = select(AuditEvent.id).where(AuditEvent.action == "test.tick")
            done = db.session.scalars(ticks).all()
    assert len(done) == 2


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
