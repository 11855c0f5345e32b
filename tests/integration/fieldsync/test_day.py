"""The main road: two phones, a lead, the lock, and what comes too late."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from server.db import db, unit_of_work
from server.fieldsync import service
from server.fieldsync.models import Entity, LedgerEntry, Proposal, Receipt
from server.inspections.models import Inspection, Sheet
from server.results.models import SheetCosigner, SheetVersion
from sync.canonical import dump_canonical, hash_text
from tests.integration.builders import Field
from tests.integration.fieldsync.day import RESULTS, content_of, enter, fill, lock_sheet, submit
from tests.integration.fieldsync.phone import Phone

Make = Callable[[str], Phone]


def test_entered_sheet_is_locked_with_what_was_signed(
    app: Flask, field: Field, phone: Make
) -> None:
    wang, _ = lock_sheet(phone)
    with app.app_context():
        sheet = db.session.get_one(Sheet, field.sheet_ids["tr"])
        assert (sheet.state, sheet.result_code, sheet.results) == ("entered", 1, RESULTS)
        assert sheet.entered_by == field.people["wang"] and sheet.entered_version == 1
        version = db.session.scalars(select(SheetVersion)).one()
        assert version.content == dump_canonical(content_of(wang, RESULTS))
        assert version.digest == hash_text(version.content)
        assert version.snapshot["items"][1]["answer"]["note"] == "抽查5台"
        assert version.snapshot["entered"]["by"] == "王检查"
        inspection = db.session.get_one(Inspection, field.inspection_id)
        assert inspection.ended_on is not None
        assert service.verify_ledger() == []
    wang.pull()
    row = wang.row("sheet:tr")["fields"]
    assert row["state"] == "entered" and row["entered"]["by"]["name"] == "王检查"
    head = wang.row(f"inspection:{field.inspection_id}")["fields"]
    assert head["ended_on"] == "2026-03-04" and head["due_on"] > "2026-03-25"
    assert head["may"] == ["tr"]


@pytest.mark.proves("I1 I3 I4", "F34")
def test_late_edit_is_rejected_and_kept_as_exactly_one_proposal(
    app: Flask, field: Field, phone: Make
) -> None:
    li = phone("li")
    late = li.set("PAX-01", {"value": "fail", "note": "发现问题"})
    lock_sheet(phone)
    told = li.result(late)
    assert told["status"] == "rejected_locked"
    assert told["locked"]["by"] == "王检查" and told["locked"]["version"] == 1
    assert li.result(late) == {**told, "replay": True}
    li.pull()
    shown = li.rows[f"user:{field.people['li']} proposal:{told['proposal']}"]["fields"]
    assert shown["payload"]["fields"] == {"value": "fail", "note": "发现问题"}
    assert shown["current"] == {"value": "pass"} and shown["state"] == "draft"
    assert shown["locked"] == told["locked"]
    assert li.row("answer:tr/PAX-01")["fields"] == {"value": "pass"}
    with app.app_context():
        proposal = db.session.scalars(select(Proposal)).one()
        assert proposal.payload == late and proposal.against["value"]
        receipt = db.session.get_one(Receipt, late["op"])
        assert json.loads(receipt.payload)["fields"] == late["fields"]


@pytest.mark.proves("I3", "F34")
def test_late_equal_edit_is_merged_and_makes_no_proposal(app: Flask, phone: Make) -> None:
    li = phone("li")
    late = li.set("PAX-01", {"value": "pass"})
    lock_sheet(phone)
    assert li.result(late)["status"] == "merged"
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Proposal)) == 0


def test_second_officer_with_equal_content_cosigns(app: Flask, field: Field, phone: Make) -> None:
    wang, li, lead = phone("wang"), phone("li"), phone("lead")
    fill(wang)
    submit(wang)
    wang.results()
    lead.result(lead.make("sheet.accept", "sheet:tr"))
    wang.pull()
    li.pull()
    first, second = enter(wang), enter(li)
    assert wang.result(first)["status"] == "applied"
    assert li.result(second)["status"] == "merged"
    with app.app_context():
        cosigner = db.session.scalars(select(SheetCosigner)).one()
        assert cosigner.person_id == field.people["li"] and cosigner.op == second["op"]


@pytest.mark.proves("I3 I4", "F34")
def test_second_officer_with_other_content_makes_a_proposal(phone: Make) -> None:
    wang, li, lead = phone("wang"), phone("li"), phone("lead")
    fill(wang)
    submit(wang)
    wang.results()
    lead.result(lead.make("sheet.accept", "sheet:tr"))
    wang.pull()
    li.pull()
    first, second = enter(wang), enter(li, {**RESULTS, "PAX-03": 7})
    assert wang.result(first)["status"] == "applied"
    told = li.result(second)
    assert told["status"] == "rejected_locked" and told["proposal"]


def test_entry_names_every_unmet_precondition_at_once(phone: Make) -> None:
    wang = phone("wang")
    wang.set("PAX-01", {"value": "fail"})
    wang.results()
    wang.pull()
    told = wang.result(enter(wang, {"PAX-01": 1}))
    assert told["status"] == "invalid" and told["error"]["code"] == "sheet.preconditions"
    codes = [one["code"] for one in told["error"]["details"]["unmet"]]
    assert codes == [
        "entry.not_ended",
        "entry.officers",
        "entry.answer",
        "entry.signature_officer",
        "entry.signature_firm",
        "entry.result",
        "entry.result_contradicts",
        "entry.not_accepted",
    ]


def test_entry_over_content_that_moved_on_is_a_conflict(phone: Make) -> None:
    wang, lead = phone("wang"), phone("lead")
    fill(wang)
    submit(wang)
    wang.results()
    lead.result(lead.make("sheet.accept", "sheet:tr"))
    wang.pull()
    stale = enter(wang)
    stale["seen"]["answer:tr/PAX-01"] = {"value": stale["op"]}
    told = wang.result(stale)
    assert told["status"] == "conflict"
    assert told["error"]["details"]["entities"] == ["answer:tr/PAX-01"]
    forged = enter(wang)
    forged["digest"] = "0" * 64
    assert wang.result(forged)["status"] == "conflict"


def test_submitted_sheet_keeps_another_value_as_a_sibling_until_somebody_chooses(
    phone: Make,
) -> None:
    wang, li = phone("wang"), phone("li")
    fill(wang)
    submit(wang)
    wang.results()
    li.pull()
    head = li.row("answer:tr/PAX-01")["heads"]["value"]
    late = li.set("PAX-01", {"value": "na"}, {"value": head})
    assert li.result(late)["status"] == "conflict"
    wang.pull()
    row = wang.row("answer:tr/PAX-01")
    assert row["fields"]["value"] == "pass"
    assert [s["op"] for s in row["siblings"]] == [late["op"]]
    assert row["siblings"][0]["author"]["name"] == "李检查"
    told = {one["by"]["name"]: (op, one["device"]) for op, one in row["writers"].items()}
    assert told == {"王检查": (head, "红米"), "李检查": (late["op"], "红米")}
    assert row["writers"][late["op"]]["at"] == late["at"]
    choice = wang.set("PAX-01", {"value": "na"}, {"value": head}, resolves=[late["op"]])
    assert wang.result(choice)["status"] == "applied"
    wang.pull()
    row = wang.row("answer:tr/PAX-01")
    assert row["siblings"] == [] and row["fields"]["value"] == "na" and "writers" not in row


def test_new_evidence_on_an_accepted_sheet_makes_the_lead_look_again(phone: Make) -> None:
    wang, lead = phone("wang"), phone("lead")
    fill(wang)
    submit(wang)
    wang.results()
    lead.result(lead.make("sheet.accept", "sheet:tr"))
    fields = {"sheet": "tr", "officer_id": wang.field.officers["li"], "place": None}
    more = wang.make("checkin.add", "checkin:0195aaaa-0000-7000-8000-000000000001", fields)
    assert wang.result(more)["status"] == "applied"
    wang.pull()
    sheet = wang.row("sheet:tr")["fields"]
    assert sheet["state"] == "submitted" and sheet["accepted"] is None


def test_returned_sheet_takes_answers_again(phone: Make) -> None:
    wang, lead = phone("wang"), phone("lead")
    fill(wang)
    submit(wang)
    wang.results()
    mute = lead.make("sheet.return", "sheet:tr", {"reason": " "})
    told = {"reason": "请补照片", "comments": {"PAX-02": "第二张看不清号牌"}}
    back = lead.make("sheet.return", "sheet:tr", told)
    assert [one["status"] for one in lead.results([mute, back])] == ["invalid", "applied"]
    wang.pull()
    sheet = wang.row("sheet:tr")["fields"]
    assert sheet["return_reason"] == "请补照片"
    assert sheet["return_comments"] == {"PAX-02": "第二张看不清号牌"}
    head = wang.row("answer:tr/PAX-01")["heads"]["value"]
    assert wang.result(wang.set("PAX-01", {"value": "na"}, {"value": head}))["status"] == "applied"


UNTOUCHABLE = (
    "UPDATE entities SET fields = '{}' WHERE id = 'answer:tr/PAX-01'",
    "UPDATE entities SET sheet_id = NULL WHERE id = 'answer:tr/PAX-01'",
    "DELETE FROM entities WHERE type = 'signature'",
    "DELETE FROM entities WHERE type = 'checkin'",
    "UPDATE sheets SET result_code = 2 WHERE code = 'tr'",
    "UPDATE sheets SET state = 'open' WHERE code = 'tr'",
    "DELETE FROM sheets WHERE code = 'tr'",
    "UPDATE sheet_versions SET content = '{}'",
    "DELETE FROM sheet_versions",
    "UPDATE ledger SET effect = '[]'",
    "DELETE FROM ledger",
    "DELETE FROM receipts",
    "UPDATE receipts SET payload = '{}'",
)


def test_database_refuses_to_touch_an_entered_sheet(app: Flask, phone: Make) -> None:
    lock_sheet(phone)
    seen = select(Entity.id, Entity.seq).order_by(Entity.id)
    with app.app_context():
        before = db.session.execute(seen).all()
        for statement in UNTOUCHABLE:
            with pytest.raises(DBAPIError), unit_of_work() as work:
                work.execute(text(statement))
                pytest.fail(f"went through: {statement}")
            assert db.session.execute(seen).all() == before, statement
        assert db.session.scalar(select(func.count()).select_from(LedgerEntry))
