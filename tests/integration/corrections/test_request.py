"""A correction asked for on a page: several entries are one order, one signature, one version."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from server.audit.models import AuditEvent
from server.corrections.models import (
    CorrectionEvidence,
    CorrectionSignature,
    CorrectionStep,
    JoinedCorrection,
)
from server.db import db, unit_of_work
from server.documents.wording import instant_words
from server.fieldsync import service as fieldsync
from server.fieldsync.models import Proposal
from server.notifications.models import SideEffect
from server.results.models import SheetVersion
from tests.conftest import ON_SQLITE
from tests.integration.builders import Field
from tests.integration.corrections.desk import SIGNED, ask, code_of, decide, read, step
from tests.integration.corrections.test_correction_pages import decide as decide_on_page
from tests.integration.fieldsync.day import make_jpeg
from tests.integration.fieldsync.phone import Phone
from tests.integration.inspections.test_inspection_pages import sign_in

Make = Callable[[str], Phone]
TWO = {"PAX-02.failed": "2", "PAX-02.result": "5", "PAX-03.text": "台账缺页"}


def shown(client: FlaskClient, address: str) -> dict[str, Any]:
    """What a browser would send of the form on this page, as it stands."""
    page = client.get(address).text
    page = page[page.index("data-draft=") :]
    found: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", page):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        kind = re.search(r'type="([^"]*)"', tag)
        is_off = kind and kind[1] in ("checkbox", "radio") and " checked" not in tag
        if name and not is_off and (kind is None or kind[1] != "file"):
            found.setdefault(name[1], []).append(unescape(value[1] if value else ""))
    for name, body in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>(.*?)</textarea>', page, re.S):
        found[name] = [unescape(body).removeprefix("\n").removeprefix("\r\n")]
    for name, body in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', page, re.S):
        chosen = re.search(r'value="([^"]*)" selected', body)
        if chosen and name != "add":
            found[name] = [chosen[1]]
    return found


def address_of(field: Field, *items: str) -> str:
    chosen = "&".join(f"item={one}" for one in items)
    return f"/corrections/new/{field.inspection_id}/tr?{chosen}"


def send(client: FlaskClient, address: str, **typed: Any) -> Any:
    form = {**shown(client, address), **typed}
    return client.post(address.partition("?")[0], data=form)


def order_of(answer: Any) -> str:
    assert answer.status_code == 302, answer.text
    found: str = answer.headers["Location"].rpartition("/")[2]
    return found


@pytest.mark.proves("I3 I10 I11", "F34")
def test_two_entries_are_one_order_one_signature_and_one_version(app: Flask, desk: Field) -> None:
    wang, head = sign_in(app, "wang"), sign_in(app, "head")
    papers = [(io.BytesIO(make_jpeg()), "原始台账.jpg"), (io.BytesIO(b""), "")]
    order = order_of(
        send(wang, address_of(desk, "PAX-02", "PAX-03"), **TWO, reason="抄录有误", evidence=papers)
    )
    listed = head.get("/corrections?state=submitted").text
    assert listed.count('href="/corrections/prop_') == 1 and "PAX-02、PAX-03" in listed
    assert len(db.session.scalars(select(Proposal)).all()) == 2
    told = db.session.scalars(select(SideEffect).filter_by(kind="proposal.submitted")).all()
    assert len({one.person_id for one in told}) == len(told), "nobody is told twice"
    second = db.session.scalars(select(JoinedCorrection)).one()
    assert second.order_id == order
    assert f"/corrections/{order}/decide" in head.get(f"/corrections/{second.proposal_id}").text
    assert "抽查数 5、不符数 0" in head.get(f"/corrections/{order}").text
    page = decide_on_page(head, order)
    assert "已批准，结果表形成新版本" in page and "第 2 版" in page
    db.session.expire_all()
    _first, corrected = db.session.scalars(select(SheetVersion).order_by(SheetVersion.version))
    changes = corrected.snapshot["correction"]["changes"]
    assert [(one["entity"], one["field"], one["old"], one["new"]) for one in changes] == [
        ("answer:tr/PAX-02", "value", {"checked": 5, "failed": 0}, {"checked": 5, "failed": 2}),
        ("answer:tr/PAX-02", "result", 1, 5),
        ("answer:tr/PAX-03", "value", "台账齐全", "台账缺页"),
    ]
    assert {one.state for one in db.session.scalars(select(Proposal))} == {"approved"}
    steps = db.session.scalars(select(CorrectionStep)).all()
    assert [(one.action, one.version) for one in steps] == [("approve", 2)] * 2
    signed = db.session.scalars(select(CorrectionSignature)).one()
    assert signed.strokes == SIGNED["strokes"] and signed.typed_name == ""
    asked = db.session.scalars(select(AuditEvent).filter_by(action="correction.requested")).one()
    assert asked.details["items"] == ["PAX-02", "PAX-03"] and len(asked.details["evidence"]) == 1
    assert fieldsync.verify_ledger() == []


@ON_SQLITE
@pytest.mark.proves("I3 I10", "F34")
def test_paper_says_old_and_new_who_why_with_what_and_both_digests(app: Flask, desk: Field) -> None:
    wang, head = sign_in(app, "wang"), sign_in(app, "head")
    papers = [(io.BytesIO(make_jpeg()), "原始台账.jpg")]
    typed = {**TWO, "reason": "抄录有误", "evidence": papers}
    order = order_of(send(wang, address_of(desk, "PAX-02", "PAX-03"), **typed))
    assert "尚未审批" in head.get(f"/corrections/{order}/paper").text
    decide_on_page(head, order)
    paper = wang.get(f"/corrections/{order}/paper").text
    versions = db.session.scalars(select(SheetVersion)).all()
    kept = db.session.scalars(select(CorrectionEvidence)).one()
    signed = db.session.scalars(select(CorrectionSignature)).one()
    for words in (
        "抽查数 5、不符数 0", "抽查数 5、不符数 2", "台账齐全", "台账缺页", "抄录有误",
        "原始台账.jpg", kept.sha256, "王检查", "主要负责人", "情况属实", 'd="M0 0L40 12"',
        signed.digest,
        *(one.digest for one in versions), "第 2 版", "平台尚未更正",
        instant_words(kept.at),
    ):  # fmt: skip
        assert words in paper, words
    evidence = wang.get(f"/corrections/{order}/evidence/{kept.id}")
    assert evidence.data == make_jpeg() and "sandbox" in evidence.headers["Content-Security-Policy"]
    evidence.close()
    assert wang.get(f"/corrections/{order}/evidence/{kept.id + 1}").status_code == 404
    refused = order_of(
        send(wang, address_of(desk, "PAX-01"), **{"PAX-01.note": "另记", "reason": "补记"})
    )
    decide_on_page(head, refused, "refuse", reason="无依据", signature="")
    paper = head.get(f"/corrections/{refused}/paper").text
    assert "不批准" in paper and "无依据" in paper and "未手写签名" in paper


@ON_SQLITE
def test_what_is_wrong_is_told_at_once_and_everything_typed_comes_back(
    app: Flask, desk: Field
) -> None:
    wang = sign_in(app, "wang")
    address = address_of(desk, "PAX-02", "PAX-03")
    typed = {"PAX-02.checked": "两台", "PAX-03.text": "缺<b>页</b>", "reason": "未写完"}
    answer = send(wang, address, **typed)
    assert answer.status_code == 422 and 'href="#entry-PAX-02"' in answer.text
    for words in ("两台", "缺&lt;b&gt;页&lt;/b&gt;", "未写完"):
        assert words in answer.text
    answer = send(wang, address, **{"PAX-02.failed": "1", "reason": "抄录有误"})
    assert answer.status_code == 422 and "PAX-03 的内容没有改动" in answer.text
    answer = send(wang, address, **{**TWO, "PAX-02.result": "1", "reason": "抄录有误"})
    assert answer.status_code == 409 and "correction.incomplete" in answer.text
    answer = send(wang, address, **TWO, reason=" ")
    assert answer.status_code == 422 and "请填写更正理由" in answer.text
    cut = [(io.BytesIO(make_jpeg()[:-40]), "台账.jpg")]
    answer = send(wang, address, **TWO, reason="抄录有误", evidence=cut)
    assert answer.status_code == 422 and 'id="in-evidence-error"' in answer.text
    assert "抄录有误" in answer.text and "台账缺页" in answer.text
    assert db.session.scalars(select(Proposal)).all() == []


@ON_SQLITE
def test_an_entry_is_added_or_left_out_without_losing_what_was_typed(
    app: Flask, desk: Field
) -> None:
    wang = sign_in(app, "wang")
    typed = {"PAX-03.text": "台账缺页", "reason": "抄录有误"}
    more = send(wang, address_of(desk, "PAX-03"), **typed, step="add", add="PAX-01").text
    assert 'id="entry-PAX-01"' in more and "台账缺页" in more and "抄录有误" in more
    address = address_of(desk, "PAX-01", "PAX-03")
    fewer = send(wang, address, **typed, drop="PAX-01").text
    assert 'id="entry-PAX-01"' not in fewer and "台账缺页" in fewer
    none = send(wang, address_of(desk, "PAX-03"), drop="PAX-03").text
    assert "先选择要更正的检查项" in none


@ON_SQLITE
@pytest.mark.proves("I10", "F35")
def test_request_over_what_somebody_else_corrected_meanwhile_is_shown_again(
    app: Flask, desk: Field, phone: Make
) -> None:
    wang = sign_in(app, "wang")
    address = address_of(desk, "PAX-03")
    form = {**shown(wang, address), "PAX-03.text": "台账缺页", "reason": "抄录有误"}
    assert (
        decide(phone("head"), ask(phone("li"), "PAX-03", {"value": "台账不全"})).status_code == 200
    )
    db.session.expire_all()
    answer = wang.post(address.partition("?")[0], data=form)
    assert answer.status_code == 409 and "期间已另行更正" in answer.text
    assert "台账不全" in answer.text and "台账缺页" in answer.text
    form["PAX-03.seen"] = unescape(answer.text.split('name="PAX-03.seen" value="')[1].split('"')[0])
    order = order_of(wang.post(address.partition("?")[0], data=form))
    assert not read(phone("head"), order)["is_stale"]


@pytest.mark.proves("I10", "F35")
def test_order_of_two_is_stale_as_a_whole_and_is_asked_for_again_as_a_whole(
    app: Flask, desk: Field, phone: Make
) -> None:
    wang, head = sign_in(app, "wang"), phone("head")
    papers = [(io.BytesIO(make_jpeg()), "台账.jpg")]
    typed = {**TWO, "reason": "抄录有误", "evidence": papers}
    order = order_of(send(wang, address_of(desk, "PAX-02", "PAX-03"), **typed))
    against = read(head, order)["against"]
    assert set(against) == {
        "answer:tr/PAX-02/value", "answer:tr/PAX-02/result", "answer:tr/PAX-03/value",
    }  # fmt: skip
    assert decide(head, ask(phone("li"), "PAX-03", {"value": "台账不全"})).status_code == 200
    assert read(head, order)["is_stale"] and code_of(decide(head, order)) == "correction.stale"
    db.session.expire_all()
    done = wang.post(f"/corrections/{order}/again", data={"reason": ""})
    again = order_of(done)
    assert again != order and "台账.jpg" in wang.get(f"/corrections/{again}").text
    assert len(read(head, again)["changes"]) == 3
    assert decide(head, again).get_json()["version"] == 3
    db.session.expire_all()
    states = sorted(one.state for one in db.session.scalars(select(Proposal)))
    assert states == ["approved"] * 3 + ["dropped"] * 2
    assert fieldsync.verify_ledger() == []


@ON_SQLITE
def test_only_the_team_asks_and_only_once_it_is_entered(app: Flask, field: Field) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    address = f"/corrections/new/{field.inspection_id}/tr"
    wang = sign_in(app, "wang")
    answer = wang.get(address)
    assert answer.status_code == 409 and "correction.not_entered" in answer.text
    for name in ("stranger", "zhao", "head", "office"):
        assert sign_in(app, name).get(address).status_code == 403, name
    assert wang.get(f"/corrections/new/{field.inspection_id}/mr").status_code == 403


@ON_SQLITE
def test_decision_without_a_signature_is_refused_with_a_clear_word(
    app: Flask, desk: Field, phone: Make
) -> None:
    order, head = ask(phone("wang"), "PAX-03", {"value": "台账不全"}), phone("head")
    assert code_of(decide(head, order, signature=None)) == "signature.missing"
    tiny = {"strokes": [[[5, 5, 0], [6, 6, 9]]], "size": [300, 120]}
    assert code_of(decide(head, order, signature=tiny)) == "signature.too_small"
    wild = {"strokes": [["x"]], "size": [300, 120]}
    assert code_of(decide(head, order, signature=wild)) == "request.wrong_type"
    seen = read(head, order)["against"]
    body = {"password": "correct horse battery", "against": seen}
    assert code_of(step(phone("deputy"), order, "endorse", body)) == "signature.missing"
    at_desk = sign_in(app, "head")
    page = decide_on_page(at_desk, order, signature="", reason="属实")
    assert "请手写签名" in page and "属实" in page and 'id="in-signature-error"' in page
    page = decide_on_page(at_desk, order, signature="[[", reason="属实")
    assert "signature.unreadable" in page and "typed_name" not in page
    kept = json.dumps(SIGNED)
    page = decide_on_page(at_desk, order, signature=kept, password="wrong")
    assert unescape(page.split('name="signature" value="')[1].split('"')[0]) == kept
    assert read(head, order)["state"] == "submitted"


@ON_SQLITE
def test_typed_name_signs_where_the_county_takes_it(app: Flask, desk: Field, phone: Make) -> None:
    from server.accounts.models import Jurisdiction

    with unit_of_work() as work:
        county = work.get_one(Jurisdiction, desk.jurisdiction_id)
        county.settings = {**county.settings, "correction.typed_signature": True}
    order, at_desk = ask(phone("wang"), "PAX-03", {"value": "台账不全"}), sign_in(app, "head")
    page = decide_on_page(at_desk, order, signature="", typed_name="别人")
    assert "signature.name_differs" in page and "别人" in page
    page = decide_on_page(at_desk, order, signature="", typed_name="主要负责人")
    assert "已批准" in page
    assert "以输入姓名签署" in at_desk.get(f"/corrections/{order}/paper").text


FORBIDDEN = [
    f"{verb} {table}{rest}"
    for table, column in (
        ("joined_corrections", "place"),
        ("correction_evidence", "name"),
        ("correction_signatures", "digest"),
    )
    for verb, rest in (("DELETE FROM", ""), ("UPDATE", f" SET {column} = {column}"))
]


def test_database_keeps_evidence_signatures_and_what_belongs_together(
    app: Flask, desk: Field, phone: Make
) -> None:
    wang = sign_in(app, "wang")
    papers = [(io.BytesIO(make_jpeg()), "台账.jpg")]
    typed = {**TWO, "reason": "抄录有误", "evidence": papers}
    order = order_of(send(wang, address_of(desk, "PAX-02", "PAX-03"), **typed))
    assert decide(phone("head"), order).status_code == 200
    db.session.remove()
    for statement in FORBIDDEN:
        with pytest.raises(DBAPIError, match="append_only"), db.engine.begin() as connection:
            connection.execute(text(statement))
