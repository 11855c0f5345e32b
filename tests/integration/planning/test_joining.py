"""一业一查, remarks about a task, and what a form made by hand cannot name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from html import unescape

import pytest
from flask import Flask

from domain.plan_coverage import Forecast
from server.accounts.service import get_jurisdiction
from server.db import db
from server.planning.coverage import view_year
from server.planning.joining import list_proposals
from server.planning.models import PlanTask
from server.planning.service import get_plan
from server.registry.models import Firm, InspectionItem
from tests.conftest import Beginning
from tests.integration.planning.office import (
    COUNTY,
    INTERNAL,
    JOINT,
    OFFICE,
    TYPED,
    actor,
    again,
    browser,
    open_county,
    send,
    take_in,
    task_of,
)
from tests.integration.planning.test_adjustments import mark_drawn
from tests.integration.planning.test_drafts import write_draft
from tests.integration.registry.county import DATA, import_firms


@pytest.fixture
def beginning() -> Beginning:
    return OFFICE


@pytest.fixture
def county(sqlite_app: Flask) -> Iterator[int]:
    with sqlite_app.app_context():
        yield open_county(sqlite_app)


def add_item(county: int, code: str, name: str, bodies: str, objects: str = "") -> None:
    db.session.add(
        InspectionItem(
            jurisdiction_id=county,
            code=code,
            name=name,
            bodies=bodies,
            objects=objects,
            kind="key",
            version=1,
        )
    )
    db.session.commit()


def test_other_departments_with_items_on_the_trade_are_proposed_and_accepting_fills_the_form(
    sqlite_app: Flask, county: int
) -> None:
    internal, joint = take_in(INTERNAL, JOINT)
    add_item(county, "bus", "客运企业车辆和驾驶员", "县公安局交通警察大队", "客运企业")
    (found,) = [
        one for one in list_proposals(actor("office"), 2026) if one.proposal.trade == "passenger"
    ]
    assert [one.code for one in found.departments] == ["ps"]
    assert [one.id for one in found.tasks] == [task_of(internal, 1).id] and found.target is None
    assert found.plan is not None and found.plan.id == joint
    office = browser(sqlite_app, "office")
    shown = office.get("/plans/coverage?year=2026").text
    link = re.search(r'href="([^"]*/tasks/new\?[^"]*join=[^"]*)"', shown)
    assert link is not None and "全面推行“一业一查”综合监管模式" in shown
    form = office.get(unescape(link.group(1))).text
    assert "已按“一业一查”带入以下部门内部任务" in form and "对道路旅客运输经营单位的监管" in form
    assert re.search(r'name="cooperators"[^>]*value="公安局"', form)
    assert re.search(r'name="initiators"[^>]*value="交通运输局"', form)
    assert re.search(r'name="ratio_text"[^>]*value="50%"', form)
    assert re.search(r'value="police_joint"[^>]*checked|checked[^>]*value="police_joint"', form)


def test_two_internal_tasks_of_one_trade_are_proposed_until_one_is_drawn(county: int) -> None:
    (internal,) = take_in(INTERNAL)
    one, other = task_of(internal, 1), task_of(internal, 2)
    other.category, other.start_month, other.end_month = one.category, 6, 8
    db.session.commit()
    found = [row for row in list_proposals(actor("office"), 2026) if len(row.tasks) > 1]
    assert [(row.proposal.months, len(row.tasks)) for row in found] == [((6, 8), 2)]
    mark_drawn(task_of(internal, 2).id, county)
    assert not any(len(row.tasks) > 1 for row in list_proposals(actor("office"), 2026))


def test_joint_task_of_another_initiator_is_pointed_out(sqlite_app: Flask, county: int) -> None:
    _, plan_id = take_in(INTERNAL, JOINT)
    office = browser(sqlite_app, "office")
    assert "应由行业主管部门" not in office.get(f"/plans/{plan_id}").text
    task = task_of(plan_id, 2)
    task.initiators, task.cooperators = ["市场监督管理局"], ["交通运输局"]
    db.session.commit()
    number = task.id
    words = "联合任务应由行业主管部门（交通运输局）发起，现为市场监督管理局"
    assert words in office.get(f"/plans/{plan_id}").text
    page = office.get(f"/tasks/{number}").text
    assert words in page and "行业主管部门" in page
    task_of(plan_id, 2).category = "vehicle_test"  # there the market regulator is the one
    db.session.commit()
    assert "应由行业主管部门" not in office.get(f"/plans/{plan_id}").text


def test_key_item_above_the_plan_is_pointed_out_while_the_draft_is_checked(
    sqlite_app: Flask, county: int
) -> None:
    office = browser(sqlite_app, "office")
    plan_id = write_draft(office)
    item = db.session.scalars(db.select(InspectionItem).filter_by(code="station")).one()
    item.kind, item.ratio_percent = "key", Decimal(60)
    db.session.commit()
    path = f"/plans/{plan_id}/tasks/new"
    checked = office.post(path, data={**TYPED, "check": "1"}).text
    assert "高于本任务的 50%；抽取时按 60% 计算" in checked
    get_jurisdiction(county).settings = {"draw.item_ratio": "plan"}
    db.session.commit()
    assert "请考虑提高计划比例" in office.post(path, data={**TYPED, "check": "1"}).text
    enough = {**TYPED, "ratio_text": "60%", "check": "1"}
    assert "高于本任务" not in office.post(path, data=enough).text


@pytest.mark.parametrize("codes", ["item_codes", "checklist_codes"])
def test_code_that_is_on_no_list_is_refused_and_nothing_typed_is_lost(
    sqlite_app: Flask, county: int, codes: str
) -> None:
    office = browser(sqlite_app, "office")
    plan_id = write_draft(office)
    path = f"/plans/{plan_id}/tasks/new"
    answer = office.post(path, data={**TYPED, codes: ["station", "made-up"]})
    assert answer.status_code == 422
    assert "“made-up”" in answer.text and "对道路客运站的监管" in answer.text
    again(county)
    assert get_plan(actor("office"), plan_id).tasks == []
    # a code that the list lost later stays with the task that has it
    send(office, path, TYPED)
    again(county)
    task = task_of(plan_id, 1)
    setattr(task, codes, ["station", "made-up"])
    db.session.commit()
    number = task.id
    send(office, f"/plans/tasks/{number}/edit", {**TYPED, codes: ["station", "made-up"]})
    again(county)
    kept = db.session.get_one(PlanTask, number)
    assert getattr(kept, codes) == ["station", "made-up"]


def test_withdrawn_item_is_offered_to_no_new_task(sqlite_app: Flask, county: int) -> None:
    office = browser(sqlite_app, "office")
    plan_id = write_draft(office)
    item = db.session.scalars(db.select(InspectionItem).filter_by(code="station")).one()
    item.status = "withdrawn"
    db.session.commit()
    answer = office.post(f"/plans/{plan_id}/tasks/new", data=TYPED)
    assert answer.status_code == 422 and "抽查事项清单中没有“station”" in answer.text


def forecast(county: int) -> Forecast:
    again(county)
    return view_year(actor("office"), 2026).forecast


def test_pair_with_the_same_name_counts_once_before_it_is_confirmed(
    sqlite_app: Flask, county: int
) -> None:
    _, own_plan, county_plan = take_in(INTERNAL, JOINT, COUNTY)
    lines = forecast(county).lines  # 机动车维修经营单位 is called alike in both
    (unconfirmed,) = [line for line in lines if line.task.is_unconfirmed]
    assert unconfirmed.task.id == task_of(county_plan, 13).id
    assert task_of(own_plan, 2).id not in {line.task.id for line in lines}
    assert len(lines) == 10
    shown = browser(sqlite_app, "office").get("/plans/coverage").text
    assert "待确认" in shown and "有 2 对任务可能是同一任务" in shown
    task_of(own_plan, 1).official_no = task_of(county_plan, 11).official_no = "联 033"
    task_of(own_plan, 2).official_no = "联 001"
    task_of(county_plan, 13).official_no = "联 002"
    db.session.commit()
    lines = forecast(county).lines  # one number is one task, two numbers are two
    assert [line.task.id for line in lines if line.task.is_unconfirmed] == [
        task_of(county_plan, 11).id
    ]


def test_a_firm_of_two_trades_counts_once_in_the_register(sqlite_app: Flask, county: int) -> None:
    take_in(INTERNAL)
    import_firms((DATA / "demo" / "firms.csv").read_bytes())
    before = forecast(county).drawn.whole
    firm = db.session.scalars(db.select(Firm).filter_by(category="freight")).first()
    assert firm is not None
    firm.more_categories = [*firm.more_categories, "taxi"]
    db.session.commit()
    after = forecast(county)
    assert after.drawn.whole == before == db.session.query(Firm).filter(Firm.is_active).count()
