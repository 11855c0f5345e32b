"""The board narrowed, counted, grouped and paged in the database; where each part is stuck; one tap
reminds who has to act."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from domain.access import Actor
from domain.board import Bucket
from domain.deadlines import DeadlineState
from server.accounts.models import Device, Jurisdiction, Person
from server.accounts.service import hash_password, list_people
from server.accounts.sessions import actor_of
from server.audit.service import list_events
from server.db import db, unit_of_work
from server.deadlines.board import Board, BoardView
from server.deadlines.models import CalendarNotice, KeptDueDate
from server.deadlines.parts.grouping import BY
from server.deadlines.parts.wanted import Wanted
from server.deadlines.reminding import remind_of
from server.deadlines.service import list_board
from server.deadlines.stuck import explain
from server.inspections.models import Sheet
from server.notifications.reminder_models import Reminder
from server.organisation.models import Team
from tests.conftest import Beginning, Clock
from tests.integration.builders import PASSWORD
from tests.integration.deadlines.test_board import DEMO, TODAY, set_out


@pytest.fixture
def beginning() -> Beginning:
    return DEMO


@pytest.fixture
def office(app: Flask, clock: Clock) -> Iterator[Actor]:
    """As in ``test_board``: overdue, due today, due in two days, in twenty, not ended, and met."""
    with app.app_context():
        yield set_out(app, clock)


@pytest.fixture
def desk(sqlite_app: Flask, clock: Clock) -> Iterator[Actor]:
    """The same on SQLite alone."""
    with sqlite_app.app_context():
        yield set_out(sqlite_app, clock)


def view(actor: Actor, size: int = 50, number: int = 1, **wanted: object) -> BoardView:
    return Board(actor, Wanted(**wanted)).view(number, size)  # type: ignore[arg-type]


def states(found: BoardView) -> list[str | None]:
    return [row.state and row.state.value for row in found.page.rows]


def person(account: str) -> Person:
    return next(one for one in list_people() if one.account == account)


def client_of(app: Flask, account: str) -> FlaskClient:
    with unit_of_work():
        person(account).password_hash = hash_password(PASSWORD)
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    client.post("/sign-in", data={"account": account, "password": PASSWORD})
    return client


def test_pages_counts_filters_and_groups_of_the_database_agree_with_the_rules(
    office: Actor,
) -> None:
    """Two at a time they are the same rows in the same order as all together."""
    every = [row.sheet.sheet_id for row in list_board(office)]
    paged = [row.sheet.sheet_id for n in (1, 2, 3) for row in view(office, 2, n).page.rows]
    assert paged == every
    assert view(office, 2, 99).page.number == 3

    for state, expected in {
        "overdue": ["overdue"], "due_today": ["due_today"], "within_3": ["due_today", "due_soon"],
        "due_soon": ["due_soon"], "running": ["running"], "not_ended": [None], "met": ["met"],
        "done": ["met"], "met_late": [],
    }.items():  # fmt: skip
        found = view(office, state=state)
        assert (state, states(found), found.page.total) == (state, expected, len(expected))
    first = list_board(office)[0].sheet
    for wanted in (
        {"q": first.number}, {"q": first.firm_name}, {"officer": first.officer_ids[0]},
        {"task": first.task_id}, {"department": "tr"}, {"due": date(2026, 4, 23)},
    ):  # fmt: skip
        assert first.sheet_id in [row.sheet.sheet_id for row in view(office, **wanted).page.rows]
    assert view(office, q="没有这样的企业").page.total == 0
    assert states(view(office, q=first.firm_name, state="overdue")) == ["overdue"]
    assert states(view(office, step="entry")) == ["due_today"]
    assert states(view(office, step="review")) == ["overdue", "running"]

    for by in BY:
        lines = Board(office, Wanted()).list_lines(by)
        assert lines[0].counts[Bucket.OVERDUE] == 1
        for line in lines:
            key = {by: "tr" if by == "department" else line.key}
            assert view(office, state="unmet", **key).page.total == line.total, (by, line)

    pictures = Board(office, Wanted()).draw(date(2026, 4, 1))
    assert pictures.overdue == 1 and pictures.due[date(2026, 4, 24)] == 1
    now, ahead = [one for one in pictures.points if one.day == TODAY.date()], pictures.points[-1]
    assert [one.still_open for one in now] == [4] and (ahead.still_open, ahead.is_ahead) == (
        0,
        True,
    )


def test_the_calendars_days_count_and_list_what_was_met_too(office: Actor) -> None:
    rows = [row for row in list_board(office) if row.due]
    days = Counter((row.due.due, row.state is DeadlineState.MET) for row in rows if row.due)
    board = Board(office, Wanted(), since=date(2024, 1, 1))
    assert board.count_days(date(2026, 1, 1), date(2026, 12, 31)) == days
    for (day, is_met), number in days.items():
        found = Board(office, Wanted(due=day, with_met=True)).view(1)
        assert found.page.total == len(found.page.rows) == number + days[day, not is_met]
        assert view(office, due=day, state="unmet").page.total == days[day, False]


def test_late_entry_receipts_and_a_department_with_a_term_of_its_own_move_the_board(
    office: Actor,
) -> None:
    with unit_of_work() as work:
        sheet = work.query(Sheet).filter_by(state="accepted").one()
        sheet.state, sheet.entered_at = "entered", TODAY + timedelta(hours=15)
    assert view(office).counts["met_late"] == 1  # a second after midnight of its day
    assert states(view(office, state="done")) == ["met_late", "met"]
    assert view(office, state="met").page.total == 1
    county = db.session.get_one(Jurisdiction, office.jurisdiction_id)
    with unit_of_work():
        county.settings = {"entry.met_by": "receipt"}
    assert view(office).counts["done"] == 0 and view(office).counts["overdue"] == 2
    with unit_of_work():
        db.session.get_one(Jurisdiction, office.jurisdiction_id).settings = {
            "entry.working_days_by_department": {"tr": 40}
        }
    found = view(office)
    assert found.counts["overdue"] == 0
    assert [row.due for row in found.page.rows] == [row.due for row in list_board(office)]


def test_while_a_task_that_terms_are_counted_from_goes_on_nothing_is_late(office: Actor) -> None:
    """Not even what is entered already; and each number is the length of its list."""
    with unit_of_work():
        county = db.session.get_one(Jurisdiction, office.jurisdiction_id)
        county.settings = {"entry.start": "task_end"}
    counts = {name: number for name, number in view(office).counts.items() if number}
    assert counts == {"not_ended": 5, "unmet": 5, "done": 1, "met": 1}
    for state in ("not_ended", "unmet", "done", "met", "met_late"):
        assert len(view(office, state=state).page.rows) == counts.get(state, 0), state
    assert states(view(office)) == [None] * 5 + ["met"]
    assert [row.state for row in list_board(office)] == [None] * 5 + [DeadlineState.MET]
    pictures = Board(office, Wanted()).draw(date(2026, 4, 1))
    assert {one.still_open for one in pictures.points} == {0} and not pictures.due


def test_what_was_met_against_an_earlier_day_stays_met_in_time(desk: Actor) -> None:
    """A notice that came later would count a day before the entry."""
    row = view(desk, state="met").page.rows[0]
    with unit_of_work() as work:
        own = {"jurisdiction_id": desk.jurisdiction_id}
        notice = CalendarNotice(
            document="国办发明电〔2025〕7号", years=[2026], days=[], text="", imported_at=TODAY
        )
        work.add(notice)
        work.flush()
        work.add(KeptDueDate(**own, sheet_id=row.sheet.sheet_id, due_on=date(2026, 3, 19),
                             notice_id=notice.id))  # fmt: skip
    assert states(view(desk, state="met_late")) == ["met_late"]
    assert view(desk, state="met").page.total == 0
    kept = Board(desk, Wanted(due=date(2026, 3, 19), with_met=True))
    assert [one.sheet.sheet_id for one in kept.view(1).page.rows] == [row.sheet.sheet_id]
    assert kept.count_days(date(2026, 3, 19), date(2026, 3, 19)) == {(date(2026, 3, 19), True): 1}


def test_each_row_says_where_it_is_stuck_and_who_holds_it(desk: Actor) -> None:
    board = Board(desk, Wanted())
    rows = {row.state and row.state.value: row for row in board.view(1).page.rows}
    stuck = {state: explain(desk, [row])[row.sheet.sheet_id] for state, row in rows.items()}
    assert {state: one.word for state, one in stuck.items()} == {
        "overdue": "待组长审核", "due_today": "审核通过，待录入", "due_soon": "退回修改中",
        "running": "待组长审核", None: stuck[None].word, "met": "待登记平台回执",
    }  # fmt: skip
    assert stuck[None].word in ("待检查", "过了计划日，尚未检查", "尚未安排检查日期")
    assert any("执法人员" in line or "检查项" in line for line in stuck["due_today"].details)
    assert rows["overdue"].holders == ("林知远",)
    assert set(rows["met"].holders) and rows["met"].holders != ("周晚晴",)
    assert rows["due_soon"].holders == rows["due_soon"].sheet.team


def test_phone_that_holds_records_is_named_with_when_it_said_so(desk: Actor) -> None:
    row = Board(desk, Wanted(state="not_ended")).view(1).page.rows[0]
    at = datetime(2026, 4, 24, 0, 30, tzinfo=UTC)
    with unit_of_work() as work:
        phone = Device(
            id="dev_stuck", jurisdiction_id=desk.jurisdiction_id, name="红米 9A", last_seq=0,
            person_id=row.sheet.person_ids[0], enrolled_at=at, heartbeat_at=at,
            heartbeat={"unsent": 2, "photos_waiting": 3},
        )  # fmt: skip
        work.add(phone)
    told = explain(desk, [row])[row.sheet.sheet_id]
    assert told.word == "记录还在手机上"
    [line] = told.details
    assert "红米 9A" in line and "2 条记录、3 张照片" in line and "2026-04-24 08:30" in line


def test_one_tap_reminds_those_who_have_to_act_once_a_day(
    desk: Actor, sqlite_app: Flask, clock: Clock
) -> None:
    row = Board(desk, Wanted(state="overdue")).view(1).page.rows[0]
    client = client_of(sqlite_app, "bangong")
    asked = {"sheet": row.sheet.sheet_id, "back": "?state=overdue"}
    answer = client.post("/board/remind", data=asked)
    assert answer.headers["Location"] == "/board?state=overdue"
    assert "已提醒：林知远" in client.get("/board?state=overdue").text
    client.post("/board/remind", data=asked)
    assert "今天已经提醒过：林知远" in client.get("/board").text
    lead = person("zuzhang").id
    told = db.session.query(Reminder).filter_by(kind="asked").all()
    assert [one.person_id for one in told] == [lead]
    target = f"insp:{row.sheet.inspection_id}/tr"
    assert [one.action for one in list_events(target)] == ["deadline.reminded"]
    page = client_of(sqlite_app, "zuzhang").get("/").text
    assert row.sheet.firm_name in page and f"/inspections/{row.sheet.inspection_id}" in page
    clock.at += timedelta(days=1)
    client.post("/board/remind", data=asked)
    assert db.session.query(Reminder).filter_by(kind="asked").count() == 2


def test_nobody_reminds_about_a_sheet_out_of_sight(desk: Actor) -> None:
    strange = actor_of(person("shichang2"))
    told = remind_of(strange, [row.sheet.sheet_id for row in list_board(desk)])
    assert (told.names, told.written) == ((), 0)


def test_wall_screen_hides_firms_where_the_county_says_so_and_renews_itself(
    desk: Actor, sqlite_app: Flask
) -> None:
    client = client_of(sqlite_app, "bangong")
    firm = list_board(desk)[0].sheet
    shown = client.get("/board/screen").text
    assert firm.firm_name in shown and '<meta http-equiv="refresh" content="120">' in shown
    with unit_of_work():
        county = db.session.get_one(Jurisdiction, desk.jurisdiction_id)
        county.settings = {"board.screen_names_firms": False}
    hidden = client.get("/board/screen").text
    assert firm.firm_name not in hidden and firm.number in hidden


def test_the_board_says_from_when_the_county_counts(desk: Actor, sqlite_app: Flask) -> None:
    client = client_of(sqlite_app, "bangong")
    assert "检查结束次日起算" in client.get("/board").text
    with unit_of_work():
        county = db.session.get_one(Jurisdiction, desk.jurisdiction_id)
        county.settings = {"entry.start": "task_end"}
    assert "同一次抽取的检查全部结束次日起算" in client.get("/board").text


def test_every_view_answers_to_links_and_to_nonsense(desk: Actor, sqlite_app: Flask) -> None:
    client = client_of(sqlite_app, "bangong")
    with unit_of_work() as work:
        first = list_board(desk)[0].sheet
        team = Team(jurisdiction_id=desk.jurisdiction_id, department_id=first.department_id,
                    name="客运股")  # fmt: skip
        work.add(team)
        work.flush()
        team.officer_ids = list(first.officer_ids[:1])
    for by in BY:
        page = client.get(f"/board/groups?by={by}").text
        assert "state=overdue" in page
    assert "客运股" in client.get("/board/groups?by=team").text
    narrowed = client.get(f"/board?officer={first.officer_ids[0]}&due=2026-04-23").text
    assert first.team[0] in narrowed and "到期日：2026-04-23" in narrowed
    for path in (
        "/board?state=x&step=x&due=x&officer=x&page=x", "/board/groups?by=x",
        "/board/pictures?month=x", "/board/pictures?month=2026-13", "/board/paper",
        "/board/pictures?month=9999-12", "/board?due=9999-12-31", "/calendar?day=0001-01-01",
        "/calendar?day=9999-12-31", "/statistics/warnings?month=9999-12",
        "/statistics?first=0001-01-01&last=9999-12-31", f"/inbox?page={'9' * 5000}",
    ):  # fmt: skip
        assert client.get(path).status_code == 200, path
    for sent in ({"sheet": "x", "back": "?state=a\r\nX: y"}, {"sheet": "9" * 30, "back": "//x"}):
        assert client.post("/board/remind", data=sent).headers["Location"] == "/board"
    assert "不用再提醒" in client.get("/board").text
    for path in ("/board", "/board/paper"):  # on paper the count stands below, once for all alike
        page = client.get(path).text
        assert page.count("第 20 个工作日，周末不计；另不计：04-04 至 04-06") == 1, path
        assert '2026-04-23<sup class="due-mark">' in page, path
    april = client.get("/board/pictures?month=2026-04").text
    assert "due=2026-04-23" in april and "2026-04-23 到期 1 件" in april
