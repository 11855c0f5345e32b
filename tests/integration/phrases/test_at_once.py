"""Several who change a department's phrases at the same moment, on PostgreSQL: SQLite lets one
write at a time anyway."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from domain.errors import Fault
from server.db import db, unit_of_work
from server.fieldsync import service as fieldsync
from server.inspections.publishing import publish_new_inspections
from server.inspections.records import find_inspection
from server.phrases import service
from server.phrases.models import Phrase
from tests.apps import Clock, close_app, make_app
from tests.conftest import COUNTY
from tests.integration.builders import AT, Field, build_field

WAITING = """
SELECT count(*) FROM pg_stat_activity
WHERE wait_event_type = 'Lock' AND datname = current_database()
"""
Job = Callable[[], None]


@pytest.fixture
def app(make_database_url: Callable[..., str], tmp_path: Path, clock: Clock) -> Iterator[Flask]:
    app = make_app(make_database_url("postgresql", COUNTY), tmp_path / "home", clock)
    yield app
    close_app(app)


@pytest.fixture
def field(app: Flask) -> Iterator[Field]:
    with app.app_context():
        yield build_field()


def queue_up(app: Flask, field: Field, *jobs: Job) -> None:
    """Runs the jobs, each begun when those before it wait for a lock; the first thing they all
    need is held until the last one waits."""
    with held(field):
        threads = []
        for n, job in enumerate(jobs, 1):
            threads.append(threading.Thread(target=in_app, args=(app, job)))
            threads[-1].start()
            wait_for(n)
    for thread in threads:
        thread.join(30)
        assert not thread.is_alive()


def in_app(app: Flask, job: Job) -> None:
    with app.app_context():
        job()


@contextmanager
def held(field: Field) -> Iterator[None]:
    """The first officer's own space belongs to somebody else."""
    with unit_of_work():
        fieldsync.lock_space(fieldsync.user_space(field.people["wang"]))
        yield


def wait_for(n: int) -> None:
    ready = threading.Event()
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as other:
        for _ in range(1000):
            if other.scalar(text(WAITING)) == n:
                return
            ready.wait(0.02)
    raise AssertionError(f"{n} never waited")


def phrases_on_phone(field: Field, who: str) -> list[str]:
    (row,) = fieldsync.list_own_rows(field.people[who], "phrases", 5)
    return [one["text"] for one in row["phrases"]]


def test_phrases_added_at_once_all_reach_the_phones_and_none_stands_twice(
    app: Flask, field: Field
) -> None:
    refused: list[str] = []
    office = field.actor("office")

    def adding(words: str) -> Job:
        def add() -> None:
            try:
                service.add_phrases(office, [(words, "")])
            except Fault as fault:
                refused.append(fault.code)

        return add

    queue_up(app, field, adding("甲"), adding("乙"), adding("甲"))
    assert refused == ["phrase.duplicate"]
    for who in ("wang", "li"):
        assert phrases_on_phone(field, who) == ["甲", "乙"]


def test_an_assignment_beside_a_new_phrase_does_not_take_it_from_the_phone(
    app: Flask, field: Field
) -> None:
    office = field.actor("office")
    department = office.department_id
    assert department is not None
    with unit_of_work() as work:  # kept before anybody was told
        work.add(
            Phrase(
                jurisdiction_id=field.jurisdiction_id, department_id=department, text="旧",
                changed_at=AT,
            )
        )  # fmt: skip

    def assign() -> None:
        with unit_of_work():
            inspection = find_inspection(field.inspection_id)
            assert inspection is not None
            publish_new_inspections([inspection], office.person_id)

    queue_up(app, field, lambda: service.add_phrases(office, [("新", "")]), assign)
    assert phrases_on_phone(field, "wang") == ["旧", "新"]
