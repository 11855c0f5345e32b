"""Returned, corrected at the office, the firm's person long gone: told as it is (decision 0014)."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from domain.results import entry_preconditions
from server.fieldsync import service as fieldsync
from server.results import service as results
from sync.outcomes import Applied, Invalid, Outcome
from sync.signing import digest_signed
from tests.integration.builders import Field, build_field
from tests.integration.fieldsync.day import RESULTS
from tests.integration.inspections.test_inspection_pages import sign_in
from tests.integration.inspections.test_papers import paper
from tests.integration.inspections.visit import SIZE, STROKES, answer, check_in, do, submit

REASON = "退回后在局内改正抽查数，当事人已离开，已电话告知"
MARK = "退回后修改，未再经当事人签字"


@pytest.fixture
def field(sqlite_app: Flask) -> Iterator[Field]:
    sqlite_app.config["WTF_CSRF_ENABLED"] = False
    with sqlite_app.app_context():
        yield build_field()


def sign(field: Field, role: str, who: str = "wang", **more: Any) -> Outcome:
    """With what it covers, as an app signs."""
    rows = fieldsync.read_sheet(field.inspection_id, "tr")
    signed = {"digest": digest_signed(rows.space, "tr", rows.evidence, []), "photos": []}
    fields = {
        "sheet": "tr", "role": role, "name": who, "refused": False, "strokes": STROKES,
        "size": SIZE, "signed": signed, **more,
    }  # fmt: skip
    if role == "officer":
        fields["officer_id"] = field.officers[who]
    return do(field, "wang", "signature.add", f"signature:{uuid.uuid4()}", fields)


def unsign(field: Field, **more: Any) -> Outcome:
    """That the firm has not signed again."""
    told = {"name": "陈经理", "strokes": [], "size": [0, 0], "reason": REASON, **more}
    return sign(field, "unsigned", **told)


def hand_in(field: Field) -> None:
    """A whole sheet, signed by two officers and the firm."""
    for who in ("wang", "li"):
        check_in(field, who)
    answer(field, "wang", "PAX-01", "pass")
    answer(field, "wang", "PAX-02", {"checked": 5, "failed": 0})
    answer(field, "li", "PAX-03", "台账齐全")
    for who in ("wang", "li"):
        sign(field, "officer", who)
    sign(field, "firm", name="陈经理", post="经理", relation="agent")
    submit(field)


def return_and_correct(field: Field) -> None:
    do(field, "lead", "sheet.return", "sheet:tr", {"reason": "抽查数与台账不符"})
    head = fieldsync.read_sheet(field.inspection_id, "tr").answers["PAX-02"].heads["value"]
    value = {"value": {"checked": 6, "failed": 0}}
    do(field, "wang", "answer.set", "answer:tr/PAX-02", value, base={"value": head})


def unmet(field: Field) -> list[str]:
    facts = results.entry_facts(fieldsync.read_sheet(field.inspection_id, "tr"), RESULTS)
    return [one.code for one in entry_preconditions(facts)]


def page_of(app: Flask, field: Field, who: str = "lead", locale: str = "zh_CN") -> str:
    client = sign_in(app, who)
    client.post("/language", data={"locale": locale})
    return str(client.get(f"/inspections/{field.inspection_id}").text)


def test_a_sheet_that_was_not_returned_takes_no_such_record(field: Field) -> None:
    hand_in(field)
    refused = unsign(field)
    assert isinstance(refused, Invalid) and refused.error.code == "signature.not_returned"
    return_and_correct(field)
    assert isinstance(unsign(field), Applied)


def test_a_firm_that_had_never_answered_cannot_be_said_not_to_have_signed_again(
    field: Field,
) -> None:
    submit(field)
    do(field, "lead", "sheet.return", "sheet:tr", {"reason": "未签字"})
    refused = unsign(field)
    assert isinstance(refused, Invalid) and refused.error.code == "signature.not_returned"


def test_what_comes_after_it_was_handed_in_anew_is_taken_and_the_lead_looks_again(
    field: Field,
) -> None:
    hand_in(field)
    return_and_correct(field)
    submit(field)
    do(field, "lead", "sheet.accept", "sheet:tr", {})
    assert isinstance(unsign(field), Applied)
    assert fieldsync.read_sheet(field.inspection_id, "tr").state == "submitted"
    assert fieldsync.verify_ledger() == []


def test_returned_firm_gone_handed_in_the_lead_sees_the_mark_and_it_is_printed(
    sqlite_app: Flask, field: Field
) -> None:
    hand_in(field)
    assert MARK not in page_of(sqlite_app, field)
    return_and_correct(field)
    unsign(field)
    # The officers' signatures are of before: two sign anew before it can be entered.
    assert "entry.signature_again" in unmet(field)
    for who in ("wang", "li"):
        sign(field, "officer", who)
    submit(field)
    assert unmet(field) == ["entry.not_accepted"]
    lead = sign_in(sqlite_app, "lead")
    for page in (page_of(sqlite_app, field), lead.get("/day?day=2026-03-04").text):
        before_accepting = page.partition("通过审核")[0]
        assert MARK in before_accepting and REASON in before_accepting
        assert "当事人原签字：陈经理" in before_accepting
    text = paper(sqlite_app, field, "record")
    assert text.count(MARK) == 1 and REASON in text and "陈经理 经理 授权代表" in text
    assert text.count("签字后记录有改动，此签名已作废") == 3, "what was signed first is kept, void"
    lead.post(f"/inspections/{field.inspection_id}/tr/accept")
    assert unmet(field) == []
    english = page_of(sqlite_app, field, locale="en")
    assert "not signed again by the firm" in english and "Authorised agent" in english


def test_a_record_that_changes_once_more_has_it_stated_anew(
    sqlite_app: Flask, field: Field
) -> None:
    hand_in(field)
    return_and_correct(field)
    unsign(field)
    head = fieldsync.read_sheet(field.inspection_id, "tr").answers["PAX-03"].heads["value"]
    change = {"value": "台账缺一页"}
    do(field, "li", "answer.set", "answer:tr/PAX-03", change, base={"value": head})
    page = page_of(sqlite_app, field)
    assert "此后记录又有改动，须重新说明" in page and "当事人原签字" not in page
    unsign(field)
    assert "当事人原签字：陈经理" in page_of(sqlite_app, field)
