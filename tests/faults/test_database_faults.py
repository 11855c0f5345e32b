"""The database says no in the middle of a push (F31, F32): locked by another process, a deadlock, a
connection that is gone, tables that change. The phone is told to come back, and nothing is lost."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, LiteralString

import psycopg
import pytest
from sqlalchemy import event, func, select

from server.db import db
from server.fieldsync.models import Receipt
from server.fieldsync.service import verify_ledger
from tests.faults.servers import County
from tests.integration.fieldsync.day import fill, sign, submit
from tests.integration.fieldsync.phone import Answer, Phone
from tests.statements import before_each


def check_come_back(answer: Any) -> None:
    """503 in our shape, with a time to wait: the phone keeps all."""
    assert answer.status_code == 503, answer.get_json()
    assert answer.get_json()["error"]["code"] == "server.busy"
    assert int(answer.headers["Retry-After"]) > 0


def check_nothing_judged(county: County, ops: list[Answer]) -> None:
    with county.looking():
        found = select(func.count()).where(Receipt.op.in_([op["op"] for op in ops]))
        assert db.session.scalar(found) == 0


def check_taken_now(county: County, phone: Phone, ops: list[Answer]) -> None:
    assert [(one["status"], one["replay"]) for one in phone.results(ops)] == [
        ("applied", False)
    ] * len(ops)
    with county.looking():
        assert verify_ledger() == []


@pytest.mark.proves("I2 I12 I15", "F10 F31")
def test_sqlite_locked_by_another_process_is_503_and_the_push_is_taken_later(
    make_county: Callable[[str], County],
) -> None:
    county = make_county("sqlite")
    phone = Phone(county.app, county.field, "wang")
    ops = [sign(phone, "firm", "陈经理")]
    with county.app.app_context():
        # the same refusal as after 15 s, sooner
        event.listen(
            db.engine, "checkout", lambda line, *_: line.execute("PRAGMA busy_timeout=50").close()
        )
    foreign = sqlite3.connect(county.database_url.removeprefix("sqlite:///"), isolation_level=None)
    foreign.execute("BEGIN IMMEDIATE")
    for _ in range(2):
        check_come_back(phone.push(ops))
    check_nothing_judged(county, ops)
    foreign.execute("ROLLBACK")
    foreign.close()
    check_taken_now(county, phone, ops)


def _sign_one(phone: Phone) -> list[Answer]:
    """Written before it is compared: it refers to its author and holds no phone yet."""
    return [sign(phone, "firm", "陈经理")]


def _submit_all(phone: Phone) -> list[Answer]:
    """Taken under the locks of phone and visit."""
    fill(phone)
    phone.results()
    return [submit(phone)]


@pytest.mark.proves("I2 I12", "F10 F31")
@pytest.mark.parametrize(
    ("make_ops", "crossing"),
    [
        (_sign_one, "SELECT 1 FROM people WHERE account = 'wang' FOR UPDATE"),
        (_submit_all, "UPDATE devices SET name = name"),
    ],
)
def test_push_that_loses_a_deadlock_is_503_and_is_taken_later(
    make_county: Callable[[str], County],
    make_ops: Callable[[Phone], list[Answer]],
    crossing: LiteralString,
) -> None:
    county = make_county("postgresql")
    phone = Phone(county.app, county.field, "wang")
    phone.results([sign(phone, "firm", "先来的")])
    ops = make_ops(phone)
    with foreign_connection(county) as foreign, threads() as run:
        foreign.execute("SET deadlock_timeout = '1min'")  # the push notices first, and gives way
        foreign.execute("SELECT 1 FROM spaces WHERE name = %s FOR UPDATE", [county.field.space])
        answers: list[Any] = []
        push = run(lambda: answers.append(phone.push(ops)))
        wait_for_blocked(county)
        foreign.execute(crossing)
        push.join()
        check_come_back(answers[0])
        foreign.rollback()
    check_nothing_judged(county, ops)
    check_taken_now(county, phone, ops)


@pytest.mark.proves("I2 I12 I13 I15", "F10 F31")
@pytest.mark.parametrize(
    "step", [9, pytest.param(1, marks=[pytest.mark.soak, pytest.mark.timeout(1800)])]
)
def test_connection_ended_between_any_two_statements_of_a_push_is_503_and_loses_nothing(
    make_county: Callable[[str], County], step: int
) -> None:
    county = make_county("postgresql")
    phone = Phone(county.app, county.field, "wang")
    with county.app.app_context():
        engine = db.engine
    left = [0]

    def end_when_due(connection: Any, *_: Any) -> None:
        left[0] -= 1
        if left[0] == 0:
            backend = connection.connection.dbapi_connection.info.backend_pid
            with foreign_connection(county) as foreign:
                foreign.execute("SELECT pg_terminate_backend(%s, 5000)", [backend])

    before_each(engine, end_when_due)
    place, is_whole, busy = 1 - step, False, 0
    while not is_whole:
        place += step
        ops = [sign(phone, "firm", f"{place}")]
        left[0] = place
        answer = phone.push(ops)
        is_whole, left[0] = left[0] > 0, 0
        if answer.status_code == 200:  # ended before the transaction: it was opened again
            assert answer.get_json()["results"][0]["status"] == "applied"
            continue
        busy += 1
        check_come_back(answer)
        told = phone.results(ops)[0]
        assert told["status"] == "applied"
        with county.looking():
            assert verify_ledger() == []
    assert busy > 0


@contextmanager
def foreign_connection(county: County) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(county.database_url.replace("postgresql+psycopg", "postgresql")) as line:
        yield line
        line.rollback()


@contextmanager
def threads() -> Iterator[Callable[..., threading.Thread]]:
    """Starts threads; what one raises is raised when the block ends."""
    failures: list[BaseException] = []

    def run(job: Callable[..., Any], *args: Any) -> threading.Thread:
        def guarded() -> None:
            try:
                job(*args)
            except BaseException as failure:
                failures.append(failure)

        thread = threading.Thread(target=guarded)
        thread.start()
        return thread

    yield run
    if failures:
        raise failures[0]


def wait_for_blocked(county: County) -> None:
    """Until a connection waits for a row somebody else holds."""
    query = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    with foreign_connection(county) as foreign:
        while foreign.execute(query).fetchone() == (0,):
            foreign.rollback()
