"""The board: the most urgent first, due dates in working days, and who has to act next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from flask import Flask

from domain.access import Actor, Role
from server.accounts.models import Person, PersonRole
from server.accounts.service import list_people, list_team_leads
from server.accounts.sessions import actor_of
from server.db import db, scope_to, unit_of_work
from server.deadlines import service
from server.deadlines.board import count_states
from server.deadlines.calendar import seed_calendar
from server.demo.service import find_demo, load_demo
from server.fieldsync.service import ensure_epoch
from server.inspections.models import Sheet
from server.inspections.overview import count_by_state, count_to_enter
from server.runtime import SITE_ZONE
from tests.conftest import Beginning, Clock

ENTERED_AT = datetime(2026, 3, 20, 10, 0, tzinfo=SITE_ZONE)
# Friday 2026-04-24; 清明 took Monday 6 April, and there was no make-up day.
TODAY = datetime(2026, 4, 24, 9, 0, tzinfo=SITE_ZONE)
ENDED = {  # in the order of the demo's inspections
    "running": (date(2026, 4, 23), "submitted"),
    "met": (date(2026, 3, 10), "entered"),
    "overdue": (date(2026, 3, 25), "submitted"),
    "due_soon": (date(2026, 3, 30), "returned"),
    "due_today": (date(2026, 3, 26), "accepted"),
}


def _build_demo() -> int:
    seed_calendar()
    ensure_epoch()
    load_demo()
    county = find_demo()
    assert county is not None
    return county.id


DEMO = Beginning("demo", _build_demo)


@pytest.fixture
def beginning() -> Beginning:
    return DEMO


@pytest.fixture
def office(app: Flask, clock: Clock) -> Iterator[Actor]:
    """The demo county with the passenger task's visits at different points of their term; the
    sixth visit has not been made."""
    with app.app_context():
        yield set_out(app, clock)


def set_out(app: Flask, clock: Clock) -> Actor:
    """The office on ``TODAY``; in the application's context."""
    scope_to(DEMO.told(app))
    entered_by = next(one.id for one in list_people() if one.account == "jiancha1")
    with unit_of_work() as work:
        sheets = work.query(Sheet).order_by(Sheet.inspection_id).all()
        for sheet, (ended_on, state) in zip(sheets, ENDED.values(), strict=False):
            sheet.ended_on, sheet.state = ended_on, state
            if state == "entered":
                sheet.entered_at, sheet.entered_by = ENTERED_AT, entered_by
    clock.at = TODAY
    return actor_of(next(one for one in list_people() if one.account == "bangong"))


def test_most_urgent_comes_first_with_due_dates_in_working_days(office: Actor) -> None:
    """And the start page counts the same."""
    states = [row.state and row.state.value for row in service.list_board(office)]
    assert states == ["overdue", "due_today", "due_soon", "running", None, "met"]

    assert count_states(office) == {
        "overdue": 1, "due_today": 1, "within_3": 2, "within_5": 2, "within_10": 2, "due_soon": 1,
        "in_3": 1, "later": 1, "running": 1, "not_ended": 1, "unmet": 5, "done": 1, "met": 1,
    }  # fmt: skip
    found = {
        row.state.value: (row.due.due.isoformat(), row.days_left)
        for row in service.list_board(office)
        if row.state is not None and row.due is not None
    }
    assert found["overdue"] == ("2026-04-23", -1)
    assert found["due_today"] == ("2026-04-24", 0)
    assert found["due_soon"] == ("2026-04-28", 2)
    assert found["running"][0] == "2026-05-25"  # over the days off of 1 May
    assert found["met"][0] == "2026-04-08"


def test_handed_in_sheet_is_held_by_the_present_team_leads_of_its_department(office: Actor) -> None:
    rows = [row for row in service.list_board(office) if row.sheet.state == "submitted"]
    assert len(rows) == 2
    assert {row.holders for row in rows} == {("林知远",)}
    # somebody else becomes lead, the first one leaves
    with unit_of_work():
        people = {one.account: one for one in list_people()}
        people["jiancha3"].roles.append(PersonRole(role=str(Role.TEAM_LEAD)))
        people["zuzhang"].is_active = False
        tr = people["jiancha3"].department_id
    assert [one.name for one in list_team_leads(tr)] == ["苏砚之"]
    rows = [row for row in service.list_board(office) if row.sheet.state == "submitted"]
    assert {row.holders for row in rows} == {("苏砚之",)}


def test_other_states_are_held_by_the_team_and_entered_ones_name_who_entered(office: Actor) -> None:
    for row in service.list_board(office):
        if row.sheet.state == "entered":
            assert row.holders == ("周晚晴",)
        elif row.sheet.state != "submitted":
            assert row.holders == row.sheet.team and len(row.holders) == 2
    # entered after the due date
    with unit_of_work() as work:
        sheet = work.query(Sheet).filter_by(state="accepted").one()
        sheet.state, sheet.entered_at = "entered", TODAY + timedelta(days=3)
    last = service.list_board(office)[-2:]
    assert [row.state and row.state.value for row in last] == ["met_late", "met"]


def test_lead_sees_the_sheets_of_the_own_department_only(office: Actor) -> None:
    strange = db.session.query(Person).filter_by(account="shichang2").one()
    assert service.list_board(actor_of(strange)) == []


def test_the_start_page_counts_what_the_board_shows(office: Actor) -> None:
    """Also once a visit is taken back, and an officer off the team."""
    with unit_of_work() as work:
        accepted = work.query(Sheet).filter_by(state="accepted").one()
        team = list(accepted.inspection.team)
        team[1].removed_at = TODAY
        work.query(Sheet).filter_by(state="returned").one().inspection.withdrawn_at = TODAY
    shown = Counter(row.sheet.state for row in service.list_board(office))
    assert count_by_state(office) == shown
    assert shown == {"submitted": 2, "entered": 1, "accepted": 1, "open": 1}
    officers = [replace(office, officer_id=one.officer_id) for one in team]
    assert [count_to_enter(one) for one in officers] == [1, 0]
    strange = actor_of(db.session.query(Person).filter_by(account="shichang2").one())
    assert count_by_state(strange) == {}
