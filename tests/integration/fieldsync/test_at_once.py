"""Two requests at once: one effect, one proposal, one number each (F27, F33, F34)."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from server.db import db
from server.fieldsync import service
from server.fieldsync.models import LedgerEntry, Proposal, Receipt, Space
from server.results.models import SheetCosigner, SheetVersion
from sync.cursor import Mark, digest_space
from tests.integration.builders import Field
from tests.integration.fieldsync.day import attach, enter, fill, lock_sheet, make_jpeg, submit
from tests.integration.fieldsync.phone import Answer, Phone
from tests.integration.fieldsync.test_files import create, patch

Make = Callable[[str], Phone]


def at_once(*jobs: Callable[[], Any]) -> list[Any]:
    """Runs the jobs in threads that start together; answers their results or raises."""
    gate = threading.Barrier(len(jobs))
    found: list[Any] = [None] * len(jobs)

    def run(n: int) -> None:
        gate.wait()
        try:
            found[n] = jobs[n]()
        except BaseException as error:
            found[n] = error

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(jobs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for one in found:
        if isinstance(one, BaseException):
            raise one
    return found


def twin(phone: Phone) -> Phone:
    """The same installation in another connection: a retry while the first request still runs."""
    return Phone(phone.app, phone.field, phone.name, phone.device)


def count(model: type, *where: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(model).where(*where)) or 0


@pytest.mark.proves("I1 I2 I11 I12 I21", "F4 F27")
@pytest.mark.proves("I5", "F27")
def test_same_batch_twice_at_once_takes_effect_once(app: Flask, field: Field, phone: Make) -> None:
    wang = phone("wang")
    other = twin(wang)
    fill(wang)
    first, second = at_once(lambda: wang.results(), lambda: other.results(list(wang.queue)))
    for one, two in zip(first, second, strict=True):
        assert {one["replay"], two["replay"]} == {True, False}
        assert {**one, "replay": None} == {**two, "replay": None}
    with app.app_context():
        ops = [op["op"] for op in wang.queue]
        assert count(LedgerEntry, LedgerEntry.op.in_(ops)) == len(ops)
        assert count(Receipt, Receipt.op.in_(ops)) == len(ops)
        assert service.verify_ledger() == []
        kept = select(Space.digest).where(Space.name == field.space)
        digest = db.session.scalar(kept)
    for reader in (wang, other):
        reader.pull()
        own = [row for key, row in reader.rows.items() if key.startswith(f"{field.space} ")]
        assert digest_space(Mark(row["t"], row["id"], row["seq"]) for row in own) == digest


@pytest.mark.proves("I8", "F28")
def test_two_phones_at_once_lose_nothing(app: Flask, field: Field, phone: Make) -> None:
    wang, li = phone("wang"), phone("li")
    one, two = wang.set("PAX-01", {"value": "pass"}), li.set("PAX-01", {"value": "fail"})
    told = at_once(lambda: wang.result(one), lambda: li.result(two))
    assert sorted(answer["status"] for answer in told) == ["applied", "conflict"]
    wang.pull()
    row = wang.row("answer:tr/PAX-01")
    kept = {row["fields"]["value"], *(s["fields"]["value"] for s in row["siblings"])}
    assert kept == {"pass", "fail"}


@pytest.mark.proves("I2 I3", "F34")
def test_two_officers_entering_at_once_lock_once_and_cosign(
    app: Flask, field: Field, phone: Make
) -> None:
    wang, li, lead = phone("wang"), phone("li"), phone("lead")
    fill(wang)
    submit(wang)
    wang.results()
    lead.result(lead.make("sheet.accept", "sheet:tr"))
    wang.pull()
    li.pull()
    one, two = enter(wang), enter(li)
    told = at_once(lambda: wang.result(one), lambda: li.result(two))
    assert sorted(answer["status"] for answer in told) == ["applied", "merged"]
    with app.app_context():
        assert count(SheetVersion) == 1 and count(SheetCosigner) == 1


@pytest.mark.proves("I2 I4 I11", "F4 F27 F34")
def test_late_edits_at_once_make_exactly_readerproposal_each(
    app: Flask, field: Field, phone: Make
) -> None:
    wang, li = phone("wang"), phone("li")
    ops: list[Answer] = [li.set("PAX-01", {"value": "fail"}), li.set("PAX-03", {"value": "迟到"})]
    other = twin(li)
    lock_sheet(phone)
    late = wang.set("PAX-01", {"value": "na"})
    at_once(lambda: li.results(ops), lambda: other.results(ops), lambda: wang.result(late))
    with app.app_context():
        kept = db.session.scalars(select(Proposal.op).order_by(Proposal.op)).all()
        assert sorted(kept) == sorted([ops[0]["op"], ops[1]["op"], late["op"]])
        assert service.verify_ledger() == []


def test_attach_and_arrival_of_its_bytes_at_once_end_as_stored(
    app: Flask, field: Field, phone: Make
) -> None:
    """The bytes are stored by one officer while another declares the same photo."""
    wang, li = phone("wang"), phone("li")
    data = make_jpeg()
    first = attach(wang, "PAX-01", data)
    wang.result(first)
    url = create(wang, first, len(data)).headers["Location"]
    second = attach(li, "PAX-03", data)
    at_once(lambda: patch(wang, url, 0, data), lambda: li.result(second))
    li.pull()
    row = li.row(f"photo:{first['photo']['sha256']}")["fields"]
    assert row["stored"] is True and len(row["attached"]) == 2
