"""What happened at the office while a phone was away, or in the database while it asked: the work
arrives, is answered once and for all, and everybody ends with the same rows."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, func, select, text
from sqlalchemy.exc import IntegrityError, OperationalError

from server.accounts.service import revoke_device
from server.db import db, scope_to, unit_of_work
from server.fieldsync import service
from server.fieldsync.models import LedgerEntry, Proposal, Receipt
from server.fieldsync.service import RowWrite, write_rows
from server.fieldsync.spaces import lock_space
from server.inspections.models import Sheet, TeamMember
from tests.integration.builders import AT, Field
from tests.integration.fieldsync.day import lock_sheet
from tests.integration.fieldsync.phone import Answer, Phone

Make = Callable[[str], Phone]


def unassign(app: Flask, field: Field, wang: Phone, _li: Phone) -> None:
    with app.app_context(), unit_of_work() as work:
        key = (field.inspection_id, field.officers["wang"])
        work.get_one(TeamMember, key).removed_at = app.extensions["suicha"].clock()


def revoke(app: Flask, field: Field, wang: Phone, _li: Phone) -> None:
    with app.app_context():
        revoke_device(wang.device)


def lock(app: Flask, field: Field, wang: Phone, li: Phone) -> None:
    """Another officer has the sheet entered; this phone only watches."""
    lock_sheet(lambda name: Phone(app, field, {"wang": "li"}.get(name, name)))


def choose(app: Flask, field: Field, wang: Phone, li: Phone) -> None:
    """Another value replaces it, by who had seen it."""
    li.pull()
    head = li.row("answer:tr/PAX-01")["heads"]["value"]
    assert li.result(li.set("PAX-01", {"value": "fail"}, {"value": head}))["status"] == "applied"


def shorten(app: Flask, field: Field, wang: Phone, li: Phone) -> None:
    """The checklist under the open sheet loses two of its items."""
    li.pull()
    lists = [{"list": "tr-list@1", "items": ["PAX-02"]}]
    fields = {**li.row("sheet:tr")["fields"], "lists": lists}
    with app.app_context(), unit_of_work() as work:
        scope_to(field.jurisdiction_id)
        work.get_one(Sheet, field.sheet_ids["tr"]).lists = lists
        write_rows(
            jurisdiction_id=field.jurisdiction_id, space=field.space, kind="sheet.relist",
            person_id=field.people["office"], at=AT, rows=[RowWrite("sheet", "sheet:tr", fields)],
        )  # fmt: skip


def counts() -> tuple[int, ...]:
    tables = (LedgerEntry, Receipt, Proposal)
    return tuple(db.session.scalar(select(func.count()).select_from(one)) or 0 for one in tables)


@pytest.mark.proves("I2 I21", "F33 F34 F36 F37")
@pytest.mark.proves("I11", "F33")
@pytest.mark.parametrize("happens", [unassign, revoke, lock, choose, shorten])
def test_known_operation_has_its_old_answer_whatever_happened_since(
    app: Flask, field: Field, phone: Make, happens: Callable[..., None]
) -> None:
    """Its answer was lost; meanwhile it would be judged otherwise."""
    wang, li = phone("wang"), phone("li")
    op = wang.set("PAX-01", {"value": "pass"})
    first = wang.result(op)
    assert first["status"] == "applied"
    happens(app, field, wang, li)
    with app.app_context():
        before = counts()
    assert wang.result(op) == {**first, "replay": True}
    with app.app_context():
        assert counts() == before
        assert service.verify_ledger() == []


@pytest.mark.proves("I1 I5 I11 I12", "F37")
def test_work_on_an_item_that_left_the_checklist_is_kept_and_the_rest_goes_on(
    app: Flask, field: Field, phone: Make
) -> None:
    wang, li = phone("wang"), phone("li")
    for one in (wang, li):
        one.pull()
    early = wang.set("PAX-03", {"value": "台账齐全"})
    assert wang.result(early)["status"] == "applied"
    late = wang.set("PAX-01", {"value": "pass"})
    still = wang.set("PAX-02", {"value": {"checked": 3, "failed": 0}})
    shorten(app, field, wang, li)
    told = wang.results([late, still])
    assert [one["status"] for one in told] == ["invalid", "applied"]
    assert told[0]["error"]["code"] == "op.unknown_entity"
    with app.app_context():
        kept = db.session.get_one(Receipt, late["op"])
        assert kept.status == "invalid" and "PAX-01" in kept.payload
        assert service.verify_ledger() == []
    assert_equal_rows(field, wang, li)
    assert wang.row("answer:tr/PAX-03")["fields"]["value"] == "台账齐全"


@pytest.mark.proves("I3 I11", "F37")
def test_entered_sheet_stays_what_it_was_when_its_checklist_changes(
    app: Flask, field: Field, phone: Make
) -> None:
    wang, _lead = lock_sheet(phone)
    li = phone("li")
    wang.pull()
    before = {key: row for key, row in wang.rows.items() if "answer:tr/" in key}
    late = li.set("PAX-01", {"value": "fail"})
    with pytest.raises((IntegrityError, OperationalError)):
        shorten(app, field, wang, li)
    assert li.result(late)["status"] == "rejected_locked"
    wang.pull()
    assert {key: row for key, row in wang.rows.items() if "answer:tr/" in key} == before
    with app.app_context():
        assert service.verify_ledger() == []


@pytest.mark.proves("I1 I5 I11 I12", "F36")
def test_choice_of_another_while_this_phone_went_on_editing_loses_nothing(
    app: Flask, field: Field, phone: Make
) -> None:
    wang, li = phone("wang"), phone("li")
    first = wang.set("PAX-01", {"value": "pass"})
    wang.result(first)
    lost = li.set("PAX-01", {"value": "fail"})
    assert li.result(lost)["status"] == "conflict"
    wang.pull()
    offline = wang.set("PAX-01", {"value": "na"}, {"value": first["op"]})
    after = wang.set("PAX-03", {"value": "另一项"})
    li.pull()
    chosen = li.set("PAX-01", {"value": "fail"}, {"value": first["op"]}, resolves=[lost["op"]])
    assert li.result(chosen)["status"] == "applied"
    assert [one["status"] for one in wang.results([offline, after])] == ["conflict", "applied"]
    assert_equal_rows(field, wang, li)
    row = wang.row("answer:tr/PAX-01")
    assert row["fields"]["value"] == "fail"
    assert [one["fields"] for one in row["siblings"]] == [{"value": "na"}]
    with app.app_context():
        assert service.verify_ledger() == []


@pytest.mark.proves("I1 I2 I3 I4 I5 I6 I8 I9 I11 I12 I14 I21", "F31")
def test_database_that_stays_busy_decides_nothing_and_the_next_try_everything_once(
    app: Flask, field: Field, phone: Make
) -> None:
    """SQLite answers SQLITE_BUSY; on PostgreSQL the waiting connection is ended."""
    wang, _lead = lock_sheet(phone)
    zhao, qian, reader = phone("zhao"), phone("qian"), phone("li")
    zhao.result(zhao.set("mr/MR-01", {"value": "pass"}))
    for one in (wang, zhao, qian, reader):
        one.pull()
    late = [wang.set("PAX-01", {"value": "fail"})]
    work = [zhao.set("mr/MR-01", {"note": "一"}), zhao.make("sheet.accept", "sheet:mr")]
    unseen = [qian.set("mr/MR-01", {"value": "fail"})]
    with app.app_context():
        before = counts()
    for who, ops in ((wang, late), (zhao, work), (qian, unseen)):
        with busy(app, field):
            answer = who.push(ops)
        assert answer.status_code == 503, answer.get_json()
        assert answer.headers["Retry-After"]
    with app.app_context():
        assert counts() == before
    first = [who.results(ops) for who, ops in ((wang, late), (zhao, work), (qian, unseen))]
    found = [one["status"] for told in first for one in told]
    assert found == ["rejected_locked", "applied", "forbidden", "conflict"]
    again = [who.results(ops) for who, ops in ((wang, late), (zhao, work), (qian, unseen))]
    assert again == [[{**one, "replay": True} for one in told] for told in first]
    assert zhao.pull()["device"]["last_seq"] == 3
    with app.app_context():
        proposals = db.session.scalars(select(Proposal.op)).all()
        assert sorted(proposals) == sorted([late[0]["op"], work[1]["op"]])
        assert service.verify_ledger() == []
    assert_equal_rows(field, wang, zhao, qian, reader)


@contextmanager
def busy(app: Flask, field: Field) -> Iterator[None]:
    """Somebody else holds what a push must write, for longer than anybody waits."""
    with app.app_context():
        url = db.engine.url
        db.engine.dispose()
        holding = hold_file(app) if url.drivername == "sqlite" else hold_space(app, field)
    with holding:
        yield
    with app.app_context():
        db.engine.dispose()


@contextmanager
def hold_file(app: Flask) -> Iterator[None]:
    """Another process writes; ours, told to wait 50 ms, is answered SQLITE_BUSY."""
    with app.app_context():
        engine = db.engine
    event.listen(engine, "connect", impatient)
    other = sqlite3.connect(str(engine.url.database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.close()
        event.remove(engine, "connect", impatient)


def impatient(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA busy_timeout=50")


@contextmanager
def hold_space(app: Flask, field: Field) -> Iterator[None]:
    """Another transaction has the space; whoever waits for it is cut off by an administrator."""
    is_over, is_held = threading.Event(), threading.Event()

    def hold() -> None:
        with app.app_context(), unit_of_work():
            lock_space(field.space)
            is_held.set()
            while not is_over.wait(0.02):
                with db.engine.connect() as other:
                    other.execute(text(END_WAITING))

    thread = threading.Thread(target=hold)
    thread.start()
    is_held.wait(30)
    try:
        yield
    finally:
        is_over.set()
        thread.join()


END_WAITING = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE wait_event_type = 'Lock' AND datname = current_database()
"""


def assert_equal_rows(field: Field, *phones: Phone) -> None:
    """At rest every phone has the same rows, and those of a department show the same."""
    shown: dict[str, Answer] = {}
    numbers = []
    for one in phones:
        one.pull()
        rows = {key: row for key, row in one.rows.items() if key.startswith(f"{field.space} ")}
        numbers.append({key: row["seq"] for key, row in rows.items()})
        told = {key: {**row, "fields": without_may(row)} for key, row in rows.items()}
        may = one.row(f"inspection:{field.inspection_id}")["fields"]["may"]
        assert told == shown.setdefault(str(may), told)
    assert all(one == numbers[0] for one in numbers)


def without_may(row: Answer) -> Answer:
    return {name: value for name, value in row["fields"].items() if name not in ("may", "door")}
