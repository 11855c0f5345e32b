"""Departments and their spellings, teams, the leading group, experts and assistants of a visit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from domain.errors import Fault
from server.accounts import service as accounts
from server.db import db, unit_of_work
from server.inspections import service as inspections
from server.inspections.models import Sheet
from server.organisation import service
from server.planning.models import PlanTask
from server.registry.service import list_changes, version_of
from tests.integration.builders import PASSWORD, Field, build_field

EXPERT = {
    "kind": "expert",
    "name": "梁思远",
    "unit": "山西交通职业技术学院",
    "number": "ZJ-2024-017",
    "valid_until": None,
    "labels": ["hazmat"],
    "phone": "",
    "is_active": True,
}


@pytest.fixture
def field(app: Flask) -> Iterator[Field]:
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        yield build_field()


@pytest.fixture
def office(app: Flask, field: Field) -> FlaskClient:
    client = app.test_client()
    client.post("/sign-in", data={"account": "office", "password": PASSWORD})
    return client


def code_of(refused: pytest.ExceptionInfo[Fault]) -> str:
    return refused.value.code


def test_renamed_department_is_still_found_by_the_name_in_old_plans(field: Field) -> None:
    actor = field.actor("office")
    market = next(one for one in accounts.list_departments() if one.code == "mr")
    old = market.name
    accounts.rename_department(actor, market.id, "县市场监督管理局", old)
    assert accounts.find_department(old) is accounts.find_department("县市场监督管理局")
    accounts.rename_department(actor, market.id, old, "县市场监督管理局")
    found = accounts.find_department("县市场监督管理局")
    assert found is not None and found.name == old
    service.rename_department(actor, market.id, "市场监管局（新）", old)
    (change,) = list_changes(actor, "departments", market.id)
    assert change.changes["name"] == [old, "市场监管局（新）"]


def test_one_name_never_stands_for_two_departments(field: Field) -> None:
    actor = field.actor("office")
    fire = accounts.add_department(actor, "fire", "县消防救援大队")
    accounts.add_alias(actor, fire.id, "消防大队")
    home = accounts.list_departments()[0]
    for attempt in (
        lambda: accounts.add_alias(actor, home.id, "消防大队"),
        lambda: accounts.add_department(actor, "fire", "另一个部门"),
        lambda: accounts.add_department(actor, "xf", "县消防救援大队"),
        lambda: accounts.rename_department(actor, home.id, "消防大队", home.name),
    ):
        with pytest.raises(Fault) as refused:
            attempt()
        assert code_of(refused) == "department.taken"


def test_spelling_that_a_plan_uses_is_not_removed(field: Field) -> None:
    actor = field.actor("office")
    home = accounts.list_departments()[0]
    accounts.add_alias(actor, home.id, "县交通局")
    accounts.add_alias(actor, home.id, "从未用过的写法")
    with unit_of_work() as work:
        task = work.query(PlanTask).first()
        assert task is not None
        task.cooperators = ["县交通局"]
    with pytest.raises(Fault) as refused:
        service.remove_alias(actor, home.id, "县交通局")
    assert code_of(refused) == "department.named_in_plan"
    service.remove_alias(actor, home.id, "从未用过的写法")
    assert accounts.find_department("从未用过的写法") is None


def test_officer_sits_in_one_team_and_only_in_one_of_their_department(field: Field) -> None:
    actor, home = field.actor("office"), accounts.list_departments()[0]
    wang, li, zhao = (field.officers[name] for name in ("wang", "li", "zhao"))
    first = service.add_team(actor, home.id, "执法一中队", [wang, li], wang)
    service.add_team(actor, home.id, "执法二中队", [li], None)
    assert [place.officer_id for place in service.get_team(first.id).places] == [wang]
    with pytest.raises(Fault) as refused:
        service.edit_team(actor, first.id, "执法一中队", [wang, zhao], wang, 0)
    assert code_of(refused) == "team.officer_elsewhere"
    with pytest.raises(Fault) as refused:
        service.add_team(actor, home.id, "执法一中队", [], None)
    assert code_of(refused) == "team.taken"
    service.close_team(actor, first.id, False)
    assert service.get_team(first.id).places == []
    told = [one.changes.get("officer_ids") for one in list_changes(actor, "teams", first.id)]
    assert told == [[[wang], []], [[wang, li], [wang]], [None, [wang, li]]]


@pytest.mark.both
def test_leading_group_of_a_day_is_who_held_a_part_then(field: Field, office: FlaskClient) -> None:
    actor = field.actor("office")

    def member(role: str, name: str, since: date, until: date | None) -> None:
        service.add_member(
            actor, role=role, name=name, post="", department_id=None, document_no="",
            since=since, until=until,
        )  # fmt: skip

    member("member", "甲", date(2024, 1, 1), None)
    member("head", "乙", date(2024, 1, 1), date(2025, 6, 30))
    member("head", "丙", date(2025, 7, 1), None)
    assert [one.name for one in service.list_group(date(2025, 6, 30))] == ["乙", "甲"]
    assert [one.name for one in service.list_group(date(2025, 7, 1))] == ["丙", "甲"]
    member("liaison", "戊", date(2025, 7, 1), None)
    assert [one.name for one in service.list_group(date(2025, 7, 1))] == ["丙", "甲", "戊"]
    assert "信息联络员" in office.get("/registry/organisation").text
    with pytest.raises(Fault) as refused:
        member("head", "丙", date(2025, 7, 1), None)
    assert code_of(refused) == "group.taken"
    with pytest.raises(Fault) as refused:
        member("deputy", "丁", date(2025, 7, 1), date(2025, 6, 30))
    assert code_of(refused) == "group.bad_period"


@pytest.mark.both
def test_expert_is_found_by_initials_and_every_change_is_kept(field: Field) -> None:
    actor = field.actor("office")
    expert = service.add_expert(actor, dict(EXPERT))
    assert [one.id for one in service.list_experts("lsy").rows] == [expert.id]
    assert service.list_experts(label="repair").rows == []
    seen = version_of(actor, service.REGISTER, expert.id)
    service.edit_expert(actor, expert.id, {**EXPERT, "unit": "省公路学会"}, seen)
    newest = list_changes(actor, service.REGISTER, expert.id)[0]
    assert newest.changes == {"unit": ["山西交通职业技术学院", "省公路学会"]}
    with pytest.raises(Fault) as refused:
        service.add_expert(actor, {**EXPERT, "name": "另一人"})
    assert code_of(refused) == "expert.taken"


def test_assistant_is_named_once_taken_back_with_a_reason_and_counts_for_nobody(
    field: Field, office: FlaskClient
) -> None:
    actor = field.actor("office")
    expert = service.add_expert(actor, dict(EXPERT))
    visit = field.inspection_id
    before = len(inspections.active_team(inspections.get_inspection(actor, visit)))
    named = service.name_assistant(actor, visit, expert.id, "危货罐体检测")
    with pytest.raises(Fault) as refused:
        service.name_assistant(actor, visit, expert.id, "再来一次")
    assert code_of(refused) == "assistant.twice"
    assert len(inspections.active_team(inspections.get_inspection(actor, visit))) == before
    page = office.get(f"/inspections/{visit}").get_data(as_text=True)
    assert "危货罐体检测" in page and "不计入执法检查人员" in page
    office.post(f"/inspections/{visit}/assistants/{named.id}/remove", data={"reason": "当日未到"})
    page = office.get(f"/inspections/{visit}").get_data(as_text=True)
    assert "当日未到" in page and "梁思远" in page


def test_no_assistant_with_a_qualification_that_ran_out_or_after_the_lock(field: Field) -> None:
    actor = field.actor("office")
    old = service.add_expert(actor, {**EXPERT, "valid_until": date(2020, 1, 1)})
    with pytest.raises(Fault) as refused:
        service.name_assistant(actor, field.inspection_id, old.id, "检测")
    assert code_of(refused) == "expert.expired"
    with unit_of_work():
        for sheet_id in field.sheet_ids.values():
            sheet = db.session.get_one(Sheet, sheet_id)
            sheet.entered_at = inspections.get_inspection(actor, field.inspection_id).created_at
    good = service.add_expert(actor, {**EXPERT, "number": "ZJ-2"})
    with pytest.raises(Fault) as refused:
        service.name_assistant(actor, field.inspection_id, good.id, "检测")
    assert code_of(refused) == "assistant.locked"


def test_refused_form_keeps_what_was_typed_and_opens_again(
    field: Field, office: FlaskClient
) -> None:
    answer = office.post(
        "/registry/experts/new",
        data={"kind": "agency", "name": "晋城市某检测公司", "number": "", "labels": ["hazmat"]},
    )
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422 and 'value="晋城市某检测公司"' in page
    answer = office.post(
        "/registry/organisation/departments", data={"code": "F1", "name": "县消防救援大队"}
    )
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422 and 'value="县消防救援大队"' in page
