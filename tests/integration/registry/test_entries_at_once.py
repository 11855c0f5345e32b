"""Two who save one entry at the same moment, on PostgreSQL: SQLite lets one write at a time
anyway."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from server.db import db, unit_of_work
from server.registry import service as registry
from server.registry.models import Firm
from server.registry.owner import take_turns
from tests.apps import Clock, close_app, make_app
from tests.integration.registry.county import build_county, office_of

WAITING = """
SELECT count(*) FROM pg_stat_activity
WHERE wait_event_type = 'Lock' AND datname = current_database()
"""


@pytest.fixture
def app(make_database_url: Callable[..., str], tmp_path: Path, clock: Clock) -> Iterator[Flask]:
    app = make_app(make_database_url("postgresql"), tmp_path / "home", clock)
    yield app
    close_app(app)


def test_of_two_who_save_at_once_one_is_told_what_the_other_changed(app: Flask) -> None:
    with app.app_context():
        county = build_county()
        office = office_of(county)
        form = {"name": "甲", "uscc": "91140522MA0K00013Y", "category": "taxi", "labels": []}
        firm_id = registry.add_firm(office, form).id
        seen = registry.version_of(office, "firms", firm_id)
        answers: list[object] = []

        def save(name: str) -> None:
            with app.app_context():
                answers.append(registry.edit_firm(office, firm_id, form | {"name": name}, seen))

        threads = [threading.Thread(target=save, args=(name,)) for name in ("乙", "丙")]
        with unit_of_work():
            take_turns(county)
            for thread in threads:
                thread.start()
            wait_until_both_wait()
        for thread in threads:
            thread.join(30)
        told = [one for one in answers if isinstance(one, registry.ChangedMeanwhile)]
        assert len(answers) == 2 and len(told) == 1
        db.session.expire_all()
        assert told[0].clashes[0].now == registry.get_firm(office, firm_id).name
        assert sum(isinstance(one, Firm) for one in answers) == 1


def wait_until_both_wait() -> None:
    ready = threading.Event()
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as other:
        for _ in range(1000):
            if other.scalar(text(WAITING)) == 2:
                return
            ready.wait(0.02)
    raise AssertionError("they never waited")
