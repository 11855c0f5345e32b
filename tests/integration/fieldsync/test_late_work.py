"""Work that comes after the lock, or against a value its author had not seen, under faults of the
road and of the server: it changes nothing, is kept once, and tells others once."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from server.db import db, unit_of_work
from server.fieldsync import proposals, service
from server.fieldsync.models import Proposal, Receipt
from server.fieldsync.receiving import judge as judging
from server.fieldsync.spaces import lock_space
from server.notifications.models import SideEffect
from tests.integration.builders import Field
from tests.integration.fieldsync.day import lock_sheet
from tests.integration.fieldsync.phone import Answer, Phone, new_id

Make = Callable[[str], Phone]
Send = Callable[[Phone, list[Answer]], list[Answer]]
STATUSES = ["rejected_locked", "rejected_locked", "forbidden", "conflict"]


def twice(phone: Phone, ops: list[Answer]) -> list[Answer]:
    """A proxy repeats the request; the phone hears the second answer."""
    first = phone.results(ops)
    second = phone.results(ops)
    assert second == [{**one, "replay": True} for one in first]
    return first


def after_its_copy(phone: Phone, ops: list[Answer]) -> list[Answer]:
    """A copy of the phone, or the phone before it was restored, has used these numbers."""
    copy = Phone(phone.app, phone.field, phone.name, phone.device)
    copy.push([{**op, "op": new_id(), "fields": {"note": "副本"}, "base": {}} for op in ops])
    answer = phone.push(ops).get_json()
    assert answer["fork"] is True
    found: list[Answer] = answer["results"]
    return found


def by_an_older_app(phone: Phone, ops: list[Answer]) -> list[Answer]:
    """Its queue has neither chain nor page session, and it says no heartbeat."""
    answer = phone.push(ops, app="0.9.0")
    assert answer.status_code == 200, answer.get_json()
    found: list[Answer] = answer.get_json()["results"]
    return found


def beside_a_slow_one(phone: Phone, ops: list[Answer]) -> list[Answer]:
    """Another transaction holds the space when the push comes; the push waits for it."""
    told: list[list[Answer]] = []
    push = threading.Thread(target=lambda: told.append(phone.results(ops)))
    with phone.app.app_context(), unit_of_work():
        lock_space(phone.field.space)
        push.start()
        push.join(0.2)
        assert told == []
    push.join()
    return told[0]


@pytest.mark.parametrize(
    "send",
    [
        pytest.param(twice, marks=pytest.mark.proves("I3 I4 I8 I28", "F4 F9")),
        pytest.param(
            after_its_copy,
            marks=[
                pytest.mark.proves("I3 I4 I11 I28", "F15 F16"),
                pytest.mark.proves("I8", "F14 F15 F16"),
            ],
        ),
        pytest.param(by_an_older_app, marks=pytest.mark.proves("I3 I4 I8 I11 I21", "F23")),
        pytest.param(beside_a_slow_one, marks=pytest.mark.proves("I2 I3 I4 I8 I21 I28", "F28")),
    ],
)
def test_late_work_changes_nothing_and_is_kept_once(
    app: Flask, field: Field, phone: Make, send: Send
) -> None:
    late, ops, unseen, before = begin(phone)
    told = [*send(late, ops), *send(unseen, unseen.queue[-1:])]
    assert [one["status"] for one in told] == STATUSES
    assert_kept_once(app, late, unseen, [*ops, *unseen.queue[-1:]], before)
    again = [*late.results(ops), *unseen.results(unseen.queue[-1:])]
    assert [{**one, "replay": None} for one in again] == [{**one, "replay": None} for one in told]
    assert {one["replay"] for one in again} == {True}


@pytest.mark.proves("I3 I4", "F26")
def test_defect_while_a_refusal_is_written_leaves_no_half_of_it(
    app: Flask, field: Field, phone: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    late, ops, unseen, before = begin(phone)
    with monkeypatch.context() as patch:
        break_proposals(patch, ops[0]["op"])
        told = late.results(ops)
    assert [one["status"] for one in told] == ["held", *STATUSES[1:3]]
    with app.app_context():
        assert ops[0]["op"] not in db.session.scalars(select(Proposal.op)).all()
    assert late.result(ops[0])["status"] == "rejected_locked"
    unseen.results(unseen.queue[-1:])
    assert_kept_once(app, late, unseen, [*ops, *unseen.queue[-1:]], before)


@pytest.mark.proves("I3", "F36")
def test_lead_who_settles_after_the_lock_what_was_open_on_a_phone_changes_no_entered_value(
    app: Flask, phone: Make
) -> None:
    late, _ops, _unseen, before = begin(phone)
    lead = phone("lead")
    head = late.row("answer:tr/PAX-01")["heads"]["value"]
    choice = lead.set("PAX-01", {"value": "fail"}, {"value": head}, resolves=[new_id()])
    assert lead.result(choice)["status"] != "applied"
    assert shown(late) == before


def begin(phone: Make) -> tuple[Phone, list[Answer], Phone, dict[str, Any]]:
    """A phone with late work, its work, one with an edit over an unseen value, the locked rows."""
    lock_sheet(phone)
    late, unseen, zhao = phone("li"), phone("qian"), phone("zhao")
    zhao.result(zhao.set("mr/MR-01", {"value": "pass"}))
    before = shown(late)
    ops = [
        late.set("PAX-01", {"value": "fail"}),
        late.set("PAX-03", {"value": "迟到"}),
        late.set("mr/MR-01", {"value": "fail"}),
    ]
    unseen.set("mr/MR-01", {"value": "fail"})
    return late, ops, unseen, before


def shown(phone: Phone) -> dict[str, Any]:
    """The entered answers as the phone pulls them."""
    phone.pull()
    return {key: row for key, row in phone.rows.items() if "answer:tr/" in key}


def assert_kept_once(
    app: Flask, late: Phone, of_mr: Phone, ops: list[Answer], before: dict[str, Any]
) -> None:
    assert shown(late) == before
    of_mr.pull()  # what stands on its sheet is told to its own department
    row = of_mr.row("answer:mr/MR-01")
    assert row["fields"]["value"] == "pass"
    assert [one["fields"] for one in row["siblings"] if "value" in one["fields"]] == [
        {"value": "fail"}
    ]
    ids = [op["op"] for op in ops]
    with app.app_context():
        kept = db.session.scalars(select(Proposal).where(Proposal.op.in_(ids))).all()
        assert sorted(one.op for one in kept) == sorted(ids[:3])
        by_op = {op["op"]: op for op in ops}
        assert all(one.payload["fields"] == by_op[one.op]["fields"] for one in kept)
        receipts = select(func.count()).select_from(Receipt).where(Receipt.op.in_(ids))
        assert db.session.scalar(receipts) == len(ids)
        told = db.session.scalars(select(SideEffect).where(SideEffect.op.in_(ids))).all()
        assert told
        assert set(Counter((one.op, one.kind, one.person_id) for one in told).values()) == {1}
        assert service.verify_ledger() == []


def break_proposals(patch: pytest.MonkeyPatch, bad: str) -> None:
    """A defect of ours after the proposal of one operation was written."""
    real = proposals.make_proposal

    def explode(*args: Any, **more: Any) -> Any:
        made = real(*args, **more)
        if bad in {getattr(one, "op", None) for one in (made, *args, *more.values())}:
            raise RuntimeError("a defect of ours")
        return made

    patch.setattr(judging, "make_proposal", explode)
