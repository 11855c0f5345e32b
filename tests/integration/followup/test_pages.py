"""The pages of follow-up as the office gets them."""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections.abc import Iterator
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from domain.revisits import draw_revisits
from server.db import db
from server.followup.models import FollowUp
from server.runtime import today
from tests.integration.builders import Field, build_field
from tests.integration.fieldsync.phone import Phone
from tests.integration.followup.conftest import enter_problems
from tests.integration.followup.test_cases import PDF, cases
from tests.integration.inspections.test_inspection_pages import sign_in


@pytest.fixture
def county(sqlite_app: Flask) -> Iterator[Field]:
    sqlite_app.config["WTF_CSRF_ENABLED"] = False
    with sqlite_app.app_context():
        made = build_field()
        enter_problems(lambda name: Phone(sqlite_app, made, name))
        yield made


@pytest.fixture
def office(sqlite_app: Flask, county: Field) -> FlaskClient:
    return sign_in(sqlite_app, "office")


def case(item: str = "PAX-02") -> FollowUp:
    return cases()[item]


def pdf() -> tuple[io.BytesIO, str]:
    return io.BytesIO(PDF), "证明.pdf"


def test_problem_is_decided_finished_and_published_by_page(office: FlaskClient) -> None:
    listed = office.get("/follow-up?state=open").text
    assert "示例客运有限公司" in listed and "PAX-02" in listed and "PAX-03" in listed
    page = f"/follow-up/{case().id}"
    assert "建议：责令改正，交通运输局" in office.get(page).text
    form = {"revision": "1", "disposal": "correction_order", "body": "交通运输局"}
    refused = office.post(f"{page}/decide", data={**form, "reason": "限期改正并复查"})
    assert refused.status_code == 422
    assert "有 1 处需要修改" in refused.text and "请填写改正期限" in refused.text
    assert "限期改正并复查" in refused.text
    due = case().decide_by.isoformat()
    typed = {**form, "reason": "限期改正", "due_on": due, "document": pdf()}
    done = office.post(f"{page}/decide", data=typed, follow_redirects=True)
    assert "处置决定已登记。" in done.text and "办理中" in done.text
    named = "由办理人在处置决定中指定，决定次日起第 14 日，其中工作日 10 天"
    assert named in done.text and named in office.get("/follow-up").text
    ended = {"outcome": "已补办", "done_on": today().isoformat(), "revision": "2"}
    both = office.post(f"{page}/finish", data={**ended, "outcome": ""})
    assert both.status_code == 422 and "有 2 处需要修改" in both.text
    refused = office.post(f"{page}/finish", data=ended)
    assert refused.status_code == 422 and "请附上办结材料" in refused.text
    shown = office.post(f"{page}/finish", data={**ended, "document": (io.BytesIO(b"MZ"), "x.pdf")})
    assert shown.status_code == 422 and "已补办" in shown.text
    early = office.post(f"{page}/finish", data={**ended, "outcome": "", "document": pdf()}).text
    held = re.search(r'name="document_kept" value="([^"]+)" checked', early)
    assert held is not None, "the paper would have to be chosen again"
    done = office.post(
        f"{page}/finish", data={**ended, "document_kept": held[1]}, follow_redirects=True
    )
    assert "已办结。" in done.text
    step = next(one for one in case().steps if one.action == "finish")
    paper = office.get(f"{page}/papers/{step.id}")
    assert (paper.status_code, paper.data, paper.mimetype) == (200, PDF, "application/pdf")
    paper.close()
    text = {"public_text": "已责令改正并复查合格", "revision": str(case().revision)}
    office.post(f"{page}/publish", data=text)
    assert case().is_published
    back = {"withdraw": "1", "revision": str(case().revision)}
    office.post(f"{page}/publish", data=back)
    assert not case().is_published and case().public_text == ""


