"""What an administrator sees of the jobs and does about them; what a probe is told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from domain.access import Role
from domain.errors import Fault
from server.accounts.models import Person
from server.audit.models import AuditEvent
from server.db import db, unit_of_work
from server.jobs.duties import list_duties
from server.jobs.models import Job
from server.jobs.running import Worker
from tests.conftest import ON_SQLITE, Clock
from tests.integration.accounts.test_every_route import add_somebody, client_of

pytestmark = ON_SQLITE


@pytest.fixture
def admin(app: Flask, clock: Clock) -> FlaskClient:
    clock.advance(minutes=-1)  # the backup is looked after at nine
    app.config["WTF_CSRF_ENABLED"] = False
    return client_of(app, add_somebody(app, Role.ADMIN))


def worker_of(app: Flask) -> Worker:
    with app.app_context():
        return Worker("desk:1", app, list_duties())


def due(app: Flask, name: str) -> Job:
    with app.app_context():
        return db.session.get_one(Job, name)


def test_page_tells_what_was_found_and_runs_it_again_on_request(
    app: Flask, admin: FlaskClient, clock: Clock
) -> None:
    shown = admin.get("/jobs").text
    assert "任务进程还没有启动过" in shown and "尚未运行" in shown
    worker = worker_of(app)
    worker.beat(lambda name: None)
    clock.advance(minutes=2)
    worker.beat(worker.run)
    shown = admin.get("/jobs").text
    assert "任务进程在运行" in shown
    assert "还没有核验过的备份" in shown and "须处理" in shown
    assert due(app, "backup.check").due_at > clock()
    assert admin.post("/jobs/backup.check/retry").status_code == 302
    assert due(app, "backup.check").due_at == clock()
    rung: list[str] = []
    worker.beat(rung.append)
    assert rung == ["backup.check"]
    with app.app_context():
        event = db.session.scalars(
            select(AuditEvent).where(AuditEvent.action == "job.retried")
        ).one()
    assert event.target == "job:backup.check"
    clock.advance(minutes=2)
    assert "任务进程已停止" in admin.get("/jobs").text
    assert "任务进程已停止" in admin.get("/").text


def test_running_job_is_not_begun_a_second_time_and_an_unknown_one_is_not_there(
    app: Flask, admin: FlaskClient, clock: Clock
) -> None:
    with app.app_context(), unit_of_work() as work:
        until = clock() + timedelta(minutes=1)
        work.add(Job(name="audit.root", due_at=clock(), held_by="x", held_until=until, tries=0))
    refused = admin.post("/jobs/audit.root/retry")
    assert refused.status_code == 409
    assert "job.running" in refused.text and "进行中" in refused.text
    assert admin.post("/jobs/none/retry").status_code == 404


def test_probe_is_ready_without_a_scheduler_and_says_so(
    app: Flask, admin: FlaskClient, clock: Clock
) -> None:
    visitor = app.test_client()
    probe = visitor.get("/readyz")
    assert (probe.status_code, probe.get_json()["warnings"]) == (200, ["jobs"])
    worker_of(app).beat(lambda name: None)
    assert visitor.get("/readyz").get_json()["warnings"] == []
    assert visitor.get("/healthz").get_json() == {"status": "alive"}
    told = admin.get("/healthz").get_json()["jobs"]
    assert told == {"scheduler": True, "workers": 1, "trouble": []}
    clock.advance(minutes=2)
    assert visitor.get("/readyz").get_json()["warnings"] == ["jobs"]
    assert admin.get("/healthz").get_json()["jobs"]["scheduler"] is False


def test_error_of_a_job_is_shown_as_it_was_beside_a_plain_sentence(
    app: Flask, admin: FlaskClient, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = worker_of(app)
    worker.beat(lambda name: None)
    clock.advance(hours=13)
    monkeypatch.setattr("server.audit.roots.list_counties_with_events", _broken)
    worker.run("audit.root")
    with app.app_context(), unit_of_work() as work:
        work.scalars(select(Person)).one().locale = "en"
    shown = admin.get("/jobs").text
    assert "OSError: &lt;the disk&gt; is full" in shown
    assert "tried again by itself" in shown
    assert "Failed" in shown and "Try again" in shown


def _broken() -> list[int]:
    raise OSError("<the disk> is full")


@pytest.mark.parametrize("n", range(len(list_duties())), ids=list(list_duties()))
def test_every_job_can_be_run_twice_in_a_row(app: Flask, admin: FlaskClient, n: int) -> None:
    """What each does is proved where it belongs; here that the clock may call it."""
    duty = list(list_duties().values())[n]
    for _ in range(2):
        with app.app_context():
            try:
                duty.call()
            except Fault as found:
                assert found.code == "job.no_backup"
