"""Parts of a joint task's summary table, from who takes part to who leads (R101): the small year's
task of two departments, written out by hand."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from domain.access import Role
from domain.errors import Fault
from domain.reports.task_summary import FIELDS
from server.accounts.departments import rename_department
from server.accounts.directory import lock_jurisdiction
from server.accounts.models import Department, Person, PersonRole
from server.db import db, unit_of_work
from server.notifications.service import list_inbox
from server.reports import joining, parts, service
from server.reports.models import Report, SummaryPart
from server.reports.part_standing import PartState, read_standing
from tests.integration.builders import PASSWORD
from tests.integration.fieldsync.test_at_once import at_once
from tests.integration.phrases.test_at_once import wait_for
from tests.integration.reports.year import Year, build_year, publish

# 抽查 完成 各结果1–8 发现问题 责令改正 立案 移送行政 移送司法 录入 公示
MARKET = [2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0]
BUREAU = [2, 2, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 2, 0]
BOTH = [2, 1, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0]


@pytest.fixture
def year(app: Flask) -> Iterator[Year]:
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        made = build_year()
        with unit_of_work() as work:
            zhao = work.get_one(Person, made.people["zhao"])
            office = Person(
                jurisdiction_id=made.jurisdiction_id, account="mr-office", name="市监办公室",
                department_id=zhao.department_id, password_hash=zhao.password_hash,
                roles=[PersonRole(role=str(Role.OFFICE_STAFF))],
            )  # fmt: skip
            work.add(office)
            work.flush()
            made.people["mr-office"] = office.id
        yield made


def line_of(year: Year, task: str = "with_market") -> Any:
    return read_standing(year.actor("office"), year.tasks[task]).lines[0]


def hand_over(year: Year, who: str = "mr-office", task: str = "with_market") -> SummaryPart:
    return parts.hand_over(
        year.actor(who), year.tasks[task], parts.seen_of(line_of(year, task).parts), ""
    )


def refusal(deed: Any, *words: Any) -> str:
    with pytest.raises(Fault) as told:
        deed(*words)
    db.session.rollback()
    return told.value.code


def numbers(part: SummaryPart | Report) -> list[list[int]]:
    """By line, in the order of the form."""
    return [[one["numbers"][key] for key in FIELDS] for one in json.loads(part.content)["lines"]]


@pytest.mark.both
def test_a_part_is_frozen_returned_handed_over_again_and_joined(app: Flask, year: Year) -> None:
    office, market = year.actor("office"), year.actor("mr-office")
    task = year.tasks["with_market"]
    assert refusal(joining.join_parts, office, task) == "summary.nothing_to_join"
    assert refusal(parts.hand_over, market, task, "0" * 64, "") == "summary.changed"
    assert refusal(parts.hand_over, office, task, "", "") == "summary.nothing_to_hand_over"

    def once() -> int:
        with app.app_context():
            try:
                hand_over(year)
            except Fault as told:
                assert told.code == "summary.unchanged"
                return 0
            return 1

    db.session.remove()
    assert sum(at_once(once, once)) == 1
    with app.app_context():
        first = db.session.scalars(select(SummaryPart)).one()
        assert (first.number, numbers(first)) == (1, [MARKET])
        publish(year, "d2/E1/mr", "02-12", "公示系统")
        assert [(one.ref, one.new) for one in line_of(year).differences] == [("published", "1")]
        assert numbers(joining.join_parts(office, task, "备注")) == [
            BUREAU, MARKET, BOTH,
        ]  # fmt: skip

        assert refusal(parts.return_part, market, task, first.id, "自己退") == "access.denied"
        parts.return_part(office, task, first.id, "公示户数有误")
        assert refusal(parts.return_part, office, task, first.id, "再退") == "summary.returned"
        assert line_of(year).state is PartState.RETURNED
        assert [one.about for one in list_inbox(market).items] == ["抽查情况汇总表：任务2"]
        second = hand_over(year)
        assert (second.number, line_of(year).state) == (2, PartState.CAME)
        assert refusal(parts.ask_for_part, office, task, market.department_id) == (
            "summary.not_missing"
        )
        joined = service.get_report(office, joining.join_parts(office, task).id)
        assert joined.content["lines"][1]["numbers"]["published"] == 1
        assert joined.content["parts"][0]["sha256"] == second.digest
        for statement in (
            "UPDATE summary_parts SET number = 9",
            "DELETE FROM summary_parts",
            "UPDATE summary_part_returns SET reason = ''",
            "DELETE FROM summary_part_returns",
        ):
            with pytest.raises(DBAPIError, match="append_only"), unit_of_work() as work:
                work.execute(text(statement))
            db.session.rollback()


def sign_in(app: Flask, account: str) -> FlaskClient:
    client = app.test_client()
    client.post("/sign-in", data={"account": account, "password": PASSWORD})
    return client


def test_pages_show_each_department_what_is_its_own(app: Flask, year: Year) -> None:
    """The bureau takes part where the market office leads: that one joins, and sees no more than
    what was handed to it."""
    task, market, lead = (
        year.tasks["with_market"],
        sign_in(app, "mr-office"),
        sign_in(app, "office"),
    )
    here = f"/tasks/{task}/summary"
    page = lead.get(here).text
    assert "未报送" in page and "提醒报送" in page and "还没有部门报送" in page
    department = line_of(year).department.id
    told = lead.post(f"{here}/ask/{department}", follow_redirects=True).text
    assert "已提醒市场监督管理局" in told
    page = market.get(here).text
    assert "报送牵头单位" in page and "提醒报送" not in page
    stale = market.post(here, data={"seen": "0" * 64, "remark": "两户并案"})
    assert stale.status_code == 409 and "两户并案" in stale.text
    seen = parts.seen_of(line_of(year).parts)
    assert market.post(here, data={"seen": seen, "remark": "两户并案"}).status_code == 302
    part = db.session.scalars(select(SummaryPart)).one().id
    assert "两户并案" in lead.get(f"{here}/{part}").text
    refused = lead.post(f"{here}/{part}/return", data={"reason": ""})
    assert refused.status_code == 422 and "退回原因" in refused.text
    joined = lead.post(f"{here}/join", data={"remark": ""})
    assert joined.status_code == 302 and "/reports/" in joined.location

    task = year.tasks["for_market"]
    here = f"/tasks/{task}/summary"
    assert "报送牵头单位" in lead.get(here).text
    assert market.get(f"/tasks/{year.tasks['internal']}/summary").status_code == 200
    hand_over(year, "office", "for_market")
    assert market.post(f"{here}/join", data={"remark": ""}).location == here
    found = joining.list_joined(year.actor("mr-office"), task)
    body = market.get(f"{here}/joined/{found[0].id}.xlsx").data
    rows = CalamineWorkbook.from_filelike(io.BytesIO(body)).get_sheet_by_index(0).to_python()
    assert [row[:4] for row in rows[5:8]] == [
        ["交通运输局", "—", 2, 1], ["合计", "—", 2, 1], ["备注", "", "", ""],
    ]  # fmt: skip
    with unit_of_work() as work:  # a third department sees neither the part nor the table
        police = Department(jurisdiction_id=year.jurisdiction_id, code="police", name="公安局")
        work.add(police)
        work.flush()
        stranger = work.get_one(Person, year.people["stranger"])
        stranger.department_id = police.id
        stranger.roles = [PersonRole(role=str(Role.OFFICE_STAFF))]
    mine = db.session.scalars(select(SummaryPart.id).where(SummaryPart.task_id == task)).one()
    third = sign_in(app, "stranger")
    assert "第 1 版" not in third.get(here).text
    assert third.get(f"{here}/{mine}").status_code == 404
    assert third.get(f"{here}/joined/{found[0].id}.xlsx").status_code == 404
    assert market.get(f"{here}/{mine}").status_code == 200


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_part_returned_at_once_with_a_new_name_of_its_department(app: Flask, year: Year) -> None:
    """Both need the department and the county, and take them in one order."""
    office, task, part = year.actor("office"), year.tasks["with_market"], hand_over(year).id
    market = db.session.get_one(Department, year.actor("mr-office").department_id)
    place, name, told = market.id, market.name, list[object]()

    def give_back() -> None:
        with app.app_context():
            try:
                told.append(parts.return_part(office, task, part, "户数有误").reason)
            except Exception as error:
                told.append(error)

    other = threading.Thread(target=give_back)
    with unit_of_work():
        lock_jurisdiction(year.jurisdiction_id)
        other.start()
        wait_for(1)
        rename_department(office, place, "市场监督管理局（新）", name)
        db.session.flush()
    other.join(30)
    assert told == ["户数有误"]
