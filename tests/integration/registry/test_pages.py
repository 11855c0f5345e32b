"""The registers' pages, as somebody in the office and somebody in the field see them."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from domain.access import Role
from server.accounts.service import add_person, find_department, get_jurisdiction
from server.demo.county import DEMO
from server.registry.service import list_firms
from tests.conftest import Beginning
from tests.integration.registry.county import (
    CHECKLISTS,
    LISTED,
    enter_listed,
    import_firms,
    import_officers,
)

PASSWORD = "a long password"
FIRMS = (DEMO / "firms.csv").read_bytes()
OFFICERS = "姓名,单位,执法证号,有效期至,标签\n甲乙,县交通局,ZF000001,2026-03-03,客运\n".encode()


@pytest.fixture
def beginning() -> Beginning:
    """All lists imported."""
    return LISTED


@pytest.fixture
def client(sqlite_app: Flask) -> Iterator[FlaskClient]:
    """Nobody signed in yet; accounts ``office`` and ``field``."""
    sqlite_app.config["WTF_CSRF_ENABLED"] = False
    with sqlite_app.app_context():
        county = enter_listed(sqlite_app)
        home = find_department("tr")
        assert home is not None
        for account, role in (("office", Role.OFFICE_STAFF), ("field", Role.INSPECTOR)):
            owner = get_jurisdiction(county)
            add_person(owner, home, account, account, PASSWORD, [role])
        import_firms(FIRMS)
        import_officers(OFFICERS)
    return sqlite_app.test_client()


def sign_in(client: FlaskClient, account: str) -> None:
    answer = client.post("/sign-in", data={"account": account, "password": PASSWORD})
    assert answer.status_code == 302, answer.text


def page(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return answer.text


def send(client: FlaskClient, path: str, data: bytes, name: str = "x.csv") -> tuple[int, str]:
    answer = client.post(path, data={"file": (io.BytesIO(data), name)}, follow_redirects=True)
    return answer.status_code, answer.text


def test_visitor_is_led_to_the_sign_in(client: FlaskClient) -> None:
    assert "/sign-in" in client.get("/registry/firms").headers["Location"]


def test_register_is_filtered_and_keeps_the_filter(client: FlaskClient) -> None:
    sign_in(client, "field")
    shown = page(client, "/registry/firms?category=passenger&tier=high")
    assert "泽源县云岭旅客运输有限公司" in shown
    assert "泽源县顺源客运有限公司" not in shown


def test_register_is_ordered_by_vehicles(client: FlaskClient) -> None:
    sign_in(client, "field")
    shown = page(client, "/registry/firms?category=taxi&sort=vehicles&dir=desc")
    names = ["星火出租", "晨光出租", "便民出租", "古城出租", "西门出租"]
    places = [shown.index(name) for name in names]
    assert places == sorted(places)


def test_unknown_filter_and_page_are_harmless(client: FlaskClient) -> None:
    sign_in(client, "field")
    assert "没有符合条件" in page(client, "/registry/firms?category=none&page=x&sort=password_hash")


def test_firm_has_a_page_of_its_own(client: FlaskClient, sqlite_app: Flask) -> None:
    sign_in(client, "field")
    with sqlite_app.app_context():
        from server.accounts.models import Jurisdiction
        from server.db import db, scope_to

        scope_to(db.session.query(Jurisdiction.id).scalar())
        firm = list_firms(None, q="校车").rows[0]
        path, code = f"/registry/firms/{firm.id}", firm.uscc
    assert code in page(client, path)
    assert client.get("/registry/firms/99999").status_code == 404


def test_expired_certificate_is_marked_with_a_word(client: FlaskClient) -> None:
    sign_in(client, "field")
    assert "已过期" in page(client, "/registry/officers")


def test_checklist_shows_items_basis_and_photo_rule(client: FlaskClient) -> None:
    sign_in(client, "field")
    assert "共 14 张检查表、160 个检查项" in page(client, "/registry/checklists")
    shown = page(client, "/registry/checklists/repair@1?department=公安局")
    assert "没有符合条件的检查项" in shown
    shown = page(client, "/registry/checklists/repair@1?severity=critical")
    assert "不合格时必拍" in shown and "RPR-13" not in shown
    assert client.get("/registry/checklists/repair@9").status_code == 404


def test_only_the_office_finds_the_way_to_an_import(client: FlaskClient) -> None:
    sign_in(client, "field")
    assert "导入名录" not in page(client, "/registry/firms")
    sign_in(client, "office")
    assert "/registry/imports/new/firms" in page(client, "/registry/firms")


def test_import_without_a_file_is_asked_for_one(client: FlaskClient) -> None:
    sign_in(client, "office")
    for path in ("/registry/imports/new/firms", "/registry/checklists/import"):
        answer = client.post(path)
        assert answer.status_code == 422
        assert "请选择文件" in answer.text


def test_changed_checklist_becomes_a_new_version_beside_the_old(client: FlaskClient) -> None:
    sign_in(client, "office")
    text = CHECKLISTS.read_text(encoding="utf-8").replace("许可证件、客运标志牌", "客运标志牌", 1)
    status, shown = send(client, "/registry/checklists/import", text.encode(), "c.yaml")
    assert (status, "新增或更新 1 张，未变 13 张" in shown) == (200, True)
    assert "passenger@1" in page(client, "/registry/checklists/passenger@2")


def test_pages_are_complete_in_english(client: FlaskClient) -> None:
    sign_in(client, "field")
    client.set_cookie("suicha_locale", "en")
    client.post("/language", data={"locale": "en", "next": "/"})
    for path in ("firms", "officers", "checklists", "checklists/repair@1"):
        assert client.get(f"/registry/{path}").status_code == 200
