"""Signing in: one refusal for all reasons, throttled, revocable, in the person's language."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from domain.access import Role
from server.accounts import service
from server.accounts.models import Department, Jurisdiction, Person, SignInAttempt, SignInSession
from server.db import db, unit_of_work
from server.fieldsync.service import ensure_epoch
from tests.conftest import Clock

PASSWORD = "correct horse battery"
DEVICE = {"id": "dev_phone1", "name": "红米"}


@pytest.fixture
def person(app: Flask) -> int:
    """An inspector called ``jiancha1``; answers the id."""
    with app.app_context():
        ensure_epoch()
        with unit_of_work() as work:
            county = Jurisdiction(code="000001", name="测试县", settings={})
            work.add(county)
            work.flush()
            department = Department(jurisdiction_id=county.id, code="tr", name="交通运输局")
            work.add(department)
            work.flush()
            made = service.add_person(
                county, department, "jiancha1", "检查员甲", PASSWORD, [Role.INSPECTOR]
            )
            return made.id


def api_sign_in(
    client: FlaskClient, password: str = PASSWORD, device: object = None, **more: object
):
    body = {"account": "jiancha1", "password": password, "device": device or DEVICE}
    return client.post("/api/v1/session", json=body)


def test_phone_gets_its_session_and_a_push_credential(app: Flask, person: int) -> None:
    answer = api_sign_in(app.test_client())
    assert answer.status_code == 200
    body = answer.get_json()
    assert body["person"] == {
        "id": person, "account": "jiancha1", "name": "检查员甲", "locale": "zh_CN",
    }  # fmt: skip
    assert body["roles"] == ["inspector"]
    assert len(body["push_credential"]) >= 40
    begun = datetime.fromisoformat(body["server_time"])
    assert datetime.fromisoformat(body["expires_at"]) == begun + timedelta(days=30)
    assert body["epoch"].startswith("ep_")
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=Strict" in cookie


def test_wrong_password_unknown_account_closed_and_throttled_answer_alike(
    app: Flask, person: int
) -> None:
    client = app.test_client()
    wrong = api_sign_in(client, "wrong password!")
    unknown = client.post(
        "/api/v1/session", json={"account": "nobody", "password": "x" * 12, "device": DEVICE}
    )
    with app.app_context(), unit_of_work() as work:
        work.get_one(Person, person).is_active = False
    closed = api_sign_in(client)
    with app.app_context(), unit_of_work() as work:
        work.get_one(Person, person).is_active = True
    for _ in range(9):
        api_sign_in(client, "wrong password!")
    throttled = api_sign_in(client)
    answers = [wrong, unknown, closed, throttled]
    assert {a.status_code for a in answers} == {401}
    assert len({a.get_data() for a in answers}) == 1
    assert wrong.get_json()["error"]["code"] == "session.refused"


@pytest.mark.both
def test_throttle_ends_with_its_window(app: Flask, person: int, clock: Clock) -> None:
    client = app.test_client()
    for _ in range(8):
        api_sign_in(client, "wrong password!")
    assert api_sign_in(client).status_code == 401
    clock.advance(minutes=16)
    assert api_sign_in(client).status_code == 200


@pytest.mark.both
def test_failures_are_counted_although_the_answer_is_a_refusal(app: Flask, person: int) -> None:
    api_sign_in(app.test_client(), "wrong password!")
    with app.app_context():
        keys = set(db.session.scalars(select(SignInAttempt.key)))
    assert keys == {"account:jiancha1", "address:127.0.0.1"}


def test_device_of_another_person_is_refused(app: Flask, person: int) -> None:
    with app.app_context(), unit_of_work() as work:
        county = work.scalars(select(Jurisdiction)).one()
        department = work.scalars(select(Department)).one()
        service.add_person(county, department, "other", "乙", PASSWORD, [Role.INSPECTOR])
    assert api_sign_in(app.test_client()).status_code == 200
    answer = app.test_client().post(
        "/api/v1/session", json={"account": "other", "password": PASSWORD, "device": DEVICE}
    )
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (409, "device.bound")


def test_session_token_is_stored_only_as_its_hash(app: Flask, person: int) -> None:
    client = app.test_client()
    api_sign_in(client)
    with client.session_transaction() as session:
        token = session["token"]
    with app.app_context():
        row = db.session.scalars(select(SignInSession)).one()
        assert token not in (row.token_sha256, row.agent)
        assert len(row.token_sha256) == 64


def test_revoked_session_is_expired_for_the_phone_and_asks_to_sign_in(
    app: Flask, person: int
) -> None:
    client = app.test_client()
    api_sign_in(client)
    assert client.get("/api/v1/session").status_code == 200
    with app.app_context(), unit_of_work() as work:
        row = work.scalars(select(SignInSession)).one()
        row.revoked_at = row.created_at
    answer = client.get("/api/v1/session")
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (401, "session.expired")


def test_session_expires_after_its_days(app: Flask, person: int, clock: Clock) -> None:
    client = app.test_client()
    api_sign_in(client)
    clock.advance(days=31)
    assert client.get("/api/v1/session").get_json()["error"]["code"] == "session.expired"


def test_change_without_csrf_token_is_refused_and_with_it_done(app: Flask, person: int) -> None:
    client = app.test_client()
    csrf = api_sign_in(client).get_json()["csrf"]
    refused = client.patch("/api/v1/session", json={"locale": "en"})
    assert refused.get_json()["error"]["code"] == "request.csrf"
    wrong = client.patch("/api/v1/session", json={"locale": "en"}, headers={"X-CSRF-Token": "x"})
    assert wrong.get_json()["error"]["code"] == "request.csrf"
    done = client.patch("/api/v1/session", json={"locale": "en"}, headers={"X-CSRF-Token": csrf})
    assert done.get_json()["person"]["locale"] == "en"


def test_phone_without_a_session_is_asked_to_sign_in_and_not_for_a_token(
    app: Flask, person: int
) -> None:
    answer = app.test_client().post("/api/v1/sync/push", json={})
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (401, "session.required")


def test_errors_speak_the_persons_language(app: Flask, person: int) -> None:
    client = app.test_client()
    csrf = api_sign_in(client).get_json()["csrf"]
    bad = {"headers": {"X-CSRF-Token": csrf}, "json": {"locale": "en", "extra": 1}}
    chinese = client.patch("/api/v1/session", **bad).get_json()["error"]
    client.patch("/api/v1/session", json={"locale": "en"}, headers={"X-CSRF-Token": csrf})
    english = client.patch("/api/v1/session", **bad).get_json()["error"]
    assert chinese["code"] == english["code"] == "request.unknown_field"
    assert chinese["message"] == "不认识的字段“extra”。"
    assert english["message"] == "Unknown field “extra”."


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        ({"account": 5, "password": "x", "device": DEVICE}, "request.wrong_type", "account"),
        ({"password": "x", "device": DEVICE}, "request.missing_field", "account"),
        (
            {"account": "a", "password": "x", "device": {"id": "dev_abcd", "imei": "1"}},
            "request.unknown_field",
            "device.imei",
        ),
        ({"account": "a\x00b", "password": "x", "device": DEVICE}, "request.wrong_type", "account"),
        ([], "request.not_json", None),
    ],
)
def test_bad_bodies_name_the_field(
    sqlite_app: Flask, body: object, code: str, field: str | None
) -> None:
    answer = sqlite_app.test_client().post("/api/v1/session", json=body)
    error = answer.get_json()["error"]
    assert (answer.status_code, error["code"]) == (400, code)
    assert error["details"].get("field") == field


def test_oversized_body_is_refused_with_its_code(sqlite_app: Flask) -> None:
    answer = sqlite_app.test_client().post(
        "/api/v1/session", data=b"{" + b" " * 3_000_000, content_type="application/json"
    )
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (413, "request.too_large")


def test_page_sign_in_keeps_the_account_and_goes_where_one_wanted(app: Flask, person: int) -> None:
    client = app.test_client()
    page = client.get("/account")
    assert page.status_code == 302
    assert page.headers["Location"] == "/sign-in?next=/account"
    form = client.get("/sign-in?next=/account").get_data(as_text=True)
    field = re.search(r'name="csrf_token" value="([^"]+)"', form)
    assert field is not None
    token = field[1]
    data = {"csrf_token": token, "account": "jiancha1", "password": "wrong password!"}
    refused = client.post("/sign-in?next=/account", data=data)
    assert refused.status_code == 401
    assert 'value="jiancha1"' in refused.get_data(as_text=True)
    done = client.post("/sign-in?next=/account", data={**data, "password": PASSWORD})
    assert done.headers["Location"] == "/account"


@pytest.mark.parametrize("target", ["//evil.example/", "https://evil.example/", "/\\evil.example"])
def test_next_never_leaves_the_site(app: Flask, person: int, target: str) -> None:
    client = app.test_client()
    api_sign_in(client)
    assert client.get("/sign-in", query_string={"next": target}).headers["Location"] == "/"
