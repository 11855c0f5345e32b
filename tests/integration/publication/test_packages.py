"""The entry package: made of the entered version, the own department's alone, as JSON and XLSX."""

from __future__ import annotations

import io
import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook

from domain.entry_package import HEAD_FIELDS, ROW_FIELDS
from server.accounts.models import Jurisdiction
from server.db import db, unit_of_work
from server.inspections.models import Inspection
from server.planning.models import PlanTask
from server.results.models import SheetVersion
from tests.integration.builders import Field
from tests.integration.corrections.desk import ask, decide
from tests.integration.fieldsync.day import attach, enter, make_jpeg, sign, submit
from tests.integration.fieldsync.phone import Phone
from tests.integration.fieldsync.test_files import upload

Desk = Callable[[str], FlaskClient]
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
TASK_NO = "014052020260001"


def path(field: Field, form: str = "json", code: str = "tr") -> str:
    return f"/publication/{field.inspection_id}/{code}/package.{form}"


def number_task() -> int:
    """Gives the task an official number that begins with a nought; answers its id."""
    with unit_of_work():
        task = db.session.query(PlanTask).one()
        task.official_no, task.draw_type = TASK_NO, "directed"
        return task.id


def test_package_says_what_was_entered_without_retyping(
    field: Field, wang: Phone, desk: Desk
) -> None:
    task_id = number_task()
    version = db.session.query(SheetVersion).one()
    [package] = json.loads(desk("office").get(path(field)).data)["packages"]
    assert (package["version"], package["sha256"]) == (1, version.digest)
    told = {name: package[name] for name in HEAD_FIELDS}
    assert told == {
        "raninsPlanId": "", "raninsPlaneName": "年度抽查计划", "raninsTaskId": TASK_NO,
        "raninsTaskName": "道路客运企业检查", "raninsTypeName": "定向",
        "insAuth": "交通运输局", "insDate": "2026-03-04", "uniscId": "91140522MA0K0001XX",
        "entName": "示例客运有限公司",
    }  # fmt: skip
    assert package["rows"] == [
        {
            "seqno": "1",
            "raninsItemName": "监督检查",
            "raninsCheckRes": "1",
            "raninsCheckResName": "未发现问题",
        }
    ]
    assert package["visit"] == {
        "raninsCheckRes": "1", "raninsCheckResName": "未发现问题", "departments": 1, "entered": 1,
    }  # fmt: skip
    assert [one["code"] for one in package["checks"]] == ["PAX-01", "PAX-02", "PAX-03"]
    whole = json.loads(desk("office").get(f"/publication/tasks/{task_id}/package.json").data)
    assert whole["packages"] == [package], "the other department's sheet is not entered, nor its"


def test_workbook_keeps_noughts_as_text_under_the_platforms_names(
    field: Field, wang: Phone, desk: Desk
) -> None:
    number_task()
    answer = desk("wang").get(path(field, "xlsx"))
    assert "attachment" in answer.headers["Content-Disposition"]
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.data))
    assert book.sheet_names == ["录入表", "检查项明细", "照片清单", "字段说明"]
    head, *rows = book.get_sheet_by_name("录入表").to_python()
    assert tuple(head) == (*HEAD_FIELDS, *ROW_FIELDS)
    assert len(rows) == 1 and dict(zip(head, rows[0], strict=True))["raninsTaskId"] == TASK_NO
    assert all(isinstance(cell, str) for cell in rows[0])


def test_a_countys_own_numbers_are_used(field: Field, wang: Phone, desk: Desk) -> None:
    codes = {"1": {"number": "01", "text": "未发现违法行为"}}
    with unit_of_work():
        county = db.session.get_one(Jurisdiction, field.jurisdiction_id)
        county.settings = {"platform.result_codes": codes}
    [package] = json.loads(desk("office").get(path(field)).data)["packages"]
    assert (package["raninsCheckRes"], package["raninsCheckResName"]) == ("01", "未发现违法行为")


