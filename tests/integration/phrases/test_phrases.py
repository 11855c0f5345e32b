"""The phrases of a department: kept on a page, brought to its officers' phones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from domain.access import Actor
from domain.errors import Fault
from server.accounts.models import Person
from server.db import unit_of_work
from server.fieldsync import service as fieldsync
from server.inspections.publishing import publish_new_inspections
from server.inspections.records import find_inspection
from server.phrases import service
from tests.integration.builders import PASSWORD, Field, build_field
from tests.integration.fieldsync.phone import Phone

PATH = "/registry/phrases"


@pytest.fixture
def field(sqlite_app: Flask) -> Iterator[Field]:
    sqlite_app.config["WTF_CSRF_ENABLED"] = False
    with sqlite_app.app_context():
        yield build_field()


@pytest.fixture
def office(sqlite_app: Flask, field: Field) -> FlaskClient:
    client = sqlite_app.test_client()
    client.post("/sign-in", data={"account": "office", "password": PASSWORD})
    return client


def on_phone(field: Field, who: str) -> list[dict[str, Any]] | None:
    """What the person's own space says; None where it says nothing."""
    rows = fieldsync.list_own_rows(field.people[who], "phrases", 5)
    assert len(rows) <= 1
    return rows[0]["phrases"] if rows else None


def texts(field: Field, who: str) -> list[str]:
    return [one["text"] for one in on_phone(field, who) or []]


def test_a_phrase_added_edited_retired_and_used_again_reaches_the_phones_of_its_department(
    office: FlaskClient, field: Field
) -> None:
    office.post(PATH, data={"text": " 台账记录不全，缺少…月份记录。 ", "item_code": ""})
    office.post(PATH, data={"text": "车辆…未随车携带道路运输证。", "item_code": "pax-03"})
    assert on_phone(field, "wang") == [
        {"text": "车辆…未随车携带道路运输证。", "item": "PAX-03"},
        {"text": "台账记录不全，缺少…月份记录。", "item": None},
    ]
    assert on_phone(field, "zhao") is None, "another department's"
    first, second = sorted(one.id for one in service.list_phrases(department(field)))
    office.post(f"{PATH}/{first}", data={"text": "台账缺少…月份记录。", "item_code": ""})
    office.post(f"{PATH}/{second}/retire")
    assert texts(field, "wang") == texts(field, "li") == ["台账缺少…月份记录。"]
    page = office.get(PATH).text
    assert "已停用" in page and "台账缺少…月份记录。" in page
    office.post(f"{PATH}/{second}/use")
    assert len(texts(field, "wang")) == 2
    assert fieldsync.check_live_ledger().problems == []


def department(field: Field) -> int:
    found = field.actor("office").department_id
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("data", "status", "told"),
    [
        ({"text": " ", "item_code": ""}, 422, "请填写此项"),
        ({"text": "字" * 201, "item_code": ""}, 422, "最多填写 200 字"),
        ({"text": "一\n二", "item_code": ""}, 422, "只能写在一行内"),
        ({"text": "台账齐全", "item_code": "ABC-99"}, 422, "没有编号为“ABC-99”的检查项"),
        ({"text": "已有", "item_code": ""}, 409, "已有同样的常用语"),
    ],
)
def test_what_cannot_be_used_is_told_and_given_back(
    office: FlaskClient, field: Field, data: dict[str, str], status: int, told: str
) -> None:
    office.post(PATH, data={"text": "已有", "item_code": ""})
    answer = office.post(PATH, data=data)
    assert answer.status_code == status and told in answer.text
    assert data["text"].strip() in answer.text and data["item_code"] in answer.text
    assert texts(field, "wang") == ["已有"]


def test_other_departments_and_the_field_change_nothing(
    sqlite_app: Flask, office: FlaskClient, field: Field
) -> None:
    office.post(PATH, data={"text": "已有", "item_code": ""})
    phrase = service.list_phrases(department(field))[0].id
    market: Actor = replace(field.actor("office"), department_id=field.actor("zhao").department_id)
    with pytest.raises(Fault) as refused:
        service.retire(market, phrase)
    assert refused.value.code == "phrase.not_found"
    officer = sqlite_app.test_client()
    officer.post("/sign-in", data={"account": "wang", "password": PASSWORD})
    assert officer.post(f"{PATH}/{phrase}/retire").status_code == 403
    assert "添加常用语" not in officer.get(PATH).text
    assert texts(field, "wang") == ["已有"]


def test_a_phone_pulls_them(sqlite_app: Flask, office: FlaskClient, field: Field) -> None:
    office.post(PATH, data={"text": "已有", "item_code": ""})
    phone = Phone(sqlite_app, field, "wang")
    phone.pull()
    row = phone.rows[f"user:{field.people['wang']} phrases:own"]
    assert row["fields"] == {"department": "tr", "phrases": [{"text": "已有", "item": None}]}


def test_an_officer_who_changed_the_department_gets_its_phrases_with_the_next_assignment(
    office: FlaskClient, field: Field
) -> None:
    office.post(PATH, data={"text": "交通的", "item_code": ""})
    market = field.actor("zhao").department_id
    assert texts(field, "wang") == ["交通的"] and market is not None
    with unit_of_work() as work:
        work.get_one(Person, field.people["wang"]).department_id = market
    office.post(PATH, data={"text": "再一条", "item_code": ""})
    assert texts(field, "li") == ["交通的", "再一条"] and texts(field, "wang") == ["交通的"]
    with unit_of_work():
        inspection = find_inspection(field.inspection_id)
        assert inspection is not None
        publish_new_inspections([inspection], field.people["office"])
    assert texts(field, "wang") == []
