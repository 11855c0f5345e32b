"""The office's pages about phones: what each role meets there, and a long file handed in."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from domain.errors import Fault
from server.accounts.models import Person, PersonRole
from server.accounts.service import revoke_device
from server.db import db, scope_to, unit_of_work
from server.fieldsync.models import Receipt
from tests.integration.builders import PASSWORD, Field
from tests.integration.devices.unsent import make_file
from tests.integration.fieldsync.day import attach, make_jpeg
from tests.integration.fieldsync.phone import Phone

Make = Callable[[str], Phone]


@pytest.fixture
def desk(app: Flask, field: Field) -> Callable[[str], FlaskClient]:
    """A browser in which somebody is signed in; ``office`` is given the administrator's role when
    asked for as ``admin``."""
    app.config["WTF_CSRF_ENABLED"] = False

    def open_desk(name: str) -> FlaskClient:
        account = "auditor" if name == "admin" else name
        if name == "admin":
            with app.app_context(), unit_of_work() as work:
                scope_to(field.jurisdiction_id)
                person = work.get_one(Person, field.people["auditor"])
                person.roles = [PersonRole(role="admin")]
        client = app.test_client()
        answer = client.post("/sign-in", data={"account": account, "password": PASSWORD})
        assert answer.status_code == 302
        return client

    return open_desk


def hand_in(client: FlaskClient, data: bytes) -> Any:
    """The form as a browser sends it; the test client's own would leave its files open."""
    head = 'Content-Disposition: form-data; name="file"; filename="unsent.zip"'
    body = f"--x\r\n{head}\r\n\r\n".encode() + data + b"\r\n--x--\r\n"
    kind = "multipart/form-data; boundary=x"
    return client.post("/devices/import", data=body, content_type=kind)


@pytest.mark.both
def test_phones_are_listed_and_shown_to_their_department_only(
    phone: Make, desk: Callable[[str], FlaskClient]
) -> None:
    wang, zhao = phone("wang"), phone("zhao")
    wang.push([], heartbeat={"unsent": 7, "photos_waiting": 2, "clock_offset_ms": -400_000})
    lead = desk("lead")
    page = lead.get("/devices").get_data(as_text=True)
    assert "王检查" in page and "赵检查" not in page
    assert "7 条、照片 2 张" in page and "慢 6 分钟" in page
    assert "王检查" not in lead.get("/devices?show=closed").get_data(as_text=True)
    shown = lead.get(f"/devices/{wang.device}")
    assert shown.status_code == 200 and "停用手机" not in shown.get_data(as_text=True)
    assert lead.get(f"/devices/{zhao.device}").status_code == 403
    assert lead.get("/devices/dev_none").status_code == 404
    assert desk("wang").get("/devices").status_code == 403
    assert lead.post(f"/devices/{wang.device}/revoke", data={"reason": "x"}).status_code == 403


def test_administrator_revokes_with_a_reason_and_only_then_may_order_a_wipe(
    phone: Make, desk: Callable[[str], FlaskClient]
) -> None:
    wang = phone("wang")
    admin, at = desk("admin"), f"/devices/{wang.device}"
    assert "下达清除指令" not in admin.get(at).get_data(as_text=True)
    assert admin.post(f"{at}/wipe").status_code == 409
    assert admin.post(f"{at}/revoke", data={"reason": ""}).status_code == 422
    assert admin.post(f"{at}/rename", data={"name": "备用机"}).status_code == 302
    assert admin.post(f"{at}/revoke", data={"reason": "手机遗失"}).status_code == 302
    page = admin.get(at).get_data(as_text=True)
    assert "下达清除指令" in page and "手机遗失" in page and "备用机" in page
    assert admin.post(f"{at}/wipe").status_code == 302
    assert "待清除" in admin.get(at).get_data(as_text=True)


@pytest.mark.parametrize(
    ("locale", "sentence"), [("zh_CN", "最多填写 200 字"), ("en", "At most 200 characters")]
)
def test_long_or_blank_reason_of_a_revocation_is_refused_and_given_back(
    phone: Make, desk: Callable[[str], FlaskClient], app: Flask, locale: str, sentence: str
) -> None:
    wang, long = phone("wang"), "字" * 201
    admin, at = desk("admin"), f"/devices/{wang.device}"
    admin.post("/language", data={"locale": locale})
    refused = admin.post(f"{at}/revoke", data={"reason": long})
    page = refused.get_data(as_text=True)
    assert refused.status_code == 422 and sentence in page and long in page
    assert 'href="#reason"' in page
    assert admin.post(f"{at}/revoke", data={"reason": " "}).status_code == 422
    with app.app_context(), pytest.raises(Fault, match="200"):
        revoke_device(wang.device, long)
    assert wang.pull(), "it was not stopped"
    assert admin.post(f"{at}/revoke", data={"reason": long[1:]}).status_code == 302


def test_file_longer_than_other_bodies_is_handed_in_on_the_page(
    phone: Make, desk: Callable[[str], FlaskClient], app: Flask, field: Field
) -> None:
    wang = phone("wang")
    data = make_jpeg() + os.urandom(3 * 1024 * 1024)
    file = make_file(wang, [attach(wang, "PAX-01", data)], (data,))
    office = desk("office")
    answer = hand_in(office, file.getvalue())
    assert answer.status_code == 302, answer.get_data(as_text=True)
    page = office.get(answer.headers["Location"]).get_data(as_text=True)
    assert "新收记录 1 条" in page and "照片 1 张" in page
    with app.app_context():
        scope_to(field.jurisdiction_id)
        kinds = db.session.scalars(select(Receipt.status).filter_by(kind="photo.attach")).all()
        assert kinds == ["applied"]
    assert office.post("/devices/import", data={}).status_code == 422
    refused = hand_in(office, make_jpeg())
    assert refused.status_code == 422 and "unsent.not_a_file" in refused.get_data(as_text=True)
    visitor = hand_in(app.test_client(), file.getvalue())
    assert visitor.status_code == 413, "nobody without a session makes us take 3 MB"


def test_file_of_another_departments_phone_is_not_taken_by_the_office(
    phone: Make, desk: Callable[[str], FlaskClient]
) -> None:
    zhao = phone("zhao")
    file = make_file(zhao, [zhao.set("mr/MR-01", {"value": "pass"})])
    answer = hand_in(desk("office"), file.getvalue())
    assert answer.status_code == 403