def test_a_revoked_licence_stands_in_json_and_workbook_beside_the_code_it_leaves_as(
    app: Flask, field: Field, phone: Callable[[str], Phone], desk: Desk
) -> None:
    wang, lead = phone("wang"), phone("lead")
    for name in ("wang", "li"):
        there = {"sheet": "tr", "officer_id": field.officers[name], "place": None}
        wang.make("checkin.add", f"checkin:{uuid.uuid4()}", there)
        sign(wang, "officer", name, officer_id=field.officers[name])
    wang.set("PAX-01", {"outcome": "licence_revoked", "note": "系统查得营业执照已被吊销，大门上锁"})
    picture = make_jpeg()
    photo = attach(wang, "PAX-01", picture)
    submit(wang)
    assert {one["status"] for one in wang.results()} <= {"applied", "merged"}
    assert upload(wang, photo, picture).status_code < 300
    assert lead.result(lead.make("sheet.accept", "sheet:tr"))["status"] == "applied"
    wang.pull()
    wrong = wang.result(enter(wang, dict.fromkeys(("PAX-01", "PAX-02", "PAX-03"), 1)))
    assert wrong["status"] != "applied", "the code is that of the outcome"
    wang.pull()
    done = wang.result(enter(wang, dict.fromkeys(("PAX-01", "PAX-02", "PAX-03"), 7)))
    assert done["status"] == "applied", done
    with app.app_context(), unit_of_work():
        county = db.session.get_one(Jurisdiction, field.jurisdiction_id)
        county.settings = {"platform.local_results": {"licence_revoked": 4}}
    [package] = json.loads(desk("office").get(path(field)).data)["packages"]
    told = {(one["raninsCheckRes"], one["local"]) for one in package["checks"]}
    assert told == {("4", "licence_revoked")}
    assert package["visit"]["raninsCheckRes"] == "4"
    answer = desk("office").get(path(field, "xlsx"))
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.data))
    head, *rows = book.get_sheet_by_name("检查项明细").to_python()
    place = head.index("本地情况")
    assert {(row[place - 2], row[place]) for row in rows} == {("4", "被吊销")}
    shown = desk("office").get(f"/inspections/{field.inspection_id}").text
    assert "营业执照已被吊销" in shown


def test_nobody_exports_for_another_department_or_team(
    field: Field, wang: Phone, desk: Desk
) -> None:
    for who in ("zhao", "stranger", "auditor", "head"):
        refused = desk(who).get(path(field))
        assert refused.status_code == 403 and "access.denied" in refused.text, who


def test_what_is_not_entered_has_no_package(field: Field, wang: Phone, desk: Desk) -> None:
    whole = f"/publication/tasks/{number_task()}/package.xlsx"
    for account, wanted, code in (
        ("zhao", path(field, code="mr"), "publication.not_entered"),
        ("zhao", whole, "publication.nothing_to_export"),
        ("office", path(field, code="xx"), "sheet.not_found"),
        ("office", path(field, "docx"), "request.not_found"),
    ):
        refused = desk(account).get(wanted)
        assert refused.status_code in {404, 409} and code in refused.text, wanted


def test_a_withdrawn_visit_leaves_no_trace_in_the_tasks_package(
    app: Flask, field: Field, wang: Phone, desk: Desk
) -> None:
    task_id = number_task()
    with unit_of_work():
        inspection: Any = db.session.get_one(Inspection, field.inspection_id)
        inspection.withdrawn_at = inspection.created_at
    refused = desk("office").get(f"/publication/tasks/{task_id}/package.json")
    assert refused.status_code == 409


def test_package_of_a_corrected_result_says_what_to_change_on_the_platform(
    field: Field, wang: Phone, desk: Desk, phone: Callable[[str], Phone]
) -> None:
    [first] = json.loads(desk("office").get(path(field)).data)["packages"]
    assert first["corrects"] is None
    order = ask(wang, "PAX-03", {"value": "台账不全", "result": 5})
    assert decide(phone("head"), order).status_code == 200
    [second] = json.loads(desk("office").get(path(field)).data)["packages"]
    told = second["corrects"]
    assert (told["version"], told["sha256"], told["reason"]) == (1, first["sha256"], "现场复核")
    old, new = (
        {"raninsCheckRes": code, "raninsCheckResName": name}
        for code, name in (("1", "未发现问题"), ("5", "发现问题已责令改正"))
    )
    assert told["rows"] == [
        {"raninsItemName": "", "old": old, "new": new},
        {"raninsItemName": "监督检查", "old": old, "new": new},
    ]
    assert told["checks"] == [{"code": "PAX-03", "old": old, "new": new}]
    book = CalamineWorkbook.from_filelike(io.BytesIO(desk("office").get(path(field, "xlsx")).data))
    rows = book.get_sheet_by_name("更正对照").to_python()
    assert [row[2:] for row in rows[1:]] == [
        [name, "1", "未发现问题", "5", "发现问题已责令改正", "现场复核"]
        for name in ("（总结果）", "监督检查")
    ]
