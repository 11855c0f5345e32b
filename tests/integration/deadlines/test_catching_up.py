"""A page that finds the terms behind the clock."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask

from server.accounts.models import Jurisdiction
from server.db import db, unit_of_work
from server.deadlines.calendar import seed_calendar
from server.deadlines.events import JOB, catch_up
from server.deadlines.service import advance, list_term_events
from server.inspections.models import Inspection, Sheet
from server.jobs.duties import list_duties
from server.jobs.models import Job
from server.jobs.running import Worker
from tests.conftest import ON_SQLITE, Clock
from tests.integration.builders import Field, build_field
from tests.integration.inspections.visit import fill, submit

HOUR = timedelta(hours=1)


@pytest.fixture
def field(app: Flask, clock: Clock) -> Iterator[Field]:
    with app.app_context():
        seed_calendar()
        made = build_field()
        fill(made)
        submit(made)
        advance()
        yield made


def job() -> Job:
    db.session.rollback()  # what the worker wrote meanwhile is read
    return db.session.get_one(Job, JOB)


def count_events() -> int:
    db.session.rollback()
    return len(list_term_events())


@ON_SQLITE
def test_who_finds_terms_behind_calls_the_job_where_somebody_runs_jobs(
    app: Flask, field: Field, clock: Clock
) -> None:
    worker, rung = Worker("w", app, {JOB: list_duties()[JOB]}), list[str]()
    clock.advance(days=12)
    worker.beat(rung.append)
    before, due = count_events(), clock.at + HOUR
    assert job().due_at <= due and rung == []
    catch_up(field.jurisdiction_id)
    assert count_events() == before
    worker.beat(rung.append)
    assert rung == [JOB] and job().due_at == clock.at
    assert worker.run(JOB) == "done"
    assert count_events() > before
    next_time = job().due_at
    catch_up(field.jurisdiction_id)  # nothing is behind
    assert job().due_at == next_time > clock.at


@ON_SQLITE
def test_no_page_has_a_failing_job_fail_again(app: Flask, field: Field, clock: Clock) -> None:
    worker = Worker("w", app, {JOB: list_duties()[JOB]})
    clock.advance(days=12)
    worker.beat(list[str]().append)
    with unit_of_work() as work:
        work.get_one(Job, JOB).tries = 1
    later = job().due_at
    catch_up(field.jurisdiction_id)
    assert job().due_at == later > clock.at


@ON_SQLITE
def test_where_the_scheduler_is_gone_the_page_writes_what_is_missing(
    app: Flask, field: Field, clock: Clock
) -> None:
    Worker("w", app, {JOB: list_duties()[JOB]}).beat(list[str]().append)
    before = count_events()
    clock.advance(days=12)
    catch_up(field.jurisdiction_id)
    assert count_events() > before


@pytest.mark.both
def test_what_changes_of_a_late_term_is_found_also_where_nobody_told(
    field: Field, clock: Clock
) -> None:
    """Nothing is added while it stays late; then it is met, moved or dropped."""
    tr, mr = (field.sheet_ids[code] for code in ("tr", "mr"))
    clock.advance(days=60)
    advance()
    late = kinds_of(tr)
    assert late[-1] == "overdue" and kinds_of(mr) == late
    clock.advance(days=30)
    advance()
    assert kinds_of(tr) == kinds_of(mr) == late
    with unit_of_work() as work:
        work.get_one(Sheet, tr).entered_at = clock.at
    advance()
    assert (kinds_of(tr), kinds_of(mr)) == ([*late, "met"], late)
    with unit_of_work() as work:
        work.get_one(Jurisdiction, field.jurisdiction_id).settings = {"entry.working_days": 25}
    advance()
    assert kinds_of(tr) == [*late, "met"]
    assert kinds_of(mr) == [*late, "moved"], "that it is late was told"
    with unit_of_work() as work:
        work.get_one(Sheet, tr).entered_at = None
        work.get_one(Inspection, field.inspection_id).withdrawn_at = clock.at
    advance()
    assert kinds_of(mr)[-1] == kinds_of(tr)[-1] == "dropped"
    assert advance() == 0


def kinds_of(sheet: int) -> list[str]:
    return [
        one.kind for one in list_term_events() if (one.term, one.subject_id) == ("entry", sheet)
    ]
