"""Every open term reminds whoever must act for it, and says how its day came about."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from domain.access import Role
from domain.clues import ClueKind, Deed, StepKind
from domain.reminders import Matter
from server.accounts.models import Jurisdiction
from server.clues import service as clues
from server.db import db, scope_to, unit_of_work
from server.followup import revisiting
from server.followup import service as followup
from server.inspections.models import Inspection
from server.notifications.reminder_models import Reminder
from server.notifications.reminder_words import matter_of
from server.notifications.service import write_due
from tests.conftest import Clock
from tests.integration.accounts.test_every_route import client_of
from tests.integration.builders import Field, build_field
from tests.integration.fieldsync.phone import Phone
from tests.integration.followup.conftest import enter_problems
from tests.integration.followup.test_cases import cases, order
from tests.integration.notifications.reminding import (
    add_deputy,
    add_person,
    another_visit,
    hand_in_reports,
)

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
    assert on(date(2026, 3, 4)) == {
        ("follow_up", "before.10", "holder", "office"),
        ("telling", "before.10", "holder", "office"),
    }  # fmt: skip
    assert on(date(2026, 3, 13)) == {
        ("follow_up", "before.3", "holder", "office"), ("telling", "due", "holder", "office"),
    }  # fmt: skip
    assert on(date(2026, 3, 18)) == {
        ("follow_up", "due", "holder", "office"),
        ("publication", "before.10", "holder", "office"),
        ("telling", "overdue.2026-03-18", "lead", "lead"),
        ("telling", "overdue.2026-03-18", "deputy", "deputy"),
    }
    with sqlite_app.app_context():
        scope_to(entered.jurisdiction_id)
        case = cases()["PAX-02"]
        followup.decide(entered.actor("office"), case.id, order(7), case.revision)
    assert on(date(2026, 3, 19)) == {
        ("follow_up", "overdue.2026-03-19", "holder", "office"),
        ("follow_up", "overdue.2026-03-19", "lead", "lead"),
        ("order", "before.5", "holder", "office"),
        ("telling", "overdue.2026-03-19", "lead", "lead"),
        ("telling", "overdue.2026-03-19", "deputy", "deputy"),
        ("materials", "overdue.2026-03-19", "deputy", "deputy"),  # nobody holds it there
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
        "期限见当年报送日程", "须在 2026-06-02 前完成回访", "期限自 2026-03-04 次日起算 90 日",
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
    assert on(date(2026, 3, 6)) == {("telling", "before.7", "holder", "office")}
    assert on(date(2026, 3, 9)) == {("follow_up", "before.7", "holder", "office")}
    assert {one for one in on(date(2026, 3, 18)) if one[0] == "follow_up"} == set()


def test_a_line_says_how_its_day_was_counted_in_the_readers_language(
    sqlite_app: Flask, entered: Field, on: Callable[[date], set[tuple[str, ...]]]
) -> None:
    on(date(2026, 3, 18))
    client: FlaskClient = client_of(sqlite_app, entered.people["office"])
    chinese = client.get("/inbox").text
    assert "期限自 2026-03-04 次日起算 20 个工作日，跳过休息日 8 天" in chinese
    assert "期限自 2026-03-04 次日起算 10 个工作日，跳过休息日 4 天" in chinese  # the decision
    assert "提醒您，是因为这项工作由办公室办理；按设置，到期前 10 个工作日提醒。" in chinese
    sqlite_app.config["WTF_CSRF_ENABLED"] = False
    client.post("/language", data={"locale": "en"})
    english = client.get("/inbox").text
    assert "20 working days from the day after 2026-03-04, 8 days off passed over" in english
    assert "Publish the result by 2026-04-01; 10 working days were left then" in english
    with sqlite_app.app_context():
        rows = db.session.scalars(select(Reminder)).all()
        bases = {matter_of(one): one.basis is not None for one in rows}
        assert bases == {
            Matter.ENTRY: True, Matter.PUBLICATION: True, Matter.FOLLOW_UP: True,
            Matter.TELLING: True,
        }  # fmt: skip


def test_a_lead_finds_one_line_a_day_with_every_term_behind_it(
    sqlite_app: Flask, entered: Field, on: Callable[[date], set[tuple[str, ...]]]
) -> None:
    """Also where something became overdue after the line was read."""
    on(date(2026, 3, 18))
    lead = client_of(sqlite_app, entered.people["lead"])
    assert "告知期限 2026-03-13 已过，提醒时超期 3 个工作日" in lead.get("/inbox").text
    before = lead.get("/api/v1/inbox").get_json()["unread"]
    on(date(2026, 3, 19))
    lead = client_of(sqlite_app, entered.people["lead"])
    page = lead.get("/inbox").text
    assert "3 件已超期：处置决定期限 2 件，告知期限 1 件" in page
    assert lead.get("/api/v1/inbox").get_json()["unread"] == before + 1
    assert page.count("件已超期") == page.count("/inbox/overdue/") == 1, "one alone needs no list"
    assert "提醒您，是因为您是该部门的组长；按设置，超期后每个工作日提醒。" in page
    told = lead.get("/inbox/overdue/2026-03-19").text
    for words in (
        "2026-03-19 的超期事项", f'href="/telling/{entered.inspection_id}/tr"', "告知期限",
        "2026-03-13", "4 个工作日", "期限自 2026-03-04 次日起算 7 个工作日，跳过休息日 2 天",
        "/follow-up/", "1 个工作日",
    ):  # fmt: skip
        assert words in told, words
    sqlite_app.config["WTF_CSRF_ENABLED"] = False
    lead.post("/inbox/read", data={"until": "2026-03-19T02:00:00+00:00"})
    assert "没有未读消息" in lead.get("/inbox").text
    office = client_of(sqlite_app, entered.people["office"])
    assert "这一天没有提醒过您超期事项" in office.get("/inbox/overdue/2026-03-18").text
    assert "件已超期" not in office.get("/inbox").text, "who holds it sees each"
    for day in ("2026-13-01", "yesterday"):
        assert lead.get(f"/inbox/overdue/{day}").status_code == 404


def test_materials_remind_the_department_that_owes_them_once_for_all_visits_of_a_day(
    sqlite_app: Flask, entered: Field, on: Callable[[date], set[tuple[str, ...]]]
) -> None:
    with sqlite_app.app_context():
        scope_to(entered.jurisdiction_id)
        partner = entered.actor("zhao").department_id
        chief = add_person(entered, "pufaqi", "朴组长", Role.TEAM_LEAD, partner)
        with unit_of_work() as work:
            mother = work.get_one(Inspection, entered.inspection_id)
            work.add(another_visit(mother))
    told = on(date(2026, 3, 13))
    assert ("materials", "before.1", "lead", "deputy") in told, "no office: who leads acts"
    with sqlite_app.app_context():
        query = select(Reminder).where(Reminder.source.startswith("materials:"))
        (one,) = db.session.scalars(query)
        assert one.person_id == chief and one.href.startswith("/tasks/")
    page = client_of(sqlite_app, chief).get("/inbox").text
    assert "向牵头部门报送资料" in page and "期限自 2026-03-04 次日起算 10 日" in page


def test_a_clue_reminds_the_home_office_until_it_is_assigned(
    sqlite_app: Flask, entered: Field, on: Callable[[date], set[tuple[str, ...]]]
) -> None:
    with sqlite_app.app_context():
        scope_to(entered.jurisdiction_id)
        said = clues.Report(kind=ClueKind.VEHICLE, what="夜间用报废客车载客")
        clues.receive(entered.jurisdiction_id, said, "192.0.2.7")  # on 4 March, by the 13th

    def of_clues(day: date) -> set[tuple[str, ...]]:
        return {one for one in on(day) if one[0].startswith("clue")}

    assert of_clues(date(2026, 3, 12)) == {("clue_accept", "before.1", "holder", "office")}
    late = ("clue_accept", "overdue.2026-03-18", "holder", "office")
    assert of_clues(date(2026, 3, 18)) == {late}, "no team does it: the office is told on"
    page = client_of(sqlite_app, entered.people["office"]).get("/inbox").text
    assert "线索 XS2026-0001" in page and "期限自 2026-03-04 次日起算 7 个工作日" in page
    assert "报废客车" not in page
    with sqlite_app.app_context():
        scope_to(entered.jurisdiction_id)
        clues.handle(entered.actor("office"), 1, Deed(StepKind.ACCEPT), 1)
    assert of_clues(date(2026, 6, 4)) == {("clue_finish", "before.5", "holder", "office")}
