"""The same batch many times at once (F4, F9, F27): one effect."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import func, select

from server.accounts.models import Device
from server.db import db
from server.fieldsync.models import LedgerEntry, Receipt
from server.fieldsync.service import verify_ledger
from tests.faults.servers import County, running
from tests.faults.test_killed_push import strip
from tests.integration.fieldsync.day import sign
from tests.integration.fieldsync.phone import Answer, Phone


def check_one_effect(county: County, phone: Phone, ops: list[Answer], told: list[Any]) -> None:
    """One receipt and one ledger line each; every answer the same, one of them the first."""
    ids = [op["op"] for op in ops]
    with county.looking():
        lines = select(func.count()).select_from(LedgerEntry).where(LedgerEntry.op.in_(ids))
        receipts = select(func.count()).select_from(Receipt).where(Receipt.op.in_(ids))
        assert db.session.scalar(lines) == db.session.scalar(receipts) == len(ids)
        assert db.session.get_one(Device, phone.device).last_seq == ops[-1]["seq"]
        assert verify_ledger() == []
    assert [one["replay"] for results in told for one in results].count(False) == len(ids)
    outcomes = {json.dumps([strip(one) for one in results], sort_keys=True) for results in told}
    assert len(outcomes) == 1
    assert {one["status"] for one in told[0]} == {"applied"}


@pytest.mark.timeout(900)
@pytest.mark.proves("I2 I9 I21", "F4 F9 F27")
@pytest.mark.parametrize(
    ("kind", "each"),
    [
        ("postgresql", 3),
        ("sqlite", 2),
        pytest.param("postgresql", 50, marks=pytest.mark.soak),
        pytest.param("sqlite", 50, marks=pytest.mark.soak),
    ],
)
def test_thousand_replays_of_one_batch_at_once_leave_one_effect(
    make_county: Callable[[str], County], kind: str, each: int
) -> None:
    """By 20 threads, ``each`` so many times."""
    county = make_county(kind)
    first = Phone(county.app, county.field, "wang")
    ops = [first.set("PAX-01", {"value": "pass"}), sign(first, "firm", "陈经理")]
    twins = [Phone(county.app, county.field, "wang", first.device) for _ in range(20)]

    def send(phone: Phone) -> list[Any]:
        return [phone.results(ops) for _ in range(each)]

    with ThreadPoolExecutor(20) as pool:
        told = [results for one in pool.map(send, twins) for results in one]
    assert len(told) == 20 * each
    check_one_effect(county, first, ops, told)


@pytest.mark.proves("I2 I9 I21", "F4 F27")
def test_two_server_processes_with_one_sqlite_file_judge_a_batch_once(
    make_county: Callable[[str], County],
) -> None:
    county = make_county("sqlite")
    with running(county) as one, running(county) as other:
        first = one.phone("wang")
        doors = [first, other.phone("wang", first.device), one.phone("wang", first.device)]
        for number in range(4):
            ops = [sign(first, "firm", f"经理{number}-{n}") for n in range(3)]
            with ThreadPoolExecutor(3) as pool:
                told = list(pool.map(lambda phone, sent: phone.results(sent), doors, [ops] * 3))
            check_one_effect(county, first, ops, told)
