"""Push: receipts, replays, gaps, forks, and what each operation is answered."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from server.accounts.models import Device
from server.accounts.service import revoke_device
from server.audit.models import AuditEvent
from server.db import db, unit_of_work
from server.fieldsync import service
from server.fieldsync.models import LedgerEntry, Proposal, Receipt
from server.fieldsync.receiving import judge as judging
from server.fieldsync.receiving import push as pushing
from server.fieldsync.receiving.groups import take_one_by_one
from server.fieldsync.receiving.overlay import State
from server.inspections.models import TeamMember
from tests.integration.builders import Field, build_field
from tests.integration.fieldsync.phone import Answer, Phone, never_ahead, new_id

Make = Callable[[str], Phone]


def count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_answer_is_applied_and_pulled_by_the_partner(phone: Make) -> None:
    wang, li = phone("wang"), phone("li")
    op = wang.set("PAX-01", {"value": "pass", "note": "齐全"})
    told = wang.result(op)
    assert told["status"] == "applied" and told["replay"] is False
    li.pull()
    row = li.row("answer:tr/PAX-01")
    assert row["fields"] == {"value": "pass", "note": "齐全"}
    assert row["heads"] == {"value": op["op"], "note": op["op"]}
    assert row["seq"] == told["space_seq"]


@pytest.mark.proves("I2 I21", "F2 F4 F5 F9")
def test_second_push_of_same_operation_changes_nothing(app: Flask, phone: Make) -> None:
    wang = phone("wang")
    op = wang.set("PAX-01", {"value": "pass"})
    first = wang.result(op)
    with app.app_context():
        before = count(LedgerEntry), count(Receipt)
    assert wang.result(op) == {**first, "replay": True}
    assert wang.results([op, op]) == [{**first, "replay": True}] * 2
    with app.app_context():
        assert (count(LedgerEntry), count(Receipt)) == before


def test_known_id_with_other_content_is_refused_and_raises_an_alarm(
    app: Flask, phone: Make
) -> None:
    wang = phone("wang")
    op = wang.set("PAX-01", {"value": "pass"})
    wang.result(op)
    told = wang.result({**op, "fields": {"value": "fail"}})
    assert (told["status"], told["error"]["code"]) == ("invalid", "op.id_reuse")
    wang.pull()
    assert wang.row("answer:tr/PAX-01")["fields"] == {"value": "pass"}
    with app.app_context():
        events = db.session.scalars(select(AuditEvent.action)).all()
        assert "op.id_reuse" in events


@pytest.mark.proves("I23", "F24")
def test_anothers_operation_is_not_taken_under_own_credentials(phone: Make) -> None:
    wang, li = phone("wang"), phone("li")
    op = wang.set("PAX-01", {"value": "pass"})
    wang.result(op)
    assert li.result(op)["error"]["code"] == "op.id_reuse"


@pytest.mark.proves("I1 I12", "F1")
def test_gap_is_held_and_released_in_order_when_it_closes(app: Flask, phone: Make) -> None:
    wang = phone("wang")
    first = wang.set("PAX-01", {"value": "pass"})
    second = wang.set("PAX-01", {"value": "fail"}, {"value": first["op"]})
    third = wang.set("PAX-01", {"value": "na"}, {"value": second["op"]})
    answer = wang.push([third, second])
    assert answer.status_code == 409
    error = answer.get_json()["error"]
    assert (error["code"], error["details"]) == ("sync.sequence_gap", {"expect": 1})
    assert wang.result(first)["status"] == "applied"
    assert [one["status"] for one in wang.results()] == ["applied"] * 3
    last = wang.pull()
    assert last["device"] == {"last_seq": 3, "durable_seq": 3, "wipe": False}
    assert wang.row("answer:tr/PAX-01")["heads"] == {"value": third["op"]}
    with app.app_context():
        assert service.verify_ledger() == []


def test_gap_inside_a_batch_closes_with_it(phone: Make) -> None:
    wang = phone("wang")
    ops = [wang.set("PAX-01", {"note": str(n)}, {"note": None}) for n in range(3)]
    for before, op in pairwise(ops):
        op["base"] = {"note": before["op"]}
    told = wang.results([ops[2], ops[0], ops[1]])
    assert [one["status"] for one in told] == ["applied"] * 3


@pytest.mark.proves("I1 I12", "F14 F17")
def test_lost_operation_is_an_incident_and_lets_the_queue_go_on(app: Flask, phone: Make) -> None:
    wang = phone("wang")
    wang.set("PAX-01", {"value": "pass"})
    later = wang.set("PAX-02", {"value": {"checked": 1, "failed": 0}})
    assert wang.push([later]).status_code == 409
    lost = {**wang.queue[0], "op": new_id(), "kind": "device.lost", "base": {}}
    lost |= {"entity": f"device:{wang.device}", "fields": {"seq": 1}, "space": "user:1"}
    told = wang.results([lost, later])
    assert [one["status"] for one in told] == ["applied", "applied"]
    with app.app_context():
        event = db.session.scalars(select(AuditEvent).filter_by(action="device.lost")).one()
        assert event.details == {"seq": 1}


@pytest.mark.proves("I1 I2 I9 I12", "F14 F15 F16")
def test_restored_phone_reusing_numbers_loses_nothing_and_is_told_to_rename(
    app: Flask, phone: Make
) -> None:
    wang = phone("wang")
    wang.set("PAX-01", {"value": "pass"})
    wang.set("PAX-02", {"value": {"checked": 3, "failed": 0}})
    wang.results()
    wang.queue.clear()
    other = wang.set("PAX-03", {"value": "恢复后的记录"})
    answer = wang.push().get_json()
    assert answer["fork"] is True and answer["results"][0]["status"] == "applied"
    assert answer["device"]["last_seq"] == 2
    with app.app_context():
        sides = db.session.scalars(
            select(Receipt.side_device).where(Receipt.op == other["op"])
        ).one()
        assert sides and sides.startswith(wang.device)
    renamed = Phone(wang.app, wang.field, "wang")
    told = renamed.results([{**other, "seq": 1}])
    assert told[0]["replay"] is True and told[0]["status"] == "applied"
    assert renamed.pull()["device"]["last_seq"] == 1


@pytest.mark.proves("I9 I16", "F2 F4 F15")
def test_the_word_to_rename_is_said_again_until_the_phone_has_heard_it(
    app: Flask, phone: Make
) -> None:
    wang = phone("wang")
    wang.set("PAX-01", {"value": "pass"})
    wang.results()
    wang.queue.clear()
    wang.set("PAX-03", {"value": "恢复后的记录"})
    assert wang.push().get_json()["fork"] is True  # this answer never arrives
    again = wang.push().get_json()
    assert again["fork"] is True and again["results"][0]["replay"] is True
    renamed = Phone(wang.app, wang.field, "wang")
    assert renamed.push(wang.queue).get_json()["fork"] is False


@pytest.mark.proves("I9 I12", "F15 F16")
def test_a_number_that_waits_belongs_to_nobody_else(app: Flask, phone: Make) -> None:
    wang = phone("wang")
    first = wang.set("PAX-01", {"value": "pass"})
    waiting = wang.set("PAX-03", {"value": "甲"})
    assert wang.push([waiting]).status_code == 409
    wang.queue.clear()
    mine = wang.set("PAX-01", {"value": "fail"})
    other = wang.set("PAX-02", {"value": {"checked": 1, "failed": 0}})
    answer = wang.push([mine, other]).get_json()
    assert answer["fork"] is True
    assert [one["status"] for one in answer["results"]] == ["applied", "applied"]
    assert answer["device"]["last_seq"] == 2  # the one that waited took its place
    told = {one["op"]: one for one in wang.push([waiting]).get_json()["results"]}
    assert told[waiting["op"]]["status"] == "applied" and told[waiting["op"]]["replay"] is True
    numbered = select(Receipt.seq, Receipt.op).where(Receipt.side_device.is_(None))
    with app.app_context():
        found = db.session.execute(numbered.where(Receipt.device == wang.device)).all()
        assert sorted(found) == [(1, mine["op"]), (2, waiting["op"])]
        assert service.verify_ledger() == []
    assert first["op"] != mine["op"]


@pytest.mark.proves("I12", "F29")
def test_other_epoch_decides_nothing(app: Flask, phone: Make) -> None:
    wang = phone("wang")
    wang.set("PAX-01", {"value": "pass"})
    with app.app_context():
        epoch = service.start_epoch()
        before = count(Receipt)
    answer = wang.push()
    assert answer.status_code == 409
    error = answer.get_json()["error"]
    assert (error["code"], error["details"]) == ("sync.epoch_changed", {"epoch": epoch})
    with app.app_context():
        assert count(Receipt) == before
    wang.epoch = epoch
    assert wang.results()[0]["status"] == "applied"


def test_old_app_is_asked_to_upgrade(phone: Make) -> None:
    wang = phone("wang")
    answer = wang.push([], proto=2)
    assert answer.status_code == 426
    assert answer.get_json()["error"]["code"] == "sync.upgrade_required"


def test_device_must_be_the_persons_own(phone: Make) -> None:
    wang, li = phone("wang"), phone("li")
    assert wang.push([], device=li.device).get_json()["error"]["code"] == "device.bound"
    answer = wang.push([], device="no device id")
    assert answer.status_code == 404
    assert answer.get_json()["error"]["code"] == "device.unknown"


def test_new_device_id_is_bound_by_its_first_push_to_whoever_is_signed_in(phone: Make) -> None:
    wang, li = phone("wang"), phone("li")
    assert wang.push([], device="dev_renamed").get_json()["device"]["last_seq"] == 0
    assert li.push([], device="dev_renamed").get_json()["error"]["code"] == "device.bound"
    assert wang.push([], device="dev_renamed").status_code == 200


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"x": 1}, "request.unknown_field"),
        ({"fields": {"value": 0.5}}, "op.fraction"),
        ({"kind": "answer.burn"}, "op.unknown_kind"),
        ({"v": 7}, "op.unknown_kind"),
        ({"fields": {"note": "a\x00"}}, "request.wrong_type"),
        ({"fields": {"note": "\ud800"}}, "request.wrong_type"),
        ({"entity": "answer:tr/NOPE"}, "op.unknown_entity"),
        ({"entity": "answer:xx/PAX-01"}, "op.unknown_entity"),
        ({"entity": "sheet:tr"}, "op.bad_entity"),
        ({"space": "insp:999999"}, "op.unknown_entity"),
        ({"space": "lib:tr-list@1"}, "op.unknown_entity"),
        ({"fields": {"value": "vielleicht"}}, "answer.bad_choice"),
    ],
)
@pytest.mark.proves("I1 I12", "F23")
def test_unreadable_operation_is_kept_answered_and_does_not_wedge_the_queue(
    app: Flask, phone: Make, change: Answer, code: str
) -> None:
    wang = phone("wang")
    bad = wang.set("PAX-01", {"value": "pass"})
    bad |= change
    bad["base"] = dict.fromkeys(bad["fields"])
    good = wang.set("PAX-03", {"value": "照常"})
    told = wang.results([bad, good])
    assert (told[0]["status"], told[0]["error"]["code"]) == ("invalid", code)
    assert told[0]["error"]["message"]
    assert told[1]["status"] == "applied"
    with app.app_context():
        receipt = db.session.get_one(Receipt, bad["op"])
        assert receipt.status == "invalid" and receipt.payload


def test_operation_without_identity_refuses_the_request(phone: Make) -> None:
    wang = phone("wang")
    op = wang.set("PAX-01", {"value": "pass"})
    del op["op"]
    answer = wang.push([op])
    assert answer.status_code == 400
    assert answer.get_json()["error"]["details"]["field"] == "ops[0].op"


Defect = Callable[[pytest.MonkeyPatch, str], None]


def _in_memory(patch: pytest.MonkeyPatch, bad: str) -> None:
    """A defect in the swift way, after the effect was planned."""
    real = State.plan

    def explode(state: State, op: str, *more: Any) -> Any:
        effect = real(state, op, *more)
        if op == bad:
            raise RuntimeError("a defect of ours, after the rows were made")
        return effect

    patch.setattr(State, "plan", explode)


def _under_the_locks(patch: pytest.MonkeyPatch, bad: str) -> None:
    """The same where the run could not be judged ahead."""
    patch.setattr(pushing, "take_ahead", never_ahead)
    _in_memory(patch, bad)


def _in_savepoint(patch: pytest.MonkeyPatch, bad: str) -> None:
    """A defect in the careful way, after the rows were written."""
    real = judging.write_effect

    def explode(space, op, rows, *more):  # type: ignore[no-untyped-def]
        seq = real(space, op, rows, *more)
        if op == bad:
            raise RuntimeError("a defect of ours, after the rows were written")
        return seq

    patch.setattr(pushing, "take_ahead", never_ahead)
    patch.setattr(pushing, "take_run", take_one_by_one)
    patch.setattr(judging, "write_effect", explode)


@pytest.mark.proves("I1 I2 I8 I9 I11 I12 I13 I14", "F26")
@pytest.mark.parametrize("defect", [_in_memory, _under_the_locks, _in_savepoint])
def test_exception_inside_one_operation_holds_it_and_the_batch_goes_on(
    app: Flask, phone: Make, monkeypatch: pytest.MonkeyPatch, defect: Defect
) -> None:
    wang = phone("wang")
    first = wang.set("PAX-01", {"value": "pass"})
    bad = wang.set("PAX-02", {"value": {"checked": 1, "failed": 0}})
    last = wang.set("PAX-03", {"value": "照常"})
    with monkeypatch.context() as patch:
        defect(patch, bad["op"])
        told = wang.results([first, bad, last])
    assert [one["status"] for one in told] == ["applied", "held", "applied"]
    assert told[1]["error"]["code"] == "server.error"
    assert len(told[1]["error"]["details"]["incident"]) == 8
    assert told[2]["space_seq"] == told[0]["space_seq"] + 1
    wang.pull()
    assert f"{wang.field.space} answer:tr/PAX-02" not in wang.rows
    with app.app_context():
        assert service.verify_ledger() == []
    repaired = wang.result(bad)
    assert repaired["status"] == "applied"
    wang.pull()
    assert wang.row("answer:tr/PAX-02")["fields"]["value"] == {"checked": 1, "failed": 0}


def test_person_not_on_the_team_is_forbidden_and_the_work_becomes_a_proposal(
    app: Flask, field: Field, phone: Make
) -> None:
    stranger = phone("stranger")
    op = stranger.set("PAX-01", {"value": "fail"})
    told = stranger.result(op)
    assert told["status"] == "forbidden" and told["proposal"]
    stranger.pull()
    shown = stranger.rows[f"user:{field.people['stranger']} proposal:{told['proposal']}"]
    assert shown["fields"]["payload"] == op and shown["fields"]["current"] == {}
    with app.app_context():
        assert count(Proposal) == 1
        assert service.list_proposals(field.actor("lead"))[0].op == op["op"]


def test_other_department_may_not_touch_the_sheet(phone: Make) -> None:
    zhao = phone("zhao")
    own = zhao.set("mr/MR-01", {"value": "pass"})
    others = zhao.set("tr/PAX-01", {"value": "fail"})
    assert [one["status"] for one in zhao.results()] == ["applied", "forbidden"]
    assert own and others


def test_inspector_may_not_accept_the_own_sheet(phone: Make) -> None:
    wang = phone("wang")
    assert wang.result(wang.make("sheet.accept", "sheet:tr"))["status"] == "forbidden"


@pytest.mark.proves("I1 I4 I17", "F33")
def test_reassigned_officer_keeps_what_was_recorded_offline(
    app: Flask, field: Field, phone: Make
) -> None:
    li = phone("li")
    li.pull()
    op = li.set("PAX-01", {"value": "pass"})
    with app.app_context(), unit_of_work() as work:
        key = (field.inspection_id, field.officers["li"])
        work.get_one(TeamMember, key).removed_at = app.extensions["suicha"].clock()
    told = li.result(op)
    assert told["status"] == "forbidden" and told["proposal"]
    last = li.pull()
    assert last["scope"] == [f"user:{field.people['li']}"]
    body = {"device": li.device, "epoch": li.epoch, "schema": 1, "spaces": {field.space: 3}}
    answer = li.post("/api/v1/sync/pull", body).get_json()
    assert answer["left"] == [{"space": field.space, "why": "reassigned"}]
    assert answer["pages"] == {}


@pytest.mark.proves("I1 I4 I17", "F33")
def test_revoked_phone_still_hands_in_its_work_but_reads_nothing(app: Flask, phone: Make) -> None:
    wang = phone("wang")
    op = wang.set("PAX-01", {"value": "pass"})
    with app.app_context():
        revoke_device(wang.device)
    told = wang.result(op)
    assert told["status"] == "forbidden" and told["proposal"]
    body = {"device": wang.device, "epoch": wang.epoch, "schema": 1, "spaces": {}}
    answer = wang.post("/api/v1/sync/pull", body)
    assert answer.status_code == 403
    assert answer.get_json()["error"]["code"] == "device.revoked"


@pytest.mark.proves("I1 I12 I22", "F22")
def test_contact_is_noted_and_a_wrong_phone_clock_changes_no_outcome(
    app: Flask, phone: Make
) -> None:
    wang = phone("wang")
    op = wang.set("PAX-01", {"value": "pass"})
    op["at"] = "2025-01-28T09:12:33.120+08:00"
    answer = wang.push([op], sent_at="2025-01-28T09:00:00.000+08:00").get_json()
    assert answer["results"][0]["status"] == "applied"
    with app.app_context():
        device = db.session.get_one(Device, wang.device)
        assert device.contact["offset_ms"] == 400 * 86400 * 1000
        assert device.last_seq == 1


def test_operation_for_another_countys_inspection_learns_nothing(
    app: Flask, field: Field, phone: Make
) -> None:
    with app.app_context():
        other = build_field("140523", "_b")
    wang = phone("wang")
    op = wang.set("PAX-01", {"value": "pass"})
    op["space"] = other.space
    told = wang.result(op)
    assert (told["status"], told["error"]["code"]) == ("invalid", "op.unknown_entity")
    stranger = Phone(app, other, "wang_b")
    taken = stranger.set("PAX-01", {"value": "pass"})
    taken["op"] = op["op"]
    assert stranger.result(taken)["error"]["code"] == "op.id_reuse"


def test_group_stands_or_falls_together(phone: Make) -> None:
    wang = phone("wang")
    good = [
        wang.set("PAX-01", {"value": "pass"}, group="g1"),
        wang.set("PAX-03", {"value": "齐全"}, group="g1"),
    ]
    bad = [
        wang.set("PAX-01", {"note": "一"}, group="g2"),
        wang.set("NOPE", {"value": "pass"}, group="g2"),
        wang.set("PAX-03", {"note": "二"}, group="g2"),
    ]
    after = wang.set("PAX-02", {"value": {"checked": 1, "failed": 0}})
    told = wang.results()
    assert [one["status"] for one in told] == [
        "applied", "applied", "invalid", "invalid", "invalid", "applied",
    ]  # fmt: skip
    codes = [one["error"]["code"] for one in told[2:5]]
    assert codes == ["op.group_broken", "op.unknown_entity", "op.group_broken"]
    again = wang.results()
    assert [one["status"] for one in again] == [one["status"] for one in told]
    wang.pull()
    assert "note" not in wang.row("answer:tr/PAX-01")["fields"]
    assert good and bad and wang.row("answer:tr/PAX-02")["heads"]["value"] == after["op"]


@pytest.mark.proves("I1 I12", "F14 F17")
def test_lead_may_give_up_waiting_for_numbers_that_never_come(app: Flask, phone: Make) -> None:
    wang = phone("wang")
    wang.set("PAX-01", {"value": "pass"})
    ops = [
        wang.set("PAX-03", {"value": "甲"}),
        wang.set("PAX-02", {"value": {"checked": 1, "failed": 0}}),
    ]
    assert wang.push(ops).status_code == 409
    with app.app_context():
        assert [receipt.op for receipt in service.list_early(wang.device)] == [o["op"] for o in ops]
        told = service.release_early(wang.device)
        assert [one["status"] for one in told] == ["applied", "applied"]
        assert service.list_early(wang.device) == []
        assert service.verify_ledger() == []
    late = wang.push([wang.queue[0]]).get_json()
    assert late["fork"] is True and late["results"][0]["status"] == "applied"
