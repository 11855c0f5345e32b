"""Two at one visit at the same moment, on PostgreSQL: SQLite lets one write at a time anyway."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from domain.errors import Fault
from server.db import db, scope_to, unit_of_work
from server.inspections import service as inspections
from server.inspections.team_changes import withdraw_visit
from server.organisation import service as organisation
from tests.apps import Clock, close_app, make_app
from tests.integration.draws.changed import build_drawn, visits
from tests.integration.draws.world import PLANNED_ON, World

EXPERT = {
    "kind": "expert", "name": "梁思远", "unit": "某学院", "number": "ZJ-1", "valid_until": None,
    "labels": [], "phone": "", "is_active": True,
}  # fmt: skip
WAITING = """
SELECT count(*) FROM pg_stat_activity
WHERE wait_event_type = 'Lock' AND datname = current_database()
"""


@pytest.fixture
def app(make_database_url: Callable[..., str], tmp_path: Path, clock: Clock) -> Iterator[Flask]:
    app = make_app(make_database_url("postgresql"), tmp_path / "home", clock)
    yield app
    close_app(app)


def at_once(app: Flask, world: World, deeds: list[Callable[[], object]]) -> list[str]:
    """Begins all of them and comes back once each waits for the visit that is held here; what
    became of them is in the list when ``joined``."""
    told: list[str] = []

    def run(deed: Callable[[], object]) -> None:
        with app.app_context():
            scope_to(world.county)
            try:
                deed()
                told.append("done")
            except Fault as refused:
                told.append(refused.code)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    give_up = time.monotonic() + 60
    while True:
        with db.engine.connect() as onlooker:  # one transaction sees one moment
            if (onlooker.scalar(text(WAITING)) or 0) >= len(threads):
                break
        assert time.monotonic() < give_up, "nobody waits for the visit"
    told.append("held")
    db.session.info["threads"] = threads
    return told


def joined(told: list[str]) -> list[str]:
    for thread in db.session.info.pop("threads"):
        thread.join(30)
    assert told[0] == "held"
    return sorted(told[1:])


def test_visit_withdrawn_while_it_is_moved_or_given_an_assistant_stays_withdrawn(
    app: Flask,
) -> None:
    with app.app_context():
        world = build_drawn()
        actor, visit = world.clerk, visits()[0]
        visit_id = visit.id
        expert = organisation.add_expert(actor, dict(EXPERT)).id
        later: date = PLANNED_ON + timedelta(days=1)
        with unit_of_work():
            inspections.lock_visit(visit)
            told = at_once(
                app,
                world,
                [
                    lambda: inspections.set_planned_on(actor, visit_id, later),
                    lambda: organisation.name_assistant(actor, visit_id, expert, "检测"),
                ],
            )
            withdraw_visit(visit, actor.person_id)
        assert joined(told) == ["inspection.withdrawn"] * 2
        db.session.expire_all()
        assert visits()[0].planned_on == PLANNED_ON
        assert organisation.list_assistants([visit_id]) == []


def test_of_two_who_name_one_expert_at_once_one_is_told(app: Flask) -> None:
    with app.app_context():
        world = build_drawn()
        actor, visit = world.clerk, visits()[0]
        visit_id = visit.id
        expert = organisation.add_expert(actor, dict(EXPERT)).id
        name = [lambda: organisation.name_assistant(actor, visit_id, expert, "检测")] * 2
        with unit_of_work():
            inspections.lock_visit(visit)
            told = at_once(app, world, [*name])
        assert joined(told) == ["assistant.twice", "done"]
