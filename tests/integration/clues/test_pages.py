"""The pages of clues as visitors and the office get them; a form without a script throughout."""

from __future__ import annotations

import io
import re
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from domain.clues import ClueKind
from server.clues.models import Clue
from server.clues.receiving import MAX_EVIDENCE_BYTES
from server.db import db, unit_of_work
from server.inspections.door import door_token
from server.registry.models import Firm
from tests.integration.builders import Field, build_field
from tests.integration.clues.conftest import CONTACT, WHAT, photo
from tests.integration.followup.test_cases import PDF
from tests.integration.inspections.test_inspection_pages import sign_in

REPORT = {"kind": "vehicle", "what": WHAT, "firm_text": "示例客运有限公司", "contact": CONTACT}


@pytest.fixture
def county(sqlite_app: Flask) -> Field:
    with sqlite_app.app_context():
        return build_field()


@pytest.fixture
def visitor(sqlite_app: Flask, county: Field) -> FlaskClient:
    return sqlite_app.test_client()


def fields_of(page: str) -> dict[str, str]:
    """What a browser sends with the form on its own."""
    found = re.findall(r'<input[^>]*type="hidden"[^>]*>', page.partition('enctype="multi')[2])
    pairs = [(re.search(r'name="(\w+)"', one), re.search(r'value="([^"]*)"', one)) for one in found]
    return {name[1]: unescape(value[1]) for name, value in pairs if name and value}


def send(client: FlaskClient, hidden: dict[str, str], **typed: object) -> tuple[int, str]:
    sent = client.post("/public/report", data={**hidden, **REPORT, **typed})
    return sent.status_code, unescape(sent.text)


def told(page: str) -> tuple[str, str]:
    number = re.search(r'id="number"[^>]*>(XS\d{4}-\d{4})<', page)
    code = re.search(r'id="code">((?:<span>[A-Z2-9]{4}</span>){4})<', page)
    assert number and code, page
    return number[1], " ".join(re.findall("[A-Z2-9]{4}", code[1]))


def test_visitor_reports_with_a_photo_and_follows_it_to_the_answer(
    sqlite_app: Flask, county: Field, visitor: FlaskClient
) -> None:
    hidden = fields_of(visitor.get("/public/report?kind=vehicle").text)
    assert set(hidden) >= {"csrf_token", "once"}, "the token goes with the form"
    first = send(visitor, hidden, files=[(io.BytesIO(photo()), "车.jpg"), (io.BytesIO(PDF), "b")])
    again = send(visitor, hidden, files=[(io.BytesIO(photo()), "车.jpg"), (io.BytesIO(PDF), "b")])
    assert first[0] == again[0] == 200
    number, code = told(first[1])
    assert told(again[1]) == (number, code)
    assert "English" not in first[1], "nothing on the page leads away before the code is kept"
    asked = {"csrf_token": hidden["csrf_token"], "number": number, "code": code}
    wrong = visitor.post("/public/report/query", data={**asked, "code": "AAAA"})
    assert wrong.status_code == 422 and "编号或查询码不对" in wrong.text and number in wrong.text
    followed = visitor.post("/public/report/query", data=asked).text
    assert "办公室尚未决定是否受理" in followed and "线索收到 2026-03-04，次日起第" in followed

    sqlite_app.config["WTF_CSRF_ENABLED"] = False
    office = sign_in(sqlite_app, "office")
    assert "未办结的举报线索" in office.get("/").text
    listed = office.get("/clues?state=received").text
    assert number in listed and CONTACT not in listed
    page = office.get("/clues/1").text
    assert "线索收到 2026-03-04，次日起算；第 1 个工作日 2026-03-05" in page
    assert "第 7 个工作日 2026-03-13，当日 24 时截止" in page
    assert WHAT in page and "35.50000, 112.40000" in page and CONTACT not in page
    assert CONTACT in office.post("/clues/1/contact").text
    assert office.get("/clues/1/evidence/1/thumb.jpg").data.startswith(b"\xff\xd8")
    kept = office.get("/clues/1/evidence/2")
    assert kept.data == PDF and "sandbox" in kept.headers["Content-Security-Policy"]
    kept.close()
    refused = office.post("/clues/1/steps/reject", data={"revision": "1", "reason": "重复"})
    assert refused.status_code == 422 and "请填写不予受理的理由" in refused.text
    assert "重复" in refused.text
    office.post("/clues/1/steps/accept", data={"revision": "1"})
    assert "认定" in office.get("/clues/1?firm=示例客运").text
    with sqlite_app.app_context():
        firm = db.session.scalars(select(Firm).where(Firm.name == "示例客运有限公司")).one().id
    office.post("/clues/1/firm", data={"revision": "2", "firm_id": str(firm)})
    assert "线索 1 件" in office.get(f"/registry/firms/{firm}").text
    answer = {"revision": "3", "reason": "已立案", "answer": "经查属实，已立案处罚。"}
    done = office.post("/clues/1/steps/finish", data=answer, follow_redirects=True)
    assert "已登记：办结" in done.text
    file = office.get("/clues?format=csv").data.decode("utf-8-sig")
    assert number in file and "示例客运有限公司" in file and CONTACT not in file
    assert office.get("/clues?format=xlsx").data.startswith(b"PK")
    assert "经查属实，已立案处罚。" in visitor.post("/public/report/query", data=asked).text


