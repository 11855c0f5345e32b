"""The demo county has what an office finds on a Monday: whoever looks for it must not come to empty
pages."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select

from domain.reports.frozen import ReportKind
from server.accounts.models import Person
from server.accounts.sessions import actor_of
from server.db import db, scope_to
from server.deadlines.board import count_states
from server.deadlines.calendar import seed_calendar
from server.deadlines.notices import list_notices
from server.deadlines.pauses import list_pauses
from server.demo.service import find_demo, load_demo
from server.fieldsync.service import check_live_ledger, ensure_epoch
from server.inspections.models import Sheet
from server.notifications.inbox import list_inbox
from server.reports.service import list_reports
from server.runtime import SITE_ZONE
from server.telling.overview import count_tellings
from tests.conftest import Clock


def load(clock: Clock, at: datetime) -> None:
    """Into an empty installation, at that moment."""
    clock.at = at
    seed_calendar()
    ensure_epoch()
    load_demo(with_results=True)
    county = find_demo()
    assert county is not None
    scope_to(county.id)


def test_the_demo_shows_terms_that_are_late_paused_and_reminded_of(
    sqlite_app: Flask, clock: Clock
) -> None:
    with sqlite_app.app_context():
        load(clock, datetime(2026, 11, 30, 9, tzinfo=SITE_ZONE))  # a Monday
        office = actor_of(db.session.scalars(select(Person).filter_by(account="bangong")).one())
        states = count_states(office)
        assert (states["overdue"], states["due_soon"], states["done"]) == (1, 1, 3)
        told = count_tellings(office)
        assert (told["not_told"], told["overdue"]) == (2, 0), "corrected, joint; in time"
        [pause] = list_pauses(office)
        assert pause.state == "approved"
        late = db.session.scalars(select(Sheet).filter_by(state="accepted")).one()
        for one in late.inspection.team:
            officer = actor_of(db.session.get_one(Person, one.officer.person_id))
            assert any("江月白" in item.why for item in list_inbox(officer).items), "reminded"
        assert [one.years for one in list_notices()] == [[2026]]
        assert {one.kind for one in list_reports(office)} == {
            ReportKind.ANNEX1,
            ReportKind.ANNEX2,
            ReportKind.ANNUAL,
        }
        assert check_live_ledger().problems == []


@pytest.mark.soak
@pytest.mark.parametrize("day", ["2026-01-02", "2026-01-20", "2026-02-24", "2026-10-08"])
def test_the_demo_can_be_loaded_after_days_off_and_early_in_a_year(
    sqlite_app: Flask, clock: Clock, day: str
) -> None:
    with sqlite_app.app_context():
        load(clock, datetime.fromisoformat(f"{day}T09:00:00+08:00"))
        assert check_live_ledger().problems == []
