"""Two who move terms at the same moment take their locks in one order, on PostgreSQL: SQLite lets
one write at a time anyway. Where they did not, PostgreSQL ends one of the two."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from domain.access import Role
from domain.followup import Decision, Disposal
from server.accounts.directory import write_settings
from server.db import db, scope_to, unit_of_work
from server.deadlines.calendar import seed_calendar
from server.deadlines.events import advance_county, hold_terms
from server.deadlines.notices import import_notice
from server.deadlines.resetting import resetting
from server.fieldsync import service as fieldsync
from server.followup import service as followup
from server.followup.models import FollowUp
from server.settings import service as settings
from tests.apps import Clock, close_app, make_app
from tests.integration.builders import Field, build_field
from tests.integration.deadlines.test_notices import FLOOD, read_notice_file
from tests.integration.fieldsync.entered import PROBLEMS
from tests.integration.phrases.test_at_once import wait_for
from tests.integration.telling.conftest import make_link
from tests.integration.telling.test_telling import deliver

TEN_DAYS = {"entry.working_days": 10}


@pytest.fixture
def app(make_database_url: Callable[..., str], tmp_path: Path, clock: Clock) -> Iterator[Flask]:
    app = make_app(make_database_url("postgresql", PROBLEMS), tmp_path / "home", clock)
    yield app
    close_app(app)


@pytest.fixture
def field(app: Flask) -> Iterator[Field]:
    """A joint visit that has ended: tr has entered two problems, mr nothing."""
    with app.app_context():
        seed_calendar()
        made = build_field()
        scope_to(made.jurisdiction_id)
        advance_county(made.jurisdiction_id)
        yield made


class Other:
    """Somebody else's deed, begun once it has come to a lock that is held here."""

    def __init__(self, app: Flask, field: Field, deed: Callable[[], object]) -> None:
        self.told: list[BaseException | None] = []

        def run() -> None:
            with app.app_context():
                scope_to(field.jurisdiction_id)
                try:
                    deed()
                    self.told.append(None)
                except BaseException as error:
                    self.told.append(error)
                finally:
                    db.session.remove()

        self.thread = threading.Thread(target=run)
        self.thread.start()
        wait_for(1)

    def went_through(self) -> bool:
        self.thread.join(30)
        assert self.told == [None]
        return True


def test_a_setting_saved_at_once_with_the_hourly_job(
    app: Flask, field: Field, clock: Clock
) -> None:
    """The job writes rows that refer to the county, which whoever saves has locked."""
    admin = replace(field.actor("office"), roles=frozenset({Role.ADMIN}))
    clock.at += timedelta(days=40)
    with unit_of_work():
        hold_terms(field.jurisdiction_id)
        other = Other(app, field, lambda: settings.save(admin, TEN_DAYS, 0))
        assert advance_county(field.jurisdiction_id) > 0
    assert other.went_through()


def test_a_notice_delivered_at_once_with_a_setting(app: Flask, field: Field) -> None:
    """Both need the visit, and the terms."""
    make_link(field)
    office = field.actor("office")
    with unit_of_work(), resetting(field.jurisdiction_id, office.person_id):
        other = Other(app, field, lambda: deliver(field))
        write_settings(field.jurisdiction_id, TEN_DAYS)
    assert other.went_through()


def test_days_off_imported_at_once_with_a_result(app: Flask, field: Field) -> None:
    """Who enters has the visit when he comes to its cases; the notice moves both."""
    days = read_notice_file(FLOOD.encode())
    with unit_of_work() as work:
        fieldsync.lock_space(field.space)
        other = Other(app, field, lambda: import_notice(None, days, "1号", FLOOD))
        assert len(work.scalars(select(FollowUp).with_for_update()).all()) == 2
    assert other.went_through()


def test_days_off_imported_at_once_with_a_decision_leave_what_was_decided(
    app: Flask, field: Field
) -> None:
    """The other case of the same sheet waits for its decision, by one day longer."""
    days, office = read_notice_file(FLOOD.encode()), field.actor("office")
    first, second = db.session.scalars(select(FollowUp).order_by(FollowUp.id)).all()
    before = first.decide_by
    assert second.decide_by == before
    order = Decision(Disposal.CORRECTION_ORDER, "交通运输局", "限期补办", date(2026, 3, 31), "")
    with unit_of_work():
        followup.decide(office, first.id, order, first.revision)
        other = Other(app, field, lambda: import_notice(None, days, "1号", FLOOD))
    assert other.went_through()
    db.session.expire_all()
    assert (first.decide_by, second.decide_by) == (before, before + timedelta(days=1))
