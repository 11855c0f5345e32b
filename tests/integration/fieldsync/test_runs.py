"""A run of operations is judged in memory and written at once: one bad operation costs itself."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from server.audit.models import AuditEvent
from server.db import db, unit_of_work
from server.fieldsync import service
from server.fieldsync.models import Entity, LedgerEntry, Receipt
from server.fieldsync.receiving import bulk, writing
from server.fieldsync.receiving.overlay import LedgerLine, State
from sync.canonical import hash_text
from sync.chain import link_of
from sync.messages.push_request import build_offer
from tests.integration.builders import Field
from tests.integration.fieldsync.day import fill, lock_sheet
from tests.integration.fieldsync.phone import Answer, Phone

Make = Callable[[str], Phone]


def count(model: type, *where: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(model).where(*where)) or 0


def chain(ops: list[Answer]) -> None:
    """Gives each operation the link of the one before it (docs/protocol 13.3)."""
    for before, op in pairwise(ops):
        offer = build_offer(before, "op")
        op["prev"] = link_of(offer.prev, offer.seq, offer.op, offer.payload_sha256)


def broken(app: Flask) -> list[int]:
    """The numbers at which a chain broke, as the audit log tells them."""
    with app.app_context():
        query = select(AuditEvent).where(AuditEvent.action == "device.chain_broken")
        return [event.details["seq"] for event in db.session.scalars(query.order_by(AuditEvent.id))]


@pytest.mark.proves("I2 I12 I13", "F26 F31")
def test_run_that_the_database_refuses_in_bulk_is_taken_one_by_one(
    app: Flask, phone: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A row that breaks a rule of the tables would take the whole run with it."""
    wang = phone("wang")
    first = wang.set("PAX-01", {"value": "pass"})
    bad = wang.set("PAX-02", {"value": {"checked": 1, "failed": 0}})
    last = wang.set("PAX-03", {"value": "照常"})
    real = State.plan

    def stray(state: State, op: str, *more: Any) -> Any:
        effect = real(state, op, *more)
        if op == bad["op"]:  # the lock's trigger refuses evidence of no sheet
            effect.columns["answer:tr/PAX-02"]["sheet_id"] = None
        return effect

    monkeypatch.setattr(State, "plan", stray)
    told = wang.results([first, bad, last])
    assert [one["status"] for one in told] == ["applied"] * 3
    assert [one["space_seq"] - told[0]["space_seq"] for one in told] == [0, 1, 2]
    with app.app_context():
        assert service.verify_ledger() == []
        assert count(Receipt, Receipt.op.in_([first["op"], bad["op"], last["op"]])) == 3


@pytest.mark.proves("I3", "F26")
@pytest.mark.parametrize("is_fresh", [True, False])
def test_rows_written_in_bulk_meet_the_triggers_of_the_lock(
    app: Flask, field: Field, phone: Make, is_fresh: bool
) -> None:
    """Whoever writes: the swift way too is refused a row of an entered sheet, new or known."""
    lock_sheet(phone)
    with app.app_context():
        entity = db.session.get_one(Entity, (field.space, "answer:tr/PAX-01"))
        before = entity.fields
        columns = {name: getattr(entity, name) for name in writing.ENTITY[3:]}
        free = columns | {"type": "notice", "sheet_id": None}
        for late in ("answer:tr/PAX-01", "answer:tr/PAX-09"):
            state = State(0, None, 1_000, "0" * 16, ledger=[LedgerLine(1_001, "x", [])])
            state.changed = {"notice:1": free, late: columns | {"fields": {"value": "late"}}}
            state.fresh = set(state.changed) if is_fresh else set()
            with pytest.raises(bulk.BulkRefused, match=r"sheet\.locked"), unit_of_work() as work:
                at = app.extensions["suicha"].clock()
                writing.write_effects(
                    work.connection(), field.space, field.jurisdiction_id, state, at
                )
        assert db.session.get_one(Entity, (field.space, "answer:tr/PAX-01")).fields == before
        assert service.verify_ledger() == []


