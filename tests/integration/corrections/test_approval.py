"""An approved correction is version n + 1, and nothing else is ever changed by one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from server.accounts.models import Jurisdiction
from server.audit.models import AuditEvent
from server.corrections.models import CorrectionSignature, CorrectionStep
from server.db import db, unit_of_work
from server.fieldsync import service as fieldsync
from server.fieldsync.models import Entity, LedgerEntry, Proposal, Receipt
from server.results.models import SheetVersion
from tests.conftest import ON_SQLITE
from tests.integration.builders import PASSWORD, Field
from tests.integration.corrections.conftest import Entered
from tests.integration.corrections.desk import SIGNED, ask, code_of, decide, read, step
from tests.integration.fieldsync.day import STROKES, attach, claim, make_jpeg, sign
from tests.integration.fieldsync.phone import Phone
from tests.integration.fieldsync.test_files import create, patch

Make = Callable[[str], Phone]
FORBIDDEN = (
    "UPDATE entities SET fields = '{}' WHERE type = 'version'",
    "DELETE FROM entities WHERE type = 'version'",
    "UPDATE entities SET type = 'note' WHERE type = 'version'",
    "DELETE FROM correction_steps",
    "UPDATE correction_steps SET person_id = 1",
    "UPDATE sheet_versions SET digest = ''",
    "DELETE FROM sheet_versions WHERE version = 2",
)
# What the database's nature does not touch runs on one of them.
LOCKED = ("answer", "photo", "signature", "checkin")


def locked_rows(app: Flask) -> list[Any]:
    """What was entered: no correction may touch a byte of it."""
    with app.app_context():
        rows = db.session.scalars(select(Entity).where(Entity.type.in_(LOCKED)).order_by(Entity.id))
        return [(r.id, r.seq, r.fields, r.heads, r.siblings, r.is_gone) for r in rows]


def versions(app: Flask) -> list[SheetVersion]:
    with app.app_context():
        return list(db.session.scalars(select(SheetVersion).order_by(SheetVersion.version)))


@pytest.mark.proves("I3 I10 I11 I13", "F34")
def test_approval_appends_a_version_and_leaves_the_entered_rows_alone(
    app: Flask, field: Field, phone: Make, entered: Entered
) -> None:
    wang, _lead = entered
    before, first = locked_rows(app), versions(app)[0]
    proposal = ask(wang, "PAX-03", {"value": "台账不全", "result": 5})
    answer = decide(phone("head"), proposal)
    assert answer.status_code == 200, answer.get_json()
    assert answer.get_json() == {"id": proposal, "state": "approved", "version": 2}
    assert locked_rows(app) == before
    kept, second = versions(app)
    assert (kept.content, kept.digest, kept.snapshot) == (
        first.content, first.digest, first.snapshot,
    )  # fmt: skip
    assert second.version == 2 and second.digest != kept.digest and second.result_code == 5
    assert second.snapshot["correction"]["reason"] == "现场复核"
    assert second.snapshot["items"][2]["answer"]["value"] == "台账不全"
    wang.pull()
    op = wang.queue[-1]["op"]
    assert wang.row("sheet:tr")["fields"]["entered"]["version"] == 2
    row = wang.row("version:tr/2")
    assert row["t"] == "version" and row["fields"] == {
        "sheet": "tr",
        "version": 2,
        "changes": [
            {"entity": "answer:tr/PAX-03", "field": "value", "old": "台账齐全", "new": "台账不全"},
            {"entity": "answer:tr/PAX-03", "field": "result", "old": 1, "new": 5},
        ],
        "reason": "现场复核",
        "proposed_by": {"id": field.people["wang"], "name": "王检查"},
        "approved_by": {"id": field.people["head"], "name": "主要负责人"},
        "approved_at": "2026-03-04T01:00:00.000Z",
        "op": op,
    }
    own = wang.rows[f"user:{field.people['wang']} proposal:{proposal}"]["fields"]
    assert own["state"] == "approved" and own["decided"]["by"]["name"] == "主要负责人"
    with app.app_context():
        now = fieldsync.read_standing(field.inspection_id, "tr").now
        assert now.answers["PAX-03"].heads["value"] == op and now.results["PAX-03"] == 5
        step_taken = db.session.scalars(select(CorrectionStep)).one()
        assert (step_taken.action, step_taken.version) == ("approve", 2)
        lines = db.session.scalars(select(LedgerEntry).filter_by(op=step_taken.op)).all()
        assert {line.space: {row["id"] for row in line.effect} for line in lines} == {
            field.space: {"sheet:tr", "version:tr/2"},
            f"user:{field.people['wang']}": {f"proposal:{proposal}"},
        }
        receipt = db.session.get_one(Receipt, step_taken.op)
        assert receipt.device == f"office:{field.people['head']}"
        done = db.session.scalars(select(AuditEvent).filter_by(action="correction.approve")).one()
        signed = db.session.scalars(select(CorrectionSignature)).one()
        assert (signed.step_id, signed.strokes, signed.width) == (step_taken.id, STROKES, 300)
        assert done.target == proposal and done.details == {"version": 2, "digest": signed.digest}
        assert fieldsync.verify_ledger() == []


@pytest.mark.proves("I3 I10", "F34")
def test_late_edit_takes_its_road_from_draft_to_version(
    app: Flask, field: Field, phone: Make, entered: Entered
) -> None:
    li, head = phone("li"), phone("head")
    late = li.set("PAX-01", {"value": "fail", "note": "证照过期"})
    proposal = li.result(late)["proposal"]
    assert code_of(decide(head, proposal)) == "correction.wrong_state"
    assert code_of(step(li, proposal, "submit", {"reason": " "})) == "correction.needs_reason"
    assert step(li, proposal, "submit", {"reason": "补记", "result": 8}).status_code == 200
    assert code_of(step(li, proposal, "submit", {"reason": "补记"})) == "correction.wrong_state"
    shown = read(head, proposal)
    assert [c["new"] for c in shown["changes"]] == ["fail", "证照过期", 8]
    assert decide(head, proposal).get_json()["version"] == 2
    assert code_of(decide(head, proposal)) == "correction.wrong_state"
    li.pull()
    own = li.rows[f"user:{field.people['li']} proposal:{proposal}"]["fields"]
    assert (own["state"], own["reason"], own["result"]) == ("approved", "补记", 8)


@ON_SQLITE
@pytest.mark.proves("I3", "F34")
def test_failed_item_is_not_corrected_to_a_record_that_contradicts_itself(
    app: Flask, phone: Make, entered: Entered
) -> None:
    wang, _lead = entered
    proposal = ask(wang, "PAX-01", {"value": "fail"})
    answer = decide(phone("head"), proposal)
    assert (answer.status_code, code_of(answer)) == (409, "correction.incomplete")
    assert [u["code"] for u in answer.get_json()["error"]["details"]["unmet"]] == [
        "entry.result_contradicts"
    ]
    assert len(versions(app)) == 1


@ON_SQLITE
@pytest.mark.proves("I10", "F34")
def test_nobody_decides_without_the_right_the_reason_the_password_or_on_the_own_order(
    app: Flask, field: Field, phone: Make, entered: Entered
) -> None:
    wang, lead = entered
    head = phone("head")
    proposal = ask(wang, "PAX-03", {"value": "台账不全"})
    for other in (wang, lead, phone("office"), phone("auditor")):
        body = {"password": PASSWORD, "reason": "同意", "against": {}}
        assert step(other, proposal, "approve", body).status_code == 403
    assert code_of(decide(phone("deputy"), proposal)) == "correction.wrong_role"
    assert code_of(decide(head, proposal, reason=" ")) == "correction.needs_reason"
    assert code_of(decide(head, proposal, password="wrong")) == "account.password_wrong"
    assert code_of(decide(head, "prop_none", against={})) == "correction.not_found"
    assert step(phone("li"), proposal, "drop", {}).status_code == 403
    assert head.post(f"/api/v1/proposals/{proposal}/approve", {"x": 1}).status_code == 400
    with app.app_context(), unit_of_work() as work:
        own = work.get_one(Proposal, proposal)
        own.person_id = field.people["head"]
    assert code_of(decide(head, proposal)) == "correction.own_proposal"
    assert len(versions(app)) == 1


@ON_SQLITE
def test_password_of_a_decision_is_throttled_like_a_sign_in(
    app: Flask, phone: Make, entered: Entered
) -> None:
    wang, _lead = entered
    head = phone("head")
    proposal = ask(wang, "PAX-03", {"value": "台账不全"})
    against = read(head, proposal)["against"]
    for _ in range(app.extensions["suicha"].config.sign_in_attempts):
        assert code_of(decide(head, proposal, password="wrong", against=against)) == (
            "account.password_wrong"
        )
    assert code_of(decide(head, proposal, against=against)) == "account.password_wrong"
    answer = app.test_client().post(
        "/api/v1/session",
        json={"account": "head", "password": PASSWORD, "device": {"id": "dev_other1"}},
    )
    assert answer.status_code == 401  # guessing here counts there


@pytest.mark.proves("I10", "F35")
def test_second_correction_written_on_version_1_is_stale_once_version_2_stands(
    app: Flask, phone: Make, entered: Entered
) -> None:
    wang, _lead = entered
    li, head = phone("li"), phone("head")
    first = ask(wang, "PAX-03", {"value": "台账不全"})
    second = ask(li, "PAX-03", {"value": "台账缺页"})
    other = ask(li, "PAX-01", {"note": "另记"})
    seen = read(head, second)["against"]
    assert decide(head, first).status_code == 200
    assert read(head, second)["is_stale"]
    for against in (seen, None):
        answer = decide(head, second, against=against)
        assert (answer.status_code, code_of(answer)) == (409, "correction.stale")
    # Another field of another item was not touched by version 2.
    assert decide(head, other).get_json()["version"] == 3
    wang.pull()
    locked_head = wang.row("answer:tr/PAX-03")["heads"]["value"]
    behind = ask(li, "PAX-03", {"value": "台账缺页"}, base={"value": locked_head})
    assert code_of(decide(head, behind)) == "correction.stale"
    present = wang.row("version:tr/2")["fields"]["op"]
    fresh = ask(li, "PAX-03", {"value": "台账缺页"}, base={"value": present})
    assert decide(head, fresh).get_json()["version"] == 4
    # A stale order can still be refused, on what holds now.
    assert decide(head, second, "refuse").get_json()["state"] == "refused"


@pytest.mark.proves("I3 I4", "F34 F5")
def test_late_edit_is_measured_by_the_version_in_force(
    app: Flask, phone: Make, entered: Entered
) -> None:
    wang, _lead = entered
    li, head = phone("li"), phone("head")
    assert decide(head, ask(wang, "PAX-03", {"value": "台账不全"})).status_code == 200
    same = li.set("PAX-03", {"value": "台账不全"})
    entered = li.set("PAX-03", {"value": "台账齐全"})
    told = li.results([same, entered])
    assert [one["status"] for one in told] == ["merged", "rejected_locked"]
    assert told[1]["locked"]["version"] == 2
    again = li.make("correction.propose", "answer:tr/PAX-03", {"value": "台账不全", "reason": "同"})
    assert li.result(again)["error"]["code"] == "correction.nothing_changed"


@pytest.mark.proves("I3 I18", "F34")
def test_photo_that_came_late_joins_the_sheet_once_its_bytes_are_here(
    app: Flask, phone: Make, entered: Entered
) -> None:
    wang, _lead = entered
    head, data = phone("head"), make_jpeg()
    late = attach(wang, "PAX-01", data)
    proposal = wang.result(late)["proposal"]
    assert step(wang, proposal, "submit", {"reason": "补拍"}).status_code == 200
    answer = decide(head, proposal)
    assert code_of(answer) == "correction.incomplete"
    url = create(wang, late, len(data)).headers["Location"]
    assert patch(wang, url, 0, data).status_code == 204
    before = locked_rows(app)
    assert decide(head, proposal).get_json()["version"] == 2
    assert locked_rows(app) == before
    sha256 = claim(data)["sha256"]
    wang.pull()
    changes = {c["field"]: c["new"] for c in wang.row("version:tr/2")["fields"]["changes"]}
    assert changes["attached"] == ["answer:tr/PAX-01"] and changes["stored"] is True
    assert versions(app)[1].snapshot["items"][0]["photos"] == [sha256]
    assert wang.result(attach(wang, "PAX-01", data))["status"] == "merged"


@ON_SQLITE
@pytest.mark.proves("I3", "F34")
def test_late_signature_is_kept_and_can_only_be_refused(app: Flask, entered: Entered) -> None:
    wang, _lead = entered
    proposal = wang.result(sign(wang, "firm", "李经理"))["proposal"]
    answer = step(wang, proposal, "submit", {"reason": "补签"})
    assert (answer.status_code, code_of(answer)) == (409, "correction.not_approvable")
    assert step(wang, proposal, "drop", {}).get_json()["state"] == "dropped"
    with app.app_context():
        assert db.session.get_one(Proposal, proposal).payload["fields"]["name"] == "李经理"


@ON_SQLITE
@pytest.mark.proves("I10", "F34")
def test_endorsement_comes_first_where_the_county_asks_for_it(
    app: Flask, field: Field, phone: Make, entered: Entered
) -> None:
    wang, _lead = entered
    with app.app_context(), unit_of_work() as work:
        county = work.get_one(Jurisdiction, field.jurisdiction_id)
        county.settings = {
            "correction.needs_endorsement": True,
            "correction.approver_roles": ["unit_head", "deputy_head"],
        }
    head, deputy = phone("head"), phone("deputy")
    proposal = ask(wang, "PAX-03", {"value": "台账不全"})
    assert code_of(decide(head, proposal)) == "correction.not_endorsed"
    seen = read(deputy, proposal)["against"]
    body = {"password": PASSWORD, "against": seen, "signature": SIGNED}
    assert step(deputy, proposal, "endorse", {**body, "against": {}}).status_code == 409
    assert step(deputy, proposal, "endorse", body).get_json()["state"] == "submitted"
    assert code_of(step(deputy, proposal, "endorse", body)) == "correction.wrong_state"
    assert code_of(decide(deputy, proposal)) == "correction.own_endorsement"
    assert decide(head, proposal).get_json()["version"] == 2


@ON_SQLITE
@pytest.mark.proves("I4 I10", "F33")
def test_work_of_somebody_without_the_right_is_no_correction_of_theirs(
    app: Flask, phone: Make, entered: Entered
) -> None:
    stranger = phone("stranger")
    proposal = stranger.result(stranger.set("PAX-01", {"value": "fail"}))["proposal"]
    answer = step(stranger, proposal, "submit", {"reason": "路过"})
    assert answer.status_code == 403
    assert step(stranger, proposal, "drop", {}).get_json()["state"] == "dropped"


@pytest.mark.proves("I3", "F34")
def test_no_statement_reaches_an_approved_version(
    app: Flask, phone: Make, entered: Entered
) -> None:
    wang, _lead = entered
    assert decide(phone("head"), ask(wang, "PAX-03", {"value": "台账不全"})).status_code == 200
    with app.app_context():
        for statement in FORBIDDEN:
            with pytest.raises(DBAPIError), unit_of_work() as work:
                work.execute(text(statement))
        assert db.session.scalar(select(func.count()).select_from(CorrectionStep)) == 1
        assert fieldsync.verify_ledger() == []
