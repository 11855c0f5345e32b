"""Every open term reminds whoever must act for it, and says how its day came about."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from domain.reminders import Matter
from server.accounts.models import Jurisdiction
from server.db import db, scope_to, unit_of_work
from server.followup import revisiting
from server.followup import service as followup
from server.notifications.reminder_models import Reminder
from server.notifications.reminder_words import matter_of
from server.notifications.service import write_due
from tests.conftest import Clock
from tests.integration.accounts.test_every_route import client_of
from tests.integration.builders import Field, build_field
from tests.integration.fieldsync.phone import Phone
from tests.integration.followup.conftest import enter_problems
from tests.integration.followup.test_cases import cases, order
from tests.integration.notifications.reminding import add_deputy, hand_in_reports

YEAR = (date(2026, 1, 1), date(2026, 12, 31))


@pytest.fixture
def entered(sqlite_app: Flask) -> Field:
    """Entered on Wednesday 2026-03-04 with two problems; nothing decided, nothing published."""
    with sqlite_app.app_context():
        field = build_field()
    enter_problems(lambda name: Phone(sqlite_app, field, name))
    with sqlite_app.app_context():
        hand_in_reports(field)
    return field


@pytest.fixture
def on(sqlite_app: Flask, entered: Field, clock: Clock) -> Callable[[date], set[tuple[str, ...]]]:
    """What that day's run writes: (matter, step, why, account), without the entry that the other
    department still owes."""
    accounts = {id_: name for name, id_ in entered.people.items()}

    def run(day: date) -> set[tuple[str, ...]]:
        clock.at = datetime(day.year, day.month, day.day, 2, 0, tzinfo=UTC)
        with sqlite_app.app_context():
            scope_to(entered.jurisdiction_id)
            last = db.session.scalar(select(Reminder.id).order_by(Reminder.id.desc())) or 0
            write_due()
            assert write_due() == 0
            rows = db.session.scalars(select(Reminder).where(Reminder.id > last))
            return {
                (matter_of(one).value, one.step, one.why, accounts.get(one.person_id, "deputy"))
                for one in rows
                if matter_of(one) is not Matter.ENTRY
            }

    return run


def test_decision_order_and_publication_remind_the_office_then_the_lead_then_the_deputy(
    sqlite_app: Flask, entered: Field, on: Callable[[date], set[tuple[str, ...]]]
) -> None:
    with sqlite_app.app_context():
        add_deputy(entered)
    assert on(date(2026, 3, 4)) == {("follow_up", "before.10", "holder", "office")}
    assert on(date(2026, 3, 18)) == {
        ("follow_up", "due", "holder", "office"),
        ("publication", "before.10", "holder", "office"),
    }
    with sqlite_app.app_context():
        scope_to(entered.jurisdiction_id)
        case = cases()["PAX-02"]
        followup.decide(entered.actor("office"), case.id, order(7), case.revision)
    assert on(date(2026, 3, 19)) == {
        ("follow_up", "overdue.2026-03-19", "holder", "office"),
        ("follow_up", "overdue.2026-03-19", "lead", "lead"),
        ("order", "before.5", "holder", "office"),
    }
    assert on(date(2026, 3, 26)) >= {
        ("order", "overdue.2026-03-26", "lead", "lead"),
        ("follow_up", "overdue.2026-03-26", "deputy", "deputy"),
        ("publication", "before.5", "holder", "office"),
    }


def test_a_revisit_and_a_report_are_the_home_offices(
    sqlite_app: Flask, entered: Field, on: Callable[[date], set[tuple[str, ...]]]
) -> None:
    with sqlite_app.app_context():
        scope_to(entered.jurisdiction_id)
        office = entered.actor("office")
        pool = revisiting.pool_of(office, *YEAR)
        revisiting.draw(office, *YEAR, "25163441", "乔如是", pool.sha256)  # by 2026-06-02
        with unit_of_work() as work:
            from server.reports.models import ReportDay

            row = work.scalars(select(ReportDay).where(ReportDay.key == "monthly-05")).one()
            row.handed_in_on = None  # due on 2026-05-20
    told = {one for one in on(date(2026, 5, 20)) if one[0] in ("revisit", "report")}
    assert told == {
        ("revisit", "before.10", "holder", "office"),
        ("report", "due", "holder", "office"),
    }
    page = client_of(sqlite_app, entered.people["office"]).get("/inbox").text
    for words in (
        "2026-05-20 当天到期，须在当天报送报表", "2026 年 5 月月报表", "/reports/dates/2026",
        "期限见当年报送日程", "须在 2026-06-02 前完成回访", "期限在抽取回访对象时确定。",
    ):  # fmt: skip
        assert words in page, words
    told = {one for one in on(date(2026, 5, 21)) if one[0] == "report"}
    assert told == {("report", "overdue.2026-05-21", "holder", "office")}, "no team leads a report"


def test_the_ladders_days_are_the_countys(
    sqlite_app: Flask, entered: Field, on: Callable[[date], set[tuple[str, ...]]]
) -> None:
    with sqlite_app.app_context(), unit_of_work() as work:
        county = work.get_one(Jurisdiction, entered.jurisdiction_id)
        county.settings = county.settings | {
            "reminders.days_before": [7], "reminders.on_due_day": False,
        }  # fmt: skip
    assert on(date(2026, 3, 6)) == set()
    assert on(date(2026, 3, 9)) == {("follow_up", "before.7", "holder", "office")}
    assert {one for one in on(date(2026, 3, 18)) if one[0] == "follow_up"} == set()


def test_a_line_says_how_its_day_was_counted_in_the_readers_language(
    sqlite_app: Flask, entered: Field, on: Callable[[date], set[tuple[str, ...]]]
) -> None:
    on(date(2026, 3, 18))
    client: FlaskClient = client_of(sqlite_app, entered.people["office"])
    chinese = client.get("/inbox").text
    assert "期限自 2026-03-04 次日起算 20 个工作日，跳过休息日 8 天" in chinese
    assert "提醒您，是因为这项工作由办公室办理；按设置，到期前 10 个工作日提醒。" in chinese
    sqlite_app.config["WTF_CSRF_ENABLED"] = False
    client.post("/language", data={"locale": "en"})
    english = client.get("/inbox").text
    assert "20 working days from the day after 2026-03-04, 8 days off passed over" in english
    assert "Publish the result by 2026-04-01; 10 working days were left then" in english
    with sqlite_app.app_context():
        rows = db.session.scalars(select(Reminder)).all()
        bases = {matter_of(one): one.basis is not None for one in rows}
        assert bases == {Matter.ENTRY: True, Matter.PUBLICATION: True, Matter.FOLLOW_UP: False}
