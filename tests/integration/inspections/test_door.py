"""The page a firm opens when officers stand at its door, and the way to it without a camera."""

from __future__ import annotations

from collections.abc import Iterator
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from domain.door_codes import build_door_code
from server.accounts.models import Jurisdiction
from server.accounts.throttle import DOOR_FACTOR
from server.db import db, unit_of_work
from server.draws.models import Draw
from server.inspections.door import door_token
from server.runtime import runtime
from tests.integration.builders import Field, build_field


@pytest.fixture
def field(sqlite_app: Flask) -> Iterator[Field]:
    sqlite_app.config["WTF_CSRF_ENABLED"] = False
    with sqlite_app.app_context():
        yield build_field()


@pytest.fixture
def firm(sqlite_app: Flask, field: Field) -> FlaskClient:
    """The firm's own phone."""
    return sqlite_app.test_client()


def page(firm: FlaskClient, field: Field) -> str:
    return unescape(firm.get(f"/check/{door_token(field.inspection_id)}").text)


def state(**values: object) -> None:
    with unit_of_work():
        db.session.scalars(select(Jurisdiction)).one().settings = values


def type_code(firm: FlaskClient, code: str) -> tuple[int, str, str]:
    sent = firm.post("/public/check", data={"code": code})
    return sent.status_code, sent.headers.get("Location", ""), unescape(sent.text)


def test_the_firm_sees_who_is_sent_what_is_checked_and_where_to_complain(
    firm: FlaskClient, field: Field
) -> None:
    state(**{"clue.phone": "0000-12345"})
    text = page(firm, field)
    draw = db.session.scalars(select(Draw)).one()
    token = door_token(field.inspection_id)
    for part in (
        "王检查", "市场监督管理局", "（3 项）", "您的权利", "有权申请其回避", "您的义务",
        "0000-12345",
        f"/public/draws/{draw.public_id}?q=%E7%A4%BA%E4%BE%8B",
        f"officer-{field.officers['wang']}", f"kind=inspectors&visit={token}", "来的人不在名单上",
    ):  # fmt: skip
        assert part in text, part


def test_before_the_firms_are_named_the_door_names_no_officers_key(
    firm: FlaskClient, field: Field
) -> None:
    state(**{"public.firms_from": "published"})
    text = page(firm, field)
    assert "王检查" in text and "企业名单尚未公布" in text
    assert "officer-" not in text and "?q=" not in text


def test_a_code_typed_or_an_address_pasted_leads_to_the_visit(
    firm: FlaskClient, field: Field
) -> None:
    token = door_token(field.inspection_id)
    code = build_door_code(token)
    for typed in (
        code,
        code.lower().replace("-", " "),
        f"https://example.org/check/{token}",
        token,
    ):
        assert type_code(firm, typed)[:2] == (302, f"/check/{token}"), typed


def test_a_wrong_code_says_so_keeps_what_was_typed_and_is_not_tried_without_end(
    firm: FlaskClient, field: Field
) -> None:
    right = build_door_code(door_token(field.inspection_id))
    wrong = f"{field.inspection_id}-AAAA-AAAA"
    for typed in (wrong, "没有码", f"{door_token(field.inspection_id)[:-1]}!"):
        status, _where, text = type_code(firm, typed)
        assert status == 422 and "没有这个核对码" in text and typed in text
    for _time in range(runtime().config.sign_in_attempts * DOOR_FACTOR - 3):
        type_code(firm, wrong)
    status, _where, text = type_code(firm, right)
    assert status == 429 and "请过 15 分钟再试。" in text


def test_whoever_searches_the_web_finds_where_to_check_and_no_visit(
    firm: FlaskClient, field: Field
) -> None:
    places = firm.get("/public/sitemap.xml").text
    assert "/public/check<" in places
    assert door_token(field.inspection_id) not in places and "noindex" in page(firm, field)


def test_a_stranger_with_a_wrong_address_is_led_to_the_public_pages(firm: FlaskClient) -> None:
    for address in ("/check/9-nobody", "/public/draws/CQ1", "/firm/x/y"):
        page = firm.get(address)
        assert page.status_code == 404 and 'href="/public"' in page.text
        assert "请核对网址，或从公示首页进入。" in page.text
