"""A run is judged ahead of the locks: what moves between judging and writing counts, and what was
judged on the past is not written."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from server.accounts.service import revoke_device
from server.db import db, scope_to
from server.fieldsync import service
from server.fieldsync.models import LedgerEntry, Proposal, Receipt
from server.fieldsync.receiving import ahead
from server.fieldsync.receiving import push as pushing
from server.thinking import thinking
from tests.integration.builders import Field
from tests.integration.fieldsync.day import lock_sheet
from tests.integration.fieldsync.phone import Phone, new_id
from tests.integration.fieldsync.test_at_once import count, twin

Make = Callable[[str], Phone]


@contextmanager
def meanwhile(act: Callable[[], object]) -> Iterator[None]:
    """Once, after the next run was judged and before it is written, ``act`` happens in a thread
    of its own."""
    judge, left, failed = ahead._judge, [act], list[BaseException]()

    def run(deed: Callable[[], object]) -> None:
        try:
            deed()
        except BaseException as error:
            failed.append(error)

    def judge_then_wait(*asked: Any) -> Any:
        judged = judge(*asked)
        if left:
            other = threading.Thread(target=run, args=[left.pop()])
            with thinking.aside():
                other.start()
                other.join()
        return judged

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ahead, "_judge", judge_then_wait)
        yield
    assert not left, "nothing was judged ahead"
    if failed:
        raise failed[0]


def test_fresh_run_is_judged_ahead_and_never_under_the_locks(
    app: Flask, phone: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_asked: object) -> None:
        raise AssertionError("taken under the locks")

    monkeypatch.setattr(pushing, "take_run", never)
    wang = phone("wang")
    first = wang.set("PAX-01", {"value": "pass"})
    grouped = [wang.set("PAX-03", {name: "一"}, group="g") for name in ("value", "note")]
    bad = wang.set("PAX-02", {"value": "no pair"})
    told = wang.results([first, *grouped, bad])
    assert [one["status"] for one in told] == [*["applied"] * 3, "invalid"]
    with app.app_context():
        assert service.verify_ledger() == []


@pytest.mark.proves("I2 I5 I8 I11 I13", "F28")
def test_answer_of_another_that_came_between_is_seen_and_not_replaced(
    app: Flask, field: Field, phone: Make
) -> None:
    wang, li = phone("wang"), phone("li")
    theirs = li.set("PAX-03", {"value": "乙"})
    mine = wang.set("PAX-03", {"value": "甲"})
    beside = wang.set("PAX-01", {"value": "pass"})
    with meanwhile(lambda: li.results([theirs])):
        told = wang.results([mine, beside])
    assert [one["status"] for one in told] == ["conflict", "applied"]
    wang.pull()
    row = wang.row("answer:tr/PAX-03")
    assert row["fields"]["value"] == "乙"
    assert [one["op"] for one in row["siblings"]] == [mine["op"]]
    with app.app_context():
        assert service.verify_ledger() == []


@pytest.mark.proves("I8", "F28")
def test_value_that_was_equal_when_judged_and_is_not_any_more_is_a_conflict(
    app: Flask, phone: Make
) -> None:
    """Such a run has no effect, so that no number would show that something came between."""
    wang, li = phone("wang"), phone("li")
    first = li.set("PAX-03", {"value": "甲"})
    li.results([first])
    second = li.set("PAX-03", {"value": "乙"}, {"value": first["op"]})
    same = wang.set("PAX-03", {"value": "甲"})
    with meanwhile(lambda: li.results([second])):
        assert wang.result(same)["status"] == "conflict"
    with app.app_context():
        assert service.verify_ledger() == []


@pytest.mark.proves("I2 I3 I4 I13", "F28 F34")
def test_sheet_that_was_entered_between_refuses_and_keeps_a_proposal(
    app: Flask, field: Field, phone: Make
) -> None:
    wang = phone("wang")
    late = wang.set("PAX-03", {"note": "迟到的一笔"})
    with meanwhile(lambda: lock_sheet(phone)):
        told = wang.result(late)
    assert told["status"] == "rejected_locked"
    with app.app_context():
        assert count(Proposal, Proposal.op == late["op"]) == 1
        in_visit = LedgerEntry.op == late["op"], LedgerEntry.space == field.space
        assert count(LedgerEntry, *in_visit) == 0
        assert service.verify_ledger() == []


@pytest.mark.proves("I4 I17", "F33")
def test_phone_that_was_revoked_between_delivers_into_quarantine(
    app: Flask, field: Field, phone: Make
) -> None:
    wang = phone("wang")
    op = wang.set("PAX-01", {"value": "pass"})

    def revoke() -> None:
        with app.app_context():
            scope_to(field.jurisdiction_id)
            revoke_device(wang.device)

    with meanwhile(revoke):
        told = wang.result(op)
    assert told["status"] == "forbidden"
    with app.app_context():
        assert count(Proposal, Proposal.op == op["op"]) == 1
        assert service.verify_ledger() == []


@pytest.mark.proves("I2 I21", "F4 F27")
def test_same_batch_that_came_between_is_answered_once_more(
    app: Flask, field: Field, phone: Make
) -> None:
    wang = phone("wang")
    ops = [wang.set("PAX-01", {"value": "pass"}), wang.set("PAX-03", {"value": "一"})]
    with meanwhile(lambda: twin(wang).results(ops)):
        told = wang.results(ops)
    assert [(one["status"], one["replay"]) for one in told] == [("applied", True)] * 2
    with app.app_context():
        assert count(LedgerEntry, LedgerEntry.op.in_([op["op"] for op in ops])) == 2
        assert service.verify_ledger() == []


@pytest.mark.proves("I1 I12", "F1 F27")
def test_operation_that_came_too_early_in_between_is_judged_when_its_gap_closes(
    app: Flask, field: Field, phone: Make
) -> None:
    wang = phone("wang")
    first, second = wang.set("PAX-01", {"value": "pass"}), wang.set("PAX-03", {"value": "一"})
    with meanwhile(lambda: twin(wang).push([second])):
        assert wang.result(first)["status"] == "applied"
    with app.app_context():
        status = select(Receipt.status).where(Receipt.op == second["op"])
        assert db.session.scalar(status) == "applied"
        assert service.verify_ledger() == []


@pytest.mark.proves("I9", "F16 F27")
def test_number_that_an_early_operation_took_in_between_belongs_to_it(
    app: Flask, field: Field, phone: Make
) -> None:
    """A cloned phone: its second operation waits under number 2, and so ours is a fork."""
    wang = phone("wang")
    first, second = wang.set("PAX-01", {"value": "pass"}), wang.set("PAX-03", {"value": "一"})
    clone = {**second, "op": new_id(), "fields": {"value": "二"}}
    with meanwhile(lambda: twin(wang).push([clone])):
        answer = wang.push([first, second]).get_json()
    assert answer["fork"] is True
    with app.app_context():
        owner = select(Receipt.op).where(
            Receipt.device == wang.device, Receipt.seq == 2, Receipt.side_device.is_(None)
        )
        assert db.session.scalars(owner).all() == [clone["op"]]
        assert service.verify_ledger() == []


@pytest.mark.proves("I9", "F16 F27")
def test_number_that_a_clone_used_in_between_is_not_used_twice(app: Flask, phone: Make) -> None:
    """What the clone sent has no effect: only the phone's own number shows that it was there."""
    wang = phone("wang")
    mine = wang.set("PAX-01", {"value": "pass"})
    clone = wang.set("PAX-02", {"value": "no pair"}) | {"op": new_id(), "seq": 1}
    with meanwhile(lambda: twin(wang).results([clone])):
        answer = wang.push([mine]).get_json()
    assert answer["fork"] is True
    assert answer["results"][0]["status"] == "applied"
    with app.app_context():
        numbered = Receipt.device == wang.device, Receipt.side_device.is_(None), Receipt.seq == 1
        assert db.session.scalars(select(Receipt.op).where(*numbered)).all() == [clone["op"]]
        assert service.verify_ledger() == []
