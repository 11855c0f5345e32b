"""A plan written by hand: a draft until it is published, read like a printed table."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from domain.errors import Fault
from server.draws.service import freeze_pool
from server.planning.service import get_plan, list_own_tasks
from tests.conftest import Beginning
from tests.integration.planning.office import (
    COUNTY,
    INTERNAL,
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


@pytest.fixture
def beginning() -> Beginning:
    return OFFICE


@pytest.fixture
def county(sqlite_app: Flask) -> Iterator[int]:
    with sqlite_app.app_context():
        yield open_county(sqlite_app)


@pytest.fixture
def office(sqlite_app: Flask, county: int) -> FlaskClient:
    return browser(sqlite_app, "office")


def write_draft(office: FlaskClient, kind: str = "internal") -> int:
    head = {"kind": kind, "year": "2026", "title": "2026 年度抽查计划", "document_no": ""}
    made = office.post("/plans/new", data=head)
    assert made.status_code == 302
    return int(made.headers["Location"].rsplit("/", 1)[-1])


def test_a_task_is_read_kept_as_written_and_drawn_only_after_publication(
    office: FlaskClient, county: int
) -> None:
    take_in(INTERNAL)
    plan_id = write_draft(office)
    shown = send(office, f"/plans/{plan_id}/tasks/new", TYPED)
    assert "内2026005" in shown.text and "不低于50% 1次/年" in shown.text
    again(county)
    task = task_of(plan_id, 1)
    assert (float(task.ratio_percent or 0), task.is_minimum, task.times_per_year) == (50, True, 1)
    assert (task.start_month, task.end_month, task.ownership) == (3, 10, "initiating")
    assert task.initiators == ["法制办", "交通运输事业发展中心"]
    assert task.cells["发起主体/指导单位"] == "法制办发起/交通运输事业发展中心牵头"
    assert task.cells["抽查类型"] == "定向" and task.item_text != ""
    assert (task.responsible_unit, task.completion_text) == ("法制办", "全年")
    assert task.id not in [one.id for one in list_own_tasks(actor("office"))]
    assert "对道路客运站的监管" not in office.get("/tasks?year=2026").text
    with pytest.raises(Fault) as refused:
        freeze_pool(actor("office"), task.id)
    assert refused.value.code == "plan.not_drawable"
    assert "第 1 版已公布" in send(office, f"/plans/{plan_id}/publish", {}).text
    again(county)
    assert task_of(plan_id, 1).id in [one.id for one in list_own_tasks(actor("office"))]
    assert "对道路客运站的监管" in office.get("/tasks?year=2026").text


def test_what_cannot_be_read_says_so_at_its_field_and_nothing_typed_is_lost(
    office: FlaskClient, county: int
) -> None:
    plan_id = write_draft(office, "joint")
    wrong = TYPED | {
        "ratio_text": "三成",
        "window_text": "10月-3月",
        "inspecting_bodies": "双随机抽查工作领导小组",
        "item_codes": [],
    }
    shown = office.post(f"/plans/{plan_id}/tasks/new", data=wrong)
    assert shown.status_code == 422
    for words in (
        "抽查比例“三成”无法识别",
        "起止时间“10月-3月”无法识别",
        "不得作为检查主体",
        "请从抽查事项清单中选择事项",
        "县内道路客运站",
        "法制办",
    ):
        assert words in shown.text
    doubled = TYPED | {"times_per_year": "2", "cooperators": "市场监管局"}
    assert (
        "比例栏写的是 1，这里填的是 2" in send(office, f"/plans/{plan_id}/tasks/new", doubled).text
    )
    checked = office.post(
        f"/plans/{plan_id}/tasks/new", data=TYPED | {"check": "1", "cooperators": "市场监管局"}
    )
    assert checked.status_code == 200 and "3 月至 10 月" in checked.text
    read = office.get("/plans/read/ratio?text=不低于10% 次/年").get_json()
    assert read == {"text": "不低于 10%，频次未注明"}
    assert (
        office.get("/plans/read/window?text=2024年6月至10 月").get_json()["text"] == "6 月至 10 月"
    )
    assert office.get("/plans/read/window?text=三月").get_json() == {"text": ""}
    again(county)
    assert get_plan(actor("office"), plan_id).tasks == []


def test_an_imported_task_is_mended_in_the_columns_touched_and_removed(
    office: FlaskClient, county: int
) -> None:
    (plan_id,) = take_in(INTERNAL)
    task = task_of(plan_id, 2)
    before, path = dict(task.cells), f"/plans/tasks/{task.id}/edit"
    shown = office.get(path).text
    assert 'value="20%"' in shown and 'value="法治办"' in shown
    typed = TYPED | {
        "name": task.name, "item_codes": [], "item_text": task.item_text,
        "object_scope": task.object_scope, "category": "freight", "ratio_text": "25% 1次/年",
        "window_text": "3月-12月", "initiators": "法治办",
        "inspecting_bodies": "交通运输局事业发展中心、综合执法队", "risk_text": task.risk_text,
        "checklist_codes": ["common", "freight"],
    }  # fmt: skip
    assert "已保存" in send(office, path, typed).text
    again(county)
    cells = task_of(plan_id, 2).cells
    assert {name for name in cells if cells[name] != before[name]} == {"抽查比例/数量"}
    assert "已从草稿中删去" in send(office, f"/plans/tasks/{task.id}/remove", {}).text
    again(county)
    assert len(get_plan(actor("office"), plan_id).standing_tasks) == 3
    assert "办理记录" in office.get(f"/plans/{plan_id}").text


def test_phases_of_a_campaign_are_kept_in_order_or_refused_whole(
    office: FlaskClient, county: int
) -> None:
    plan_id = write_draft(office)
    head = {"title": "2026 年专项抽查", "document_no": "泽交字〔2026〕9号"}
    first = {"phase-0-name": "制定工作方案", "phase-0-starts_on": "2026-11-28"}
    refused = office.post(f"/plans/{plan_id}/edit", data=head | first)
    assert refused.status_code == 422 and "阶段名称、开始和结束日期都要填写" in refused.text
    assert "2026-11-28" in refused.text
    whole = head | first | {"phase-0-ends_on": "2026-11-30"}
    assert "制定工作方案" in send(office, f"/plans/{plan_id}/edit", whole).text
    again(county)
    assert get_plan(actor("office"), plan_id).phases == [
        {"name": "制定工作方案", "starts_on": "2026-11-28", "ends_on": "2026-11-30"}
    ]


def test_a_draft_is_thrown_away_whole_and_nothing_else_is(office: FlaskClient, county: int) -> None:
    plan_id = write_draft(office)
    send(office, f"/plans/{plan_id}/tasks/new", TYPED)
    assert "草稿已删除" in send(office, f"/plans/{plan_id}/discard", {}).text
    assert office.get(f"/plans/{plan_id}").status_code == 404
    (kept,) = take_in(INTERNAL)
    assert "只有手工编制、尚未公布的草稿" in send(office, f"/plans/{kept}/discard", {}).text
    assert len(get_plan(actor("office"), kept).tasks) == 4


def test_task_changed_meanwhile_comes_back_with_what_was_typed(
    sqlite_app: Flask, office: FlaskClient, county: int
) -> None:
    plan_id = write_draft(office)
    send(office, f"/plans/{plan_id}/tasks/new", TYPED)
    again(county)
    path = f"/plans/tasks/{task_of(plan_id, 1).id}/edit"
    other = browser(sqlite_app, "office2")
    first = TYPED | {"ratio_text": "30%", "completion_text": "下半年", "seen": "0"}
    first |= {"fixed_count": "7"}
    assert other.post(path, data=first).status_code == 302
    typed = TYPED | {"completion_text": "上半年", "responsible_unit": "综合执法队", "seen": "0"}
    told = office.post(path, data=typed)
    assert told.status_code == 409 and "register.changed_meanwhile" in told.text
    assert "office2" in told.text and "不低于50% 1次/年" in told.text and "下半年" in told.text
    for mine in ("上半年", "综合执法队", "30%", "7"):  # the last two nobody touched here
        assert f'value="{mine}"' in told.text
    again(county)
    assert task_of(plan_id, 1).completion_text == "下半年"
    seen = re.search(r'id="seen"[^>]*value="(\d+)"', told.text)
    assert seen is not None
    kept = typed | {"ratio_text": "30%", "seen": seen[1]}
    assert office.post(path, data=kept).status_code == 302
    again(county)
    task = task_of(plan_id, 1)
    assert (float(task.ratio_percent or 0), task.completion_text) == (30, "上半年")
    assert task.responsible_unit == "综合执法队"


def test_office_of_another_department_reads_the_plan_and_writes_nothing(
    sqlite_app: Flask, county: int
) -> None:
    (plan_id,) = take_in(INTERNAL)
    partner = browser(sqlite_app, "partner")
    shown = partner.get(f"/plans/{plan_id}")
    assert shown.status_code == 200 and "公布第 1 版" not in shown.text
    assert partner.post(f"/plans/{plan_id}/publish").status_code == 403
    for form in (f"/plans/{plan_id}/edit", "/plans/new", f"/plans/{plan_id}/tasks/new"):
        assert partner.get(form).status_code == 403, "nobody is given a form he may not send"
    head = {"kind": "internal", "year": "2026", "title": "别人的计划", "document_no": ""}
    assert partner.post("/plans/new", data=head).status_code == 403
    assert get_plan(actor("office"), plan_id).state == "imported"


def test_inspectors_write_no_plan_and_the_countys_is_not_ours_to_publish(
    office: FlaskClient, sqlite_app: Flask, county: int
) -> None:
    (plan_id,) = take_in(COUNTY)
    field = browser(sqlite_app, "field")
    assert field.get("/plans/new").status_code == 403
    assert field.post(f"/plans/{plan_id}/publish").status_code == 403
    assert "由县双随机办公布" in send(office, f"/plans/{plan_id}/publish", {}).text
    again(county)
    assert get_plan(actor("office"), plan_id).state == "imported"