@pytest.mark.proves("I2 I12", "F26")
def test_group_that_breaks_in_memory_leaves_the_others_effects(app: Flask, phone: Make) -> None:
    wang = phone("wang")
    before = wang.set("PAX-01", {"value": "pass"})
    good = wang.set("PAX-03", {"value": "一"}, group="g")
    bad = wang.set("PAX-02", {"value": "no pair"}, group="g")
    after = wang.set("PAX-03", {"value": "二"})
    told = wang.results([before, good, bad, after])
    assert [one["status"] for one in told] == ["applied", "invalid", "invalid", "applied"]
    assert told[1]["error"]["code"] == "op.group_broken"
    assert told[3]["space_seq"] == told[0]["space_seq"] + 1
    with app.app_context():
        assert service.verify_ledger() == []
        assert count(LedgerEntry, LedgerEntry.op == good["op"]) == 0


@pytest.mark.proves("I1 I12", "F1")
def test_group_that_came_too_early_is_judged_as_a_group_when_its_turn_comes(
    app: Flask, phone: Make
) -> None:
    wang = phone("wang")
    first = wang.set("PAX-01", {"value": "pass"})
    good = wang.set("PAX-03", {"value": "一"}, group="g")
    bad = wang.set("PAX-02", {"value": "no pair"}, group="g")
    whole = [
        wang.set("PAX-01", {"note": "甲"}, group="h"),
        wang.set("PAX-03", {"note": "乙"}, group="h"),
    ]
    assert wang.push([good, bad, *whole]).status_code == 409
    assert wang.result(first)["status"] == "applied"
    told = wang.results([good, bad, *whole])
    assert [one["status"] for one in told] == ["invalid", "invalid", "applied", "applied"]
    assert told[0]["error"]["code"] == "op.group_broken"
    with app.app_context():
        assert service.verify_ledger() == []


def test_chain_that_fits_leaves_no_mark(app: Flask, phone: Make) -> None:
    wang = phone("wang")
    fill(wang)
    chain(wang.queue)
    wang.results(wang.queue[:2])
    assert wang.push(wang.queue[3:]).status_code == 409  # held, later released: chained as ever
    wang.results(wang.queue[2:3])
    wang.results()
    assert broken(app) == []
    with app.app_context():
        stored = db.session.get_one(Receipt, wang.queue[3]["op"])
        assert stored.prev == wang.queue[3]["prev"] and not stored.is_chain_broken
        assert stored.payload_sha256 == hash_text(stored.payload)


@pytest.mark.proves("I1 I12", "F15 F16")
def test_chain_that_does_not_fit_refuses_nothing_and_is_on_record(app: Flask, phone: Make) -> None:
    wang = phone("wang")
    ops = [wang.set("PAX-03", {"note": str(n)}) for n in range(4)]
    for before, op in pairwise(ops):
        op["base"] = {"note": before["op"]}
    chain(ops)
    ops[2]["prev"] = "f" * 64
    told = wang.results()
    assert [one["status"] for one in told] == ["applied"] * 4
    assert broken(app) == [3, 4]  # the fourth names the third as it should have been
    with app.app_context():
        marks = [db.session.get_one(Receipt, op["op"]).is_chain_broken for op in ops]
        assert marks == [False, False, True, True]


def test_nothing_said_about_the_operation_before_is_accepted(app: Flask, phone: Make) -> None:
    wang = phone("wang")
    fill(wang)
    wang.results()
    renamed = Phone(app, wang.field, "wang", "dev_wang_renamed")
    again = [{**op, "seq": n} for n, op in enumerate(wang.queue, 1)]
    chain(again[1:])  # its second names nothing, as after another rename
    assert {one["replay"] for one in renamed.results(again)} == {True}
    assert broken(app) == []


def test_fraction_in_mono_ms_is_kept_beside_the_payload(app: Flask, phone: Make) -> None:
    wang = phone("wang")
    op = wang.set("PAX-01", {"value": "pass"}, mono_ms=511020.4)
    wang.result(op)
    assert wang.result({**op, "mono_ms": 7})["replay"] is True
    with app.app_context():
        stored = db.session.get_one(Receipt, op["op"])
        assert stored.mono_ms == 511020.4 and "mono_ms" not in stored.payload
        with pytest.raises(IntegrityError), unit_of_work() as work:
            work.execute(text("UPDATE receipts SET mono_ms = 1"))
