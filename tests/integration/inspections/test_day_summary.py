"""The day's summary: signed by the lead, kept as it was, told when the day changes after it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from server.audit.models import AuditEvent
from server.db import db, unit_of_work
from server.inspections.models import DaySummary
from sync.canonical import hash_text
from tests.conftest import ON_SQLITE
from tests.integration.builders import PASSWORD, Field, build_field
from tests.integration.inspections.visit import answer, do, fill, submit

DRAWN = json.dumps({"strokes": [[[10, 20, 0], [120, 60, 90]]], "size": [300, 120]})
PAGE = "/day/summary?day=2026-03-04"


@pytest.fixture
def field(app: Flask) -> Iterator[Field]:
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        yield build_field()


def sign_in(app: Flask, who: str) -> FlaskClient:
    client = app.test_client()
    assert client.post("/sign-in", data={"account": who, "password": PASSWORD}).status_code == 302
    return client


def form_of(client: FlaskClient, **more: str) -> dict[str, str]:
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', client.get(PAGE).text)
    assert seen is not None
    return {"seen": seen[1], "remark": "", "password": PASSWORD, "signature": DRAWN, **more}


def test_lead_signs_the_day_and_it_is_kept_as_it_was(app: Flask, field: Field) -> None:
    fill(field, failed=1)
    submit(field)
    lead = sign_in(app, "lead")
    signed = lead.post(PAGE, data=form_of(lead, remark="次日复核号牌"), follow_redirects=True)
    assert signed.status_code == 200 and '<path d="M10 20L120 60"' in signed.text
    words = re.sub(r"<[^>]+>", "", signed.text)
    assert "计划检查 1 · 已到场 1 · 已收齐 1 · 待审核 1 · 已退回 0" in words
    row = db.session.scalars(select(DaySummary)).one()
    told = json.loads(row.content)
    assert row.digest == hash_text(row.content) and row.digest in signed.text
    assert told["remark"] == "次日复核号牌" and told["lead"]["name"] == "周组长"
    assert told["counts"]["submitted"] == 1 and told["findings"] == {"minor": 1}
    assert told["sheets"][0]["open"] == ["finding"]
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "day.signed")).one()
    assert event.target == "day:2026-03-04/tr" and event.details["sha256"] == row.digest
    assert "签署后无变化" in lead.get(PAGE).text
    # What comes later is told beside it, and a second signature is a second summary.
    do(field, "lead", "sheet.return", "sheet:tr", {"reason": "请核对"})
    answer(field, "wang", "PAX-03", "台账缺页")
    page = lead.get(PAGE).text
    assert "签署后有变化" in page and "已提交待审核 → 已退回" in page and "填写内容有变化" in page
    assert "签署后有变化" in lead.get(f"/day/summary/{row.id}").text
    assert lead.post(PAGE, data=form_of(lead)).status_code == 302
    page = lead.get(PAGE).text
    assert "（第 2 次）" in page and "已由新的小结接续" in page and "签署后有变化" not in page


def test_a_name_and_the_password_sign_where_nobody_can_draw(app: Flask, field: Field) -> None:
    lead = sign_in(app, "lead")
    nobody = lead.post(PAGE, data=form_of(lead, signature=""))
    assert nobody.status_code == 422 and "signature.missing" in nobody.text
    other = lead.post(PAGE, data=form_of(lead, signature="{", typed_name="王检查", remark="留着"))
    assert other.status_code == 422 and "signature.name_differs" in other.text
    assert "留着" in other.text and 'value="王检查"' in other.text
    assert lead.post(PAGE, data=form_of(lead, signature="", typed_name="周组长")).status_code == 302
    row = db.session.scalars(select(DaySummary)).one()
    assert (row.typed_name, row.strokes) == ("周组长", [])
    assert "输入姓名签署" in lead.get(f"/day/summary/{row.id}").text


@ON_SQLITE
@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"password": "wrong"}, "account.password_wrong"),
        ({"seen": "0" * 64}, "day.changed_since"),
        ({"remark": "字" * 1001}, "reason.too_long"),
        ({"signature": json.dumps({"strokes": [[[5, 5, 0]]], "size": [300, 120]})}, "too_small"),
    ],
)
def test_a_refused_signature_gives_back_what_was_written_and_drawn(
    app: Flask, field: Field, changed: dict[str, str], code: str
) -> None:
    lead = sign_in(app, "lead")
    form = {**form_of(lead, remark="请安排复查"), **changed}
    refused = lead.post(PAGE, data=form)
    assert refused.status_code in (401, 403, 409, 422) and code in refused.text
    assert form["remark"] in refused.text and PASSWORD not in refused.text
    drawn = re.search(r'name="signature" value="([^"]*)"', refused.text)
    assert drawn is not None and drawn[1].replace("&#34;", '"') == form["signature"]
    assert db.session.scalars(select(DaySummary)).all() == []


def test_only_the_departments_lead_signs_and_others_do_not_see_it(app: Flask, field: Field) -> None:
    lead = sign_in(app, "lead")
    form = form_of(lead)
    for who in ("wang", "zhao", "office", "head", "auditor"):
        assert sign_in(app, who).post(PAGE, data=form).status_code == 403
    assert lead.post("/day/summary?day=2026-03-05", data=form).status_code == 422
    assert "day.nothing_to_sign" in lead.post("/day/summary?day=2026-03-03", data=form).text
    assert lead.post(PAGE, data=form).status_code == 302
    row = db.session.scalars(select(DaySummary)).one()
    for who, status in (("head", 200), ("auditor", 200), ("wang", 403), ("zhao", 403)):
        assert sign_in(app, who).get(f"/day/summary/{row.id}").status_code == status
    assert lead.get("/day/summary/999").status_code == 404
    assert "签署本部门当日小结" not in sign_in(app, "head").get(PAGE).text


def test_no_statement_changes_a_signed_summary(app: Flask, field: Field) -> None:
    statements = ["UPDATE day_summaries SET remark = 'x'", "DELETE FROM day_summaries"]
    if db.engine.dialect.name == "sqlite":
        statements.append("INSERT OR REPLACE INTO day_summaries SELECT * FROM day_summaries")
    else:
        statements.append("TRUNCATE day_summaries CASCADE")
    lead = sign_in(app, "lead")
    assert lead.post(PAGE, data=form_of(lead)).status_code == 302
    for statement in statements:
        with pytest.raises(DBAPIError, match="append_only"), unit_of_work() as work:
            work.execute(text(statement))
    assert len(db.session.scalars(select(DaySummary)).all()) == 1