def test_nothing_typed_is_lost_and_the_photos_are_asked_for_again(visitor: FlaskClient) -> None:
    hidden = fields_of(visitor.get("/public/report").text)
    files = [(io.BytesIO(photo()), "车.jpg")]
    status, page = send(visitor, hidden, what=" ", place="县城东桥头", files=files)
    assert status == 422
    assert "有 2 处需要修改" in page and "请重新选择照片或文件" in page
    assert "县城东桥头" in page and CONTACT in page
    assert "next=/public/report" in page, "the other language leads back to the form"
    files = [(io.BytesIO(b"MZ"), "车.exe")]
    status, page = send(visitor, fields_of(page), files=files)
    assert status == 422 and WHAT in page and hidden["once"] in page
    status, page = send(visitor, hidden, what="字" * 2001)
    assert status == 422 and "字" * 2001 in page


def test_a_program_that_fills_in_everything_is_asked_once_more(visitor: FlaskClient) -> None:
    hidden = fields_of(visitor.get("/public/report").text)
    status, page = send(visitor, hidden, website="http://example.org")
    assert status == 422 and "再按一次" in page and WHAT in page
    assert send(visitor, fields_of(page))[0] == 200


def test_a_report_without_the_forms_token_or_too_large_is_refused(
    sqlite_app: Flask, visitor: FlaskClient
) -> None:
    status, page = send(visitor, {})
    assert status == 422 and "页面已过期" in page and WHAT in page and "需要修改" not in page
    with sqlite_app.app_context():
        assert db.session.scalars(select(Clue)).all() == []
    assert send(visitor, fields_of(page))[0] == 200, "the page that says so can be sent"
    hidden = fields_of(visitor.get("/public/report").text)
    told = {"CONTENT_LENGTH": str(MAX_EVIDENCE_BYTES + 300 * 1024)}
    sent = visitor.post("/public/report", data={**hidden, **REPORT}, environ_overrides=told)
    assert sent.status_code == 413


def test_the_public_page_tells_nothing_of_the_register(visitor: FlaskClient) -> None:
    hidden = fields_of(visitor.get("/public/report").text)
    known = send(visitor, hidden, firm_text="示例客运有限公司")[1]
    unknown = send(visitor, hidden, firm_text="没有这一家")[1]
    for page in (known, unknown):
        assert told(page) and "示例客运有限公司" not in page
    pages = [visitor.get(f"/public/report/{one}").text for one in ("XS2026-0001", "XS2026-0999")]
    token = re.compile(r'name="csrf_token" value="[^"]*"')
    first, second = (token.sub("", one) for one in pages)
    assert first == second.replace("XS2026-0999", "XS2026-0001"), "no oracle of numbers"


def test_a_report_from_the_page_of_a_visit_names_the_visit(
    sqlite_app: Flask, county: Field, visitor: FlaskClient
) -> None:
    with sqlite_app.app_context():
        token = door_token(county.inspection_id)
    page = visitor.get(f"/public/report?kind=inspectors&visit={token}").text
    assert "将同您刚才核对的那次检查一并登记" in page
    send(visitor, fields_of(page), kind="inspectors")
    send(visitor, {**fields_of(page), "visit": "1-forged"}, kind="inspectors")
    with sqlite_app.app_context():
        clues = db.session.scalars(select(Clue).order_by(Clue.id)).all()
        assert [one.inspection_id for one in clues] == [county.inspection_id, None]


def test_an_auditor_reads_and_handles_nothing(
    sqlite_app: Flask, county: Field, visitor: FlaskClient
) -> None:
    send(visitor, fields_of(visitor.get("/public/report").text))
    sqlite_app.config["WTF_CSRF_ENABLED"] = False
    auditor = sign_in(sqlite_app, "auditor")
    page = auditor.get("/clues/1").text
    assert WHAT in page and "只有办理人员可以查看" in page and "查看联系方式" not in page
    assert auditor.post("/clues/1/contact").status_code == 403
    assert auditor.post("/clues/1/steps/accept", data={"revision": "1"}).status_code == 403
    assert sign_in(sqlite_app, "wang").get("/clues/1").status_code == 403


def test_terms_and_the_telephone_are_the_countys_own(
    sqlite_app: Flask, county: Field, visitor: FlaskClient
) -> None:
    from server.accounts.models import Jurisdiction

    with sqlite_app.app_context(), unit_of_work():
        db.session.scalars(select(Jurisdiction)).one().settings = {
            "clue.accept_within_days": 1, "clue.phone": "0000-12345",
        }  # fmt: skip
    page = visitor.get("/public/report").text
    assert "0000-12345" in page
    send(visitor, fields_of(page), kind=ClueKind.OTHER.value)
    with sqlite_app.app_context():
        assert db.session.scalars(select(Clue)).one().accept_by.isoformat() == "2026-03-05"
