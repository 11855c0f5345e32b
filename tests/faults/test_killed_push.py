"""kill -9 of the server between any two statements of a push (F25), real processes: the phone
sends the same bytes again, and there is one of everything."""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import func, select

from server.accounts.models import Device
from server.db import db
from server.fieldsync.models import LedgerEntry, Proposal, Receipt
from server.fieldsync.service import verify_ledger
from tests.faults.servers import County, Running, running
from tests.integration.fieldsync.day import attach, make_jpeg, sign
from tests.integration.fieldsync.phone import Answer, Phone

# a forbidden one shows its proposal in its author's own space
EFFECT = {"applied": 1, "merged": 0, "forbidden": 1, "conflict": 1}

STATUSES = ["applied", "conflict", "merged", "applied", "applied", "forbidden"]


@contextmanager
def mortal(county: County) -> Iterator[Running]:
    """The server that dies where it is told to, warmed up by one push of each kind."""
    with running(county, ("tests.faults.server_process",)) as server:
        phone = server.phone("wang")
        assert phone.push(batch(phone, 0)).status_code == 200
        phone.client.get("/warmed-up")
        yield server


def batch(phone: Phone, n: int) -> list[Answer]:
    """Six operations: applied, kept as a sibling, merged, evidence, and one that is forbidden."""
    text = f"第{n}次"
    before = phone.rows.get("head")
    made = [
        phone.set("PAX-03", {"value": text}, {"value": before["op"] if before else None}),
        phone.set("PAX-03", {"value": f"{text}？"}, {"value": None}),
        phone.set("PAX-03", {"value": text}, {"value": None}),
        attach(phone, "PAX-01", make_jpeg(40 + n, 30)),
        sign(phone, "firm", f"陈经理{n}"),
        phone.set("mr/MR-01", {"value": "pass"}),
    ]
    phone.rows["head"] = made[0]
    return made


def push_dying(phone: Phone, ops: list[Answer], place: int) -> Answer | None:
    """None when the server died before it answered."""
    try:
        answer = phone.client.request(  # type: ignore[attr-defined]
            "POST",
            "/api/v1/sync/push",
            json.dumps(phone.envelope(ops)).encode(),
            {
                "Content-Type": "application/json",
                "X-CSRF-Token": phone.csrf,
                "X-Die-At": str(place),
            },
        )
    except (OSError, http.client.HTTPException):
        return None
    assert answer.status_code == 200, answer.data
    return dict(answer.get_json())


def check(county: County, phone: Phone, ops: list[Answer], *, is_whole: bool) -> None:
    """What must hold at every moment, and once the batch was answered."""
    ids = [op["op"] for op in ops]
    with county.looking():
        assert is_whole or verify_ledger() == []
        rows = db.session.execute(select(Receipt.op, Receipt.seq, Receipt.status))
        found = {row.op: row for row in rows if row.op in ids}
        effects = dict(
            db.session.execute(
                select(LedgerEntry.op, func.count())
                .where(LedgerEntry.op.in_(ids))
                .group_by(LedgerEntry.op)
            ).all()
        )
        kept = db.session.scalars(select(Proposal.op).where(Proposal.op.in_(ids))).all()
        last = db.session.get_one(Device, phone.device).last_seq
    assert effects == {op: 1 for op, row in found.items() if EFFECT[row.status]}
    assert sorted(kept) == sorted(op for op, row in found.items() if row.status == "forbidden")
    # what was judged took its place, in the same commit, and nothing else did
    before = ops[0]["seq"] - 1
    assert last == max([before, *(row.seq for row in found.values())])
    assert not is_whole or set(found) == set(ids)


@pytest.mark.timeout(900)
@pytest.mark.proves("I1 I2 I4 I11 I13 I15 I21", "F2 F4 F25")
@pytest.mark.proves("I8 I9", "F25")
@pytest.mark.parametrize(
    ("kind", "step"),
    [
        ("sqlite", 23),
        ("postgresql", 53),
        pytest.param("sqlite", 1, marks=pytest.mark.soak),
        pytest.param("postgresql", 1, marks=pytest.mark.soak),
    ],
)
def test_push_killed_between_any_two_statements_has_one_effect_when_repeated(
    make_county: Callable[[str], County], kind: str, step: int
) -> None:
    county = make_county(kind)
    with mortal(county) as server:
        phone = server.phone("li")
        phone.rows["head"] = {"op": _head(county)}
        place, told = 1 - step, None  # the first place is the first statement
        while told is None:  # until the server outlives the request: no place is left
            place += step
            ops = batch(phone, place)
            told = push_dying(phone, ops, place)
            check(county, phone, ops, is_whole=False)
            first = phone.results(ops)
            check(county, phone, ops, is_whole=True)
            assert [one["status"] for one in first] == STATUSES
            if place % 10 == 1:
                again = phone.results(ops)
                assert [strip(one) for one in again] == [strip(one) for one in first]
                assert all(one["replay"] for one in again)
        assert [strip(one) for one in told["results"]] == [strip(one) for one in first]
        assert place > 20, "the places to die were not found"


def strip(result: dict[str, Any]) -> dict[str, Any]:
    """Without what says that it was told before."""
    return {k: v for k, v in result.items() if k != "replay"}


def _head(county: County) -> str:
    with county.looking():
        from server.fieldsync.models import Entity

        row = db.session.scalars(select(Entity).where(Entity.id == "answer:tr/PAX-03")).one()
        return str(row.heads["value"])
