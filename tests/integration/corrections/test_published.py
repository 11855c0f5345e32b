"""What is told of a correction outside the office."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict

from flask import Flask

from domain.corrections import ProposalState
from server.corrections.service import list_published_corrections
from server.db import scope_to
from server.inspections.records import find_sheet
from tests.integration.builders import Field
from tests.integration.corrections.desk import ask, decide
from tests.integration.fieldsync.day import lock_sheet
from tests.integration.fieldsync.phone import Phone

Make = Callable[[str], Phone]


def test_public_is_told_old_and_new_and_why_and_no_person(
    app: Flask, field: Field, phone: Make
) -> None:
    wang, _lead = lock_sheet(phone)
    head = phone("head")
    decide(head, ask(wang, "PAX-03", {"value": "台账不全", "result": 5}))
    refused = ask(wang, "PAX-03", {"value": "无台账"})
    assert decide(head, refused, "refuse").get_json()["state"] == ProposalState.REFUSED
    decide(head, ask(wang, "PAX-03", {"value": "台账缺页", "reason": "再次核对"}))
    with app.app_context():
        scope_to(field.jurisdiction_id)
        sheet = find_sheet(field.inspection_id, "tr")
        assert sheet is not None
        with app.test_request_context():
            told = list_published_corrections([sheet.id, sheet.id + 1])
    assert list(told) == [sheet.id]
    first, second = told[sheet.id]
    assert (first.version, second.version) == (2, 3)
    assert (first.reason, second.reason) == ("现场复核", "再次核对")
    assert (first.old_result, first.new_result, second.new_result) == (1, 5, 5)
    assert [(one.what, one.old, one.new) for one in first.changes] == [
        ("填写内容", "台账齐全", "台账不全"),
        ("检查结果", "1 未发现问题", "5 发现问题已责令改正"),
    ]
    assert first.changes[0].item.startswith("PAX-03 ")
    assert first.new_digest == second.old_digest != first.old_digest
    assert first.office == "交通运输局"
    text = str([asdict(one) for one in told[sheet.id]])
    assert "王检查" not in text and "主要负责人" not in text
