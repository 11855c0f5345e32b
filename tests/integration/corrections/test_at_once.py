"""Decisions, late edits and choices at the same moment: exactly one wins, nothing is lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select

from server.corrections.models import CorrectionStep
from server.db import db, unit_of_work
from server.fieldsync import service as fieldsync
from server.fieldsync.models import Proposal
from server.notifications.models import SideEffect
from server.registry.models import CheckEntry, Checklist
from server.results.models import SheetVersion
from tests.integration.builders import AT, Field
from tests.integration.corrections.conftest import Entered
from tests.integration.corrections.desk import ask, code_of, decide, read
from tests.integration.fieldsync.phone import Phone
from tests.integration.fieldsync.test_at_once import at_once, count

Make = Callable[[str], Phone]


@pytest.mark.proves("I2 I3 I10 I28", "F4 F27 F35")
def test_two_approvers_at_once_make_one_version(app: Flask, phone: Make, entered: Entered) -> None:
    wang, _lead = entered
    head, chief = phone("head"), phone("chief")
    proposal = ask(wang, "PAX-03", {"value": "台账不全"})
    answers = at_once(lambda: decide(head, proposal), lambda: decide(chief, proposal))
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    loser = next(answer for answer in answers if answer.status_code == 409)
    assert code_of(loser) in {"correction.wrong_state", "correction.stale"}
    with app.app_context():
        assert count(SheetVersion) == 2 and count(CorrectionStep) == 1
        told = SideEffect.kind == "proposal.approved"
        assert count(SideEffect, told, SideEffect.person_id == wang_id(wang)) == 1
        assert fieldsync.verify_ledger() == []


@pytest.mark.proves("I3 I8 I10", "F27 F35")
def test_two_orders_on_one_field_approved_at_once_leave_one_in_force(
    app: Flask, phone: Make, entered: Entered
) -> None:
    wang, _lead = entered
    head, chief = phone("head"), phone("chief")
    first = ask(wang, "PAX-03", {"value": "台账不全"})
    second = ask(phone("li"), "PAX-03", {"value": "台账缺页"})
    one, two = read(head, first)["against"], read(chief, second)["against"]
    answers = at_once(
        lambda: decide(head, first, against=one), lambda: decide(chief, second, against=two)
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    loser = next(answer for answer in answers if answer.status_code == 409)
    assert code_of(loser) == "correction.stale"
    with app.app_context():
        states = db.session.scalars(select(Proposal.state).order_by(Proposal.state)).all()
        assert states == ["approved", "submitted"]  # the loser is kept, as it was written
        assert count(SheetVersion) == 2
        assert fieldsync.verify_ledger() == []


@pytest.mark.proves("I3 I4 I8", "F27 F34 F35")
@pytest.mark.proves("I5 I11 I13 I21", "F35")
def test_late_edits_arriving_while_a_correction_is_approved_are_all_kept(
    app: Flask, phone: Make, entered: Entered
) -> None:
    wang, _lead = entered
    li, head = phone("li"), phone("head")
    proposal = ask(wang, "PAX-03", {"value": "台账不全"})
    late = [li.set("PAX-03", {"value": "台账缺页"}), li.set("PAX-01", {"note": "补记"})]
    answer, told = at_once(lambda: decide(head, proposal), lambda: li.results(late))
    assert answer.status_code == 200
    assert [one["status"] for one in told] == ["rejected_locked"] * 2
    with app.app_context():
        kept = db.session.scalars(select(Proposal)).all()
        assert {one.op for one in kept} >= {op["op"] for op in late} and len(kept) == 3
        for op in late:
            one = next(p for p in kept if p.op == op["op"])
            assert one.payload["fields"] == op["fields"]
        assert count(SheetVersion) == 2
        assert fieldsync.verify_ledger() == []
    assert li.results(late) == [{**one, "replay": True} for one in told]
    for one in (wang, li):
        one.pull()
    shared = {key for key in li.rows if key.startswith(f"{li.field.space} answer:")}
    assert shared and all(wang.rows[key] == li.rows[key] for key in shared)


@pytest.mark.proves("I8 I2", "F27 F36")
def test_lead_choosing_while_a_phone_edits_the_same_answer_loses_nobodys_words(
    app: Flask, field: Field, phone: Make
) -> None:
    wang, li, lead = phone("wang"), phone("li"), phone("lead")
    mine = wang.set("PAX-03", {"value": "齐全"})
    other = li.set("PAX-03", {"value": "缺页"})
    wang.result(mine)
    assert li.result(other)["status"] == "conflict"
    choice = lead.set("PAX-03", {"value": "缺页"}, {"value": mine["op"]}, resolves=[other["op"]])
    edit = wang.set("PAX-03", {"value": "再查"}, {"value": mine["op"]})
    chosen, edited = at_once(lambda: lead.result(choice), lambda: wang.result(edit))
    assert sorted([chosen["status"], edited["status"]]) == ["applied", "conflict"]
    wang.pull()
    row = wang.row("answer:tr/PAX-03")
    words = {row["fields"]["value"], *(s["fields"]["value"] for s in row["siblings"])}
    # Chosen before the edit came: the edit is beside it. Else everything is still there.
    assert words == ({"缺页", "再查"} if chosen["status"] == "applied" else {"再查", "缺页"})
    with app.app_context():
        assert fieldsync.verify_ledger() == []


@pytest.mark.proves("I8", "F36")
def test_lead_chooses_only_between_what_the_team_recorded(phone: Make) -> None:
    wang, li, lead = phone("wang"), phone("li"), phone("lead")
    mine, other = wang.set("PAX-03", {"value": "齐全"}), li.set("PAX-03", {"value": "缺页"})
    wang.result(mine)
    li.result(other)
    base = {"value": mine["op"]}
    own = lead.set("PAX-03", {"value": "组长自己的话"}, base, resolves=[other["op"]])
    partly = lead.set("PAX-03", {"value": "缺页"}, base)
    assert [one["status"] for one in lead.results([own, partly])] == ["forbidden", "forbidden"]
    keep = lead.make("answer.set", "answer:tr/PAX-03", {}, resolves=[other["op"]])
    assert lead.result(keep)["status"] == "applied"
    wang.pull()
    row = wang.row("answer:tr/PAX-03")
    assert (row["fields"]["value"], row["siblings"]) == ("齐全", [])


@pytest.mark.proves("I3 I8 I11", "F37")
def test_checklist_imported_anew_leaves_an_open_sheet_and_its_corrections_on_their_version(
    app: Flask, field: Field, phone: Make, entered: Entered
) -> None:
    wang = phone("wang")
    wang.result(wang.set("PAX-01", {"value": "pass"}))
    with app.app_context(), unit_of_work() as work:
        old = work.scalars(select(Checklist).filter_by(code="tr-list")).one()
        new = Checklist(
            jurisdiction_id=field.jurisdiction_id, code="tr-list", version=2, title="新表",
            content_sha256="1" * 64, imported_at=AT,
        )  # fmt: skip
        work.add(new)
        work.flush()
        for entry in work.scalars(select(CheckEntry).filter_by(checklist_id=old.id)).all():
            work.add(
                CheckEntry(
                    jurisdiction_id=entry.jurisdiction_id, checklist_id=new.id,
                    inspection_item_id=entry.inspection_item_id, position=entry.position,
                    code=f"N-{entry.code}", text=entry.text, basis=entry.basis,
                    methods=entry.methods, answer={"type": "date"}, severity="critical",
                    photo_on_fail=False,
                )
            )  # fmt: skip
    assert wang.result(wang.set("N-PAX-01", {"value": "2026-01-01"}))["status"] == "invalid"
    _wang, _lead = entered
    proposal = ask(wang, "PAX-03", {"value": "台账不全"})
    assert decide(phone("head"), proposal).get_json()["version"] == 2
    with app.app_context():
        kept = db.session.scalars(select(SheetVersion).order_by(SheetVersion.version)).all()
        assert [one.snapshot["lists"] for one in kept] == [["tr-list@1"]] * 2
        codes = [[item["code"] for item in one.snapshot["items"]] for one in kept]
        assert codes == [["PAX-01", "PAX-02", "PAX-03"]] * 2


@pytest.mark.proves("I3 I10", "F2 F5 F9")
def test_approval_whose_answer_was_lost_and_that_is_sent_again_changes_nothing(
    app: Flask, phone: Make, entered: Entered
) -> None:
    wang, _lead = entered
    head = phone("head")
    proposal = ask(wang, "PAX-03", {"value": "台账不全"})
    against = read(head, proposal)["against"]
    assert decide(head, proposal, against=against).status_code == 200
    again = decide(head, proposal, against=against)
    assert (again.status_code, code_of(again)) == (409, "correction.wrong_state")
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(SheetVersion)) == 2


@pytest.mark.proves("I3 I10 I13", "F26")
def test_defect_in_the_middle_of_an_approval_leaves_no_half_of_it(
    app: Flask, phone: Make, monkeypatch: pytest.MonkeyPatch, entered: Entered
) -> None:
    wang, _lead = entered
    head = phone("head")
    proposal = ask(wang, "PAX-03", {"value": "台账不全"})

    def fail(*_args: object, **_more: object) -> None:
        raise RuntimeError("a defect of ours")

    with monkeypatch.context() as patch:
        patch.setattr("server.corrections.finishing.tell_step", fail)
        assert decide(head, proposal).status_code == 500
    with app.app_context():
        assert count(SheetVersion) == 1 and count(CorrectionStep) == 0
        assert db.session.get_one(Proposal, proposal).state == "submitted"
        assert fieldsync.verify_ledger() == []
    assert decide(head, proposal).get_json()["version"] == 2


def wang_id(phone: Phone) -> int:
    return phone.field.people[phone.name]