def test_list_is_narrowed_counted_and_exported(office: FlaskClient, county: Field) -> None:
    found = office.get("/follow-up?q=没有这一家").text
    assert "没有符合条件的问题" in found
    assert "PAX-02" not in office.get("/follow-up?state=done").text
    rows = office.get("/follow-up?format=csv").data.decode("utf-8-sig").splitlines()
    assert len(rows) == 3 and "示例客运有限公司" in rows[1]
    assert office.get("/follow-up?format=xlsx").data.startswith(b"PK")
    assert "未办结的问题" in office.get("/").text


def test_visit_shows_its_cases_and_says_why_it_is_not_closed(
    sqlite_app: Flask, office: FlaskClient, county: Field
) -> None:
    page = unescape(office.get(f"/inspections/{county.inspection_id}").text)
    assert "后续处置与办结" in page and "有 2 个问题尚未作出处置决定：PAX-02、PAX-03。" in page
    told = office.post(f"/inspections/{county.inspection_id}/close", follow_redirects=True)
    assert "还不能办结" in told.text
    partner = sign_in(sqlite_app, "zhao").get(f"/inspections/{county.inspection_id}").text
    assert "PAX-02" not in partner


def test_other_departments_find_nothing(sqlite_app: Flask, county: Field) -> None:
    client = sign_in(sqlite_app, "zhao")
    assert client.get("/follow-up").status_code == 403
    assert client.get(f"/follow-up/{case().id}").status_code == 403
    auditor = sign_in(sqlite_app, "auditor").get(f"/follow-up/{case().id}").text
    assert "办理经过" in auditor and "登记决定" not in auditor


def test_firms_are_drawn_for_a_revisit_by_page(office: FlaskClient) -> None:
    page = office.get("/revisits").text
    pool = re.search(r'name="pool" value="([0-9a-f]{64})"', page)
    first = re.search(r'name="first" value="(\d{4}-\d\d-\d\d)"><input type="hidden"', page)
    last = re.search(r'name="last" value="(\d{4}-\d\d-\d\d)"><input type="hidden"', page)
    assert pool and first and last
    form = {"pool": pool[1], "first": first[1], "last": last[1], "witness": "乔如是"}
    refused = office.post("/revisits", data={**form, "seed": "123"})
    assert refused.status_code == 422 and "乔如是" in refused.text
    done = office.post("/revisits", data={**form, "seed": "2516 3441"}, follow_redirects=True)
    assert "已抽取回访对象 1 户。" in done.text
    counted = "回访抽取 2026-03-04，次日起第 90 日"
    assert counted in done.text and counted in office.get("/revisits/1").text
    record = office.get("/revisits/draws/1/record").get_json()
    ids = [one["id"] for one in json.loads(record["pool"])["firms"]]
    assert hashlib.sha256(record["pool"].encode()).hexdigest() == record["pool_sha256"] == pool[1]
    again = draw_revisits(ids, 1, record["seed"], record["pool_sha256"])
    assert again == [(one["id"], one["ticket"]) for one in record["drawn"]]
    two, three = (one.id for one in db.session.scalars(select(FollowUp).order_by(FollowUp.id)))
    assert 'id="record"' not in office.get("/revisits/1").text
    now = {f"now-{two}": "1", f"now-{three}": "8", f"note-{three}": " "}
    refused = office.post("/revisits/1/items", data=now)
    assert refused.status_code == 422 and "revisit.needs_note" in refused.text
    assert 'value="8" selected' in refused.text
    now[f"note-{three}"] = "台账仍缺页"
    assert office.post("/revisits/1/items", data={"now-99999999999": "1"}).status_code == 422
    told = office.post("/revisits/1/items", data=now, follow_redirects=True)
    assert "已登记 2 项。" in told.text and "台账仍缺页" in told.text
    found = {"visited_on": today().isoformat(), "note": "一台车仍未补办"}
    done = office.post("/revisits/1", data=found, follow_redirects=True)
    assert "部分改正" in done.text and "一台车仍未补办" in done.text
