"""A county founded on an empty installation, and its administrator at work, with pages only."""

from __future__ import annotations

import base64
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from domain.errors import Fault
from server.accounts.founding import Founded, found_county, spellings
from tests.integration.exchange.tables import Road
from tests.integration.registry.county import DATA

PLAN = DATA / "plans" / "yangcheng-transport-2024-internal.csv"
OFFICERS = (
    "姓名,单位,执法证号,有效期至,标签,账号\n"
    "林甲,县交通运输局,14059900001,2030-12-31,,jiancha1\n"
    "周乙,县市场监管局,14059900002,2030-12-31,,\n"
)


@pytest.fixture
def founded(app: Flask) -> Founded:
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        return found_county("丰禾县", "交通运输局", "guanli", "管理员")


def sign_in(app: Flask, account: str, password: str) -> FlaskClient:
    client = app.test_client()
    answer = client.post("/sign-in", data={"account": account, "password": password})
    assert answer.status_code == 302, answer.text
    return client


def bring(client: FlaskClient, register: str, data: bytes) -> str:
    """A file by the pages: columns, preview, confirmation."""
    road = Road(client, register)
    road.preview(data)
    return road.post("confirm")


def test_founding_again_changes_nothing_and_another_county_is_refused(
    app: Flask, founded: Founded
) -> None:
    assert founded.is_new
    with app.app_context():
        again = found_county("丰禾县", "交通运输局", "other", "别人")
        assert (again.is_new, again.accounts, again.administrators) == (False, 1, ("guanli",))
        with pytest.raises(Fault) as refused:
            found_county("别县", "交通运输局", "guanli", "管理员")
        assert refused.value.code == "county.exists"


@pytest.mark.parametrize(
    ("county", "department", "expected"),
    [
        ("丰禾县", "交通运输局", ["县交通运输局", "丰禾县交通运输局"]),
        ("丰禾县", "丰禾县交通运输局", ["交通运输局", "县交通运输局"]),
        ("丰禾市", "市交通运输局", ["交通运输局", "丰禾市交通运输局"]),
        ("Elsewhere", "Transport", []),
    ],
)
def test_plans_spell_the_bureau_with_and_without_its_county(
    county: str, department: str, expected: list[str]
) -> None:
    assert spellings(county, department) == expected


def open_account(admin: FlaskClient, account: str, name: str, role: str) -> str:
    """Answers the password the page shows."""
    form = {"account": account, "name": name, "department_id": "1", "roles": [role]}
    told = admin.post("/accounts", data=form)
    assert told.status_code == 200, told.text
    return re.findall(r"[a-z]{6}-[a-z]{6}-[a-z]{6}", told.text)[0]


@pytest.mark.both
def test_administrator_fills_the_county_with_pages_only(app: Flask, founded: Founded) -> None:
    assert founded.password is not None
    admin = sign_in(app, "guanli", founded.password)
    for path in ("/", "/accounts", "/registry/organisation", "/registry/firms", "/settings"):
        assert admin.get(path).status_code == 200, path
    here = "/registry/organisation/departments"
    partner = {"code": "mr", "name": "市场监督管理局"}
    assert admin.post(here, data=partner).status_code == 302
    assert admin.post(f"{here}/2/aliases", data={"name": "县市场监管局"}).status_code == 302
    sign_in(app, "jiancha1", open_account(admin, "JianCha1 ", "林甲", "inspector"))
    clerk = sign_in(app, "bangong", open_account(admin, "bangong", "江乙", "office_staff"))
    assert "新增 12 条" in bring(admin, "tags", (DATA / "demo" / "tags.csv").read_bytes())
    assert "新增" in bring(clerk, "firms", (DATA / "demo" / "firms.csv").read_bytes())
    assert "新增 2 条" in bring(clerk, "officers", OFFICERS.encode())
    plan = {
        "content": base64.b64encode(PLAN.read_bytes()).decode(),
        "file_name": PLAN.name,
        "year": "2024",
    }
    assert clerk.post("/plans", data=plan).headers["Location"] == "/plans/1"
    assert clerk.get("/plans/1").status_code == 200


def test_account_is_changed_closed_and_opened_again_but_never_ones_own(
    app: Flask, founded: Founded
) -> None:
    assert founded.password is not None
    admin = sign_in(app, "guanli", founded.password)
    first = open_account(admin, "bangong", "江乙", "office_staff")
    clerk = sign_in(app, "bangong", first)
    roles = {"name": "江乙", "department_id": "1", "roles": ["auditor"]}
    assert admin.post("/accounts/2", data=roles).status_code == 302
    assert clerk.get("/accounts").status_code == 403
    second = re.findall(r"[a-z]{6}-[a-z]{6}-[a-z]{6}", admin.post("/accounts/2/password").text)[0]
    assert clerk.get("/account").headers["Location"].startswith("/sign-in"), "signed out"
    sign_in(app, "bangong", second)
    assert admin.post("/accounts/2/close").status_code == 302
    refused = app.test_client().post("/sign-in", data={"account": "bangong", "password": second})
    assert refused.status_code != 302
    assert admin.post("/accounts/2/close", data={"active": "1"}).status_code == 302
    sign_in(app, "bangong", second)
    own = {"name": "管理员", "department_id": "1", "roles": ["auditor"]}
    for path, form in (("/accounts/1/close", {}), ("/accounts/1", own)):
        answer = admin.post(path, data=form)
        assert answer.status_code == 409 and "account.own" in answer.text
    assert admin.get("/accounts").status_code == 200


def test_refused_account_tells_all_that_is_missing_and_keeps_the_rest(
    app: Flask, founded: Founded
) -> None:
    assert founded.password is not None
    admin = sign_in(app, "guanli", founded.password)
    answer = admin.post("/accounts", data={"account": "bangong", "department_id": "1"})
    assert answer.status_code == 422
    assert 'href="#name-new"' in answer.text and 'href="#roles-new"' in answer.text
    assert 'value="bangong"' in answer.text
    taken = {"account": "guanli", "name": "甲", "department_id": "1", "roles": ["admin"]}
    assert "account.exists" in admin.post("/accounts", data=taken).text
