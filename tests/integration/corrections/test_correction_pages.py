"""The pages of corrections and conflicts as people get them: what is theirs, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server.db import db
from server.fieldsync import service as fieldsync
from server.results.models import SheetVersion
from tests.integration.builders import PASSWORD, Field
from tests.integration.corrections.desk import SIGNED
from tests.integration.fieldsync.test_at_once import count
from tests.integration.inspections.test_inspection_pages import sign_in
from tests.integration.inspections.visit import answer, do, fill, submit

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def visit(app: Flask, field: Field) -> Iterator[Field]:
    """At the desk of the county; the tr sheet is filled and submitted."""
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        fill(field)
        yield field


def lock(field: Field) -> None:
    submit(field)
    do(field, "lead", "sheet.accept", "sheet:tr", {})
    rows = fieldsync.read_sheet(field.inspection_id, "tr")
    results = {"PAX-01": 1, "PAX-02": 1, "PAX-03": 1}
    seen, digest = rows.seen, rows.digest(results)
    do(field, "wang", "sheet.enter", "sheet:tr", {"results": results}, seen=seen, digest=digest)


def hidden(text: str, name: str) -> str:
    found = text.split(f'name="{name}" value="')[1].split('"')[0]
    return found.replace("&#34;", '"')


def beside(field: Field, who: str, value: str) -> None:
    """A version that did not know what stands there."""
    base = {"value": None}
    do(field, who, "answer.set", "answer:tr/PAX-03", {"value": value}, base=base)


def decide(client: FlaskClient, order: str, decision: str = "approve", **more: str) -> str:
    page = client.get(f"/corrections/{order}").text
    form = {"against": hidden(page, "against"), "decision": decision, "reason": "情况属实"}
    form |= {"password": PASSWORD, "signature": json.dumps(SIGNED), **more}
    return client.post(f"/corrections/{order}/decide", data=form, follow_redirects=True).text


def last_order(field: Field, who: str) -> str:
    return fieldsync.list_proposals(field.actor(who), field.inspection_id)[0].id


@pytest.mark.proves("I3 I10 I27", "F34")
def test_order_goes_from_draft_to_version_on_pages(app: Flask, visit: Field) -> None:
    lock(visit)
    answer(visit, "li", "PAX-03", "台账缺页", note="三月缺")
    order = last_order(visit, "li")
    li, head = sign_in(app, "li"), sign_in(app, "head")
    listed = li.get("/corrections?own=1").text
    assert f"/corrections/{order}" in listed and "草稿" in listed
    page = li.get(f"/corrections/{order}").text
    assert "台账齐全" in page and "台账缺页" in page and "提交申请" in page
    assert "审批意见" not in page
    refused = li.post(f"/corrections/{order}/submit", data={"reason": "", "result": "5"})
    assert refused.status_code == 422 and "correction.needs_reason" in refused.text
    form = {"reason": "现场复核", "result": "5"}
    done = li.post(f"/corrections/{order}/submit", data=form, follow_redirects=True)
    assert "等待负责人审批" in done.text
    assert "待审批的更正" in head.get("/").text
    wrong = decide(head, order, password="wrong")
    assert "account.password_wrong" in wrong and count(SheetVersion) == 1
    text = decide(head, order)
    assert "形成第 2 版" in text and "已批准" in text
    office = sign_in(app, "office").get("/").text
    assert "更正申请已批准" in office and f"/corrections/{order}" in office
    assert "更正申请已批准" in li.get("/").text
    shown = li.get(f"/inspections/{visit.inspection_id}").text
    approved = "李检查 申请，主要负责人 批准"
    for part in ("第 2 版（现行）", "第 1 版", "现场复核", approved, "台账缺页"):
        assert part in shown
    assert "第 2 版" in li.get("/inspections").text


@pytest.mark.proves("I10 I27", "F35")
def test_stale_order_says_what_moved_and_is_asked_again_on_the_present_values(
    app: Flask, visit: Field
) -> None:
    lock(visit)
    propose = {"value": "台账不全", "reason": "复核"}
    do(visit, "wang", "correction.propose", "answer:tr/PAX-03", propose)
    first = last_order(visit, "wang")
    answer(visit, "li", "PAX-03", "台账缺页")
    second = next(one.id for one in fieldsync.list_proposals(visit.actor("li")) if one.id != first)
    li, head = sign_in(app, "li"), sign_in(app, "head")
    li.post(f"/corrections/{second}/submit", data={"reason": "缺三页"})
    assert "形成第 2 版" in decide(head, first)
    stale = head.get(f"/corrections/{second}").text
    assert "提出之后，内容已经另行更正" in stale and "批准更正" not in stale
    assert "correction.stale" in decide(head, second)
    page = li.get(f"/corrections/{second}").text
    assert "按现值重新提出" in page
    done = li.post(f"/corrections/{second}/again", data={"reason": "缺三页"})
    assert done.status_code == 302
    again = done.headers["Location"].rpartition("/")[2]
    assert "已撤回" in li.get(f"/corrections/{second}").text
    assert "形成第 3 版" in decide(head, again)


def test_refused_order_is_kept_with_its_reason(app: Flask, visit: Field) -> None:
    lock(visit)
    propose = {"value": "台账不全", "reason": "复核"}
    do(visit, "wang", "correction.propose", "answer:tr/PAX-03", propose)
    order, head = last_order(visit, "wang"), sign_in(app, "head")
    assert "已退回" in decide(head, order, "refuse", reason="依据不足")
    page = sign_in(app, "wang").get(f"/corrections/{order}").text
    assert "依据不足" in page and "台账不全" in page and "撤回申请" not in page
    assert count(SheetVersion) == 1


def test_other_department_sees_no_order_of_this_one(app: Flask, visit: Field) -> None:
    lock(visit)
    answer(visit, "li", "PAX-03", "只给本部门看")
    order, zhao = last_order(visit, "li"), sign_in(app, "zhao")
    assert "只给本部门看" not in zhao.get("/corrections").text
    assert zhao.get(f"/corrections/{order}").status_code == 404


@pytest.mark.proves("I8 I27", "F36")
def test_lead_chooses_between_two_versions_and_entry_waits_for_it(app: Flask, visit: Field) -> None:
    beside(visit, "wang", "台账缺页")
    submit(visit)
    do(visit, "lead", "sheet.accept", "sheet:tr", {})
    lead, wang = sign_in(app, "lead"), sign_in(app, "wang")
    day = lead.get("/day?day=2026-03-04").text
    assert "填写不一致，待选定（1 项）" in day and "王检查" in day
    entry = wang.get(f"/inspections/{visit.inspection_id}/tr/enter").text
    assert "存在两份不同的填写内容" in entry
    refused = wang.post(
        f"/inspections/{visit.inspection_id}/tr/enter",
        data={
            "seen_content": hidden(entry, "seen_content"),
            "result-PAX-01": "1", "result-PAX-02": "1", "result-PAX-03": "1",
        },
    )  # fmt: skip
    assert refused.status_code == 409 and count(SheetVersion) == 0
    path = f"/inspections/{visit.inspection_id}"
    page = lead.get(path).text
    for part in ("采用此内容", "王检查", "台账缺页", "李检查", "（现有内容）", "台账齐全"):
        assert part in page
    office = sign_in(app, "office").get(path).text
    assert "台账缺页" in office and "采用此内容" not in office
    sibling = fieldsync.read_sheet(visit.inspection_id, "tr").answers["PAX-03"].siblings[0]
    form = {"item": "PAX-03", "seen": hidden(page, "seen"), "choice": sibling.op}
    # Somebody else writes meanwhile: what the page showed is not what is there.
    beside(visit, "li", "第三种说法")
    assert lead.post(f"{path}/tr/choose", data=form).status_code == 409
    form["seen"] = hidden(lead.get(path).text, "seen")
    assert lead.post(f"{path}/tr/choose", data=form).status_code == 302
    db.session.expire_all()
    row = fieldsync.read_sheet(visit.inspection_id, "tr").answers["PAX-03"]
    assert (row.fields["value"], row.siblings) == ("台账缺页", ())
    assert "填写不一致，待选定" not in lead.get("/day?day=2026-03-04").text
    assert fieldsync.verify_ledger() == []


def test_pages_are_complete_in_english(app: Flask, visit: Field) -> None:
    lock(visit)
    answer(visit, "li", "PAX-03", "台账缺页")
    order, head = last_order(visit, "li"), sign_in(app, "head")
    head.post("/language", data={"locale": "en"})
    for path in ("/corrections", f"/corrections/{order}"):
        text = head.get(path).text
        assert "Correction request" in text and "更正" not in text
