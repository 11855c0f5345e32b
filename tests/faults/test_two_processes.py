"""Two server processes on one SQLite file (F27): the same batch at once has one effect, different
phones' batches lose nothing, and writers of both processes queue instead of failing."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select

from server.db import db
from server.fieldsync.models import LedgerEntry, Receipt
from server.fieldsync.service import verify_ledger
from tests.faults.servers import County, Running, running
from tests.integration.fieldsync.phone import Answer, Phone

ROUNDS = 6


def at_once(jobs: list[Callable[[], Any]]) -> list[Any]:
    """Starts them together; answers what each answered."""
    gate, found = threading.Barrier(len(jobs)), [None] * len(jobs)

    def run(n: int) -> None:
        gate.wait()
        found[n] = jobs[n]()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(jobs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def edit(phone: Phone, n: int) -> list[Answer]:
    """Two notes on an item that is this phone's alone."""
    item = {"wang": "PAX-01", "li": "PAX-03", "zhao": "mr/MR-01"}[phone.name]
    before = phone.queue[-1]["op"] if phone.queue else None
    one = phone.set(item, {"note": f"{n}一"}, {"note": before})
    return [one, phone.set(item, {"note": f"{n}二"}, {"note": one["op"]})]


@pytest.mark.soak
@pytest.mark.proves("I1 I2 I9 I13", "F4 F27 F31")
def test_two_processes_on_sqlite_take_turns(make_county: Callable[[str], County]) -> None:
    county = make_county("sqlite")
    with running(county) as first, running(county) as second:
        pairs = [_pair(first, second, name) for name in ("wang", "li", "zhao")]
        for n in range(ROUNDS):
            batches = [(one, other, edit(one, n)) for one, other in pairs]
            jobs = [
                lambda phone=phone, ops=ops: phone.push(ops)  # type: ignore[misc]
                for one, other, ops in batches
                for phone in (one, other)
            ]
            answers = at_once(jobs)
            assert [answer.status_code for answer in answers] == [200] * len(jobs)
            for here, there in zip(answers[::2], answers[1::2], strict=True):
                told = [answer.get_json()["results"] for answer in (here, there)]
                assert {one["status"] for results in told for one in results} == {"applied"}
                replays = sorted(results[0]["replay"] for results in told)
                assert replays == [False, True]
    with county.looking():
        ops = [op["op"] for one, _ in pairs for op in one.queue]
        for model in (Receipt, LedgerEntry):
            query = select(func.count()).select_from(model).where(model.op.in_(ops))
            assert db.session.scalar(query) == len(ops) == 3 * 2 * ROUNDS
        assert verify_ledger() == []


def _pair(first: Running, second: Running, name: str) -> tuple[Phone, Phone]:
    """One installation that talks to both processes."""
    phone = first.phone(name)
    return phone, second.phone(name, phone.device)
