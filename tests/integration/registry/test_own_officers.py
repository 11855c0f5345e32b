"""Departments hand in their own officers; the home department draws and matches (R050, R053)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from domain.access import Actor, Role
from domain.errors import Fault
from server.accounts.service import (
    add_person,
    find_department,
    get_jurisdiction,
    list_people,
    write_settings,
)
from server.accounts.sessions import actor_of
from server.audit.service import list_events
from server.db import db, scope_to, unit_of_work
from server.exchange import service as exchange
from server.exchange import working
from server.exchange.undoing import undo
from server.registry import service as registry
from tests.apps import Clock
from tests.integration.exchange.tables import Road, csv_bytes
from tests.integration.planning.office import Browser
from tests.integration.registry.county import PASSWORD, build_county, import_officers

HEAD = ["姓名", "单位", "执法证号", "账号", "片区"]
PEOPLE = {
    "office": ("tr", Role.OFFICE_STAFF),
    "market": ("mr", Role.OFFICE_STAFF),
    "market1": ("mr", Role.INSPECTOR),
    "field": ("tr", Role.INSPECTOR),
}


def open_county(app: Flask) -> int:
    """Two officers of the bureau and two of market supervision, each office with an account."""
    app.config["WTF_CSRF_ENABLED"] = False
    app.test_client_class = Browser
    county = app.config["TEST_COUNTY"] = build_county()
    for account, (code, role) in PEOPLE.items():
        department = find_department(code)
        assert department is not None
        add_person(get_jurisdiction(county), department, account, account, PASSWORD, [role])
    rows = [["甲一", "tr", "TR000001"], ["甲二", "tr", "TR000002"]]
    rows += [["乙一", "mr", "MR000001"], ["乙二", "mr", "MR000002"]]
    import_officers(csv_bytes([HEAD[:3], *rows]))
    db.session.remove()
    scope_to(county)
    return county


@pytest.fixture
def county(app: Flask) -> Iterator[int]:
    with app.app_context():
        yield open_county(app)


@pytest.fixture
def desk(sqlite_app: Flask) -> Iterator[int]:
    with sqlite_app.app_context():
        yield open_county(sqlite_app)


def actor(account: str) -> Actor:
    return actor_of(next(one for one in list_people() if one.account == account))


def browser(app: Flask, account: str) -> FlaskClient:
    client = app.test_client()
    answer = client.post("/sign-in", data={"account": account, "password": PASSWORD})
    assert answer.status_code == 302
    return client


def officer_id(cert_no: str) -> int:
    return next(one.id for one in registry.list_all_officers(None) if one.cert_no == cert_no)


def values(department: str, cert_no: str, account: str = "") -> dict[str, object]:
    found = find_department(department)
    assert found is not None
    return {
        "name": "某人", "department_id": found.id, "cert_no": cert_no, "labels": [],
        "area": "城关镇", "cert_expires_on": date(2030, 1, 1), "is_active": True,
        "person_id": next((p.id for p in list_people() if p.account == account), None),
    }  # fmt: skip


def code_of(deed: object, *args: object) -> str:
    with pytest.raises(Fault) as refused:
        deed(*args)  # type: ignore[operator]
    return refused.value.code


def test_partners_office_keeps_its_own_officers_and_nobody_elses(
    sqlite_app: Flask, desk: int
) -> None:
    market, office = actor("market"), actor("office")
    own, other = officer_id("MR000001"), officer_id("TR000001")
    made = registry.add_officer(market, values("mr", "MR000003", "market1"))
    seen = registry.version_of(market, "officers", own)
    registry.edit_officer(market, own, values("mr", "MR000001"), seen)
    assert registry.get_officer(market, own).area == "城关镇" and made.person_id is not None
    deeds = (
        (registry.add_officer, market, values("tr", "TR000009")),
        (registry.edit_officer, market, other, values("tr", "TR000001"), 10**6),
        (registry.edit_officer, market, other, values("mr", "TR000001"), 10**6),  # poached
        (registry.edit_officer, market, own, values("tr", "MR000001"), 10**6),  # given away
        (registry.add_officer, market, values("mr", "MR000009", "field")),  # another's person
        (registry.confirm_officers, market, values("tr", "-")["department_id"]),
    )
    assert [code_of(*one) for one in deeds] == ["access.denied"] * len(deeds)
    assert registry.add_officer(office, values("mr", "MR000008")).area == "城关镇"


def test_pages_show_a_partner_the_doors_to_its_own_people_only(
    sqlite_app: Flask, desk: int
) -> None:
    own, other = officer_id("MR000001"), officer_id("TR000001")
    client = browser(sqlite_app, "market")
    assert f"/registry/officers/{own}/edit" in client.get(f"/registry/officers/{own}").text
    assert "/edit" not in client.get(f"/registry/officers/{other}").text
    assert client.get(f"/registry/officers/{other}/edit").status_code == 403
    form = client.get("/registry/officers/new").text
    assert "（market1）" in form and "（field）" not in form
    assert re.findall(r"<option[^>]*>([^<]+局|[^<]+分局)</option>", form) == ["市场监督管理局"]
    officers = client.get("/registry/officers").text
    assert "登记执法人员" in officers and "导入名录" in officers
    firms = client.get("/registry/firms").text
    assert "登记检查对象" not in firms and "导入名录" not in firms
    imports = client.get("/registry/imports").text
    assert "/registry/imports/new/officers" in imports and "imports/new/firms" not in imports
    assert client.get("/registry/imports/new/firms").status_code == 403
    assert "抽取任务" not in client.get("/").text


def test_rows_of_other_departments_in_a_partners_file_are_refused_with_the_reason(
    sqlite_app: Flask, desk: int
) -> None:
    road = Road(browser(sqlite_app, "market"), "officers")
    rows = [
        ["乙三", "市场监督管理局", "MR000003", "market1", "城关镇"],
        ["甲三", "交通运输局", "TR000003", "", ""],
        ["甲一", "市场监督管理局", "TR000001", "", ""],
        ["乙一", "市场监督管理局", "MR000001", "field", ""],
    ]
    page = road.preview(csv_bytes([HEAD, *rows]))
    assert page.count("交通运输局的人员由该部门自行提供和修改") == 2
    assert "该账号属于其他部门的人员" in page
    road.preview(csv_bytes([HEAD, rows[0]]))
    road.post("confirm")
    assert registry.get_officer(None, officer_id("MR000003")).area == "城关镇"
    assert browser(sqlite_app, "office").get(road.path).status_code == 200
    home = Road(browser(sqlite_app, "office"), "officers")
    home.upload(csv_bytes([HEAD, ["甲四", "tr", "TR000004", "", ""]]))
    market = browser(sqlite_app, "market")
    assert market.get(home.path).status_code == 403
    assert market.post(f"{home.path}/drop").status_code == 403
    listed = market.get("/registry/imports").text
    assert road.path in listed and home.path not in listed


def test_officer_moved_away_since_the_preview_is_not_written_by_the_old_office(
    sqlite_app: Flask, desk: int
) -> None:
    market = actor("market")
    rows = csv_bytes([HEAD, ["乙一", "", "MR000001", "", "城关镇"]])
    one = exchange.receive_file(market, "officers", "乙.csv", rows)
    exchange.choose_columns(market, one.id, one.mapping)
    working.compare(market, one.id)
    moved = officer_id("MR000001")
    registry.edit_officer(actor("office"), moved, values("tr", "MR000001") | {"area": ""}, 10**6)
    exchange.confirm(market, one.id)
    working.apply(market, one.id)
    assert registry.get_officer(market, moved).area == ""
    (row,) = exchange.list_rows(exchange.get_import(market, one.id)).rows
    assert row.kind == "error" and row.problems[0]["code"] == "officer.other_department"


def test_officer_moved_away_since_the_import_is_left_alone_by_its_undoing(desk: int) -> None:
    market = actor("market")
    rows = csv_bytes([HEAD, ["乙一", "", "MR000001", "", "城关镇"]])
    one = exchange.receive_file(market, "officers", "乙.csv", rows)
    exchange.choose_columns(market, one.id, one.mapping)
    working.compare(market, one.id)
    exchange.confirm(market, one.id)
    working.apply(market, one.id)
    moved = officer_id("MR000001")
    taken = values("tr", "MR000001") | {"area": "城关镇"}
    registry.edit_officer(actor("office"), moved, taken, 10**6)
    exchange.begin_undo(market, one.id)
    undo(market, one.id)
    assert registry.get_officer(market, moved).area == "城关镇"
    (left,) = exchange.get_import(market, one.id).report["left"]
    assert (left["entry"], left["why"]) == (moved, "changed")


def test_home_office_sees_who_has_confirmed_and_who_changed_since(
    app: Flask, county: int, clock: Clock
) -> None:
    market, office = actor("market"), actor("office")
    department = market.department_id or 0
    everybody = [one.department_id for one in registry.list_handovers(office, 2026)]

    def view() -> registry.HandoverView:
        rows = registry.list_handovers(office, 2026)
        return next(one for one in rows if one.department_id == department)

    assert view().is_due and view().is_changed and (view().officers, view().usable) == (2, 2)
    assert department in registry.list_unconfirmed(office, everybody, 2026)
    assert office.department_id not in registry.list_unconfirmed(office, everybody, 2026)
    clock.advance(minutes=1)
    registry.confirm_officers(market, department)
    assert not view().is_due and not view().is_changed
    assert department not in registry.list_unconfirmed(office, everybody, 2026)
    assert department in registry.list_unconfirmed(office, everybody, 2027), "another year's plan"
    clock.advance(minutes=1)
    gone = values("mr", "MR000002") | {"is_active": False}
    registry.edit_officer(market, officer_id("MR000002"), gone, 10**6)
    assert view().is_changed and not view().is_due and view().officers == 1
    assert code_of(registry.confirm_officers, office, department) == "request.missing_field"
    clock.advance(minutes=1)
    noted = registry.confirm_officers(office, department, "3月4日来函")
    assert (noted.officers, noted.note) == (1, "3月4日来函") and not view().is_changed
    with unit_of_work():
        write_settings(county, {"officers.confirmed_within_days": 30})
    clock.advance(days=31)
    assert view().is_due
    events = [one.action for one in list_events(f"department:{department}")]
    assert events.count("officers.confirmed") == 2


def test_confirming_on_the_page_and_the_card_that_asks_for_it(sqlite_app: Flask, desk: int) -> None:
    department = actor("market").department_id
    market, office = browser(sqlite_app, "market"), browser(sqlite_app, "office")
    assert "执法人员数据待确认" in market.get("/").text
    assert "执法人员数据待确认" not in office.get("/").text
    path = "/registry/officers/handovers"
    assert "确认数据无误" in market.get(path).text and "代为登记确认" not in market.get(path).text
    assert "代为登记确认" in office.get(path).text
    blank = office.post(f"{path}/{department}", data={"note": " "})
    assert blank.status_code == 422 and "确认依据" in blank.text
    assert market.post(f"{path}/{department}").status_code == 302
    assert "执法人员数据待确认" not in market.get("/").text
    assert "确认无变化" in market.get(path).text
    assert browser(sqlite_app, "field").post(f"{path}/{department}").status_code == 403
