"""On PostgreSQL a run is written before it is compared: others write meanwhile, wait for us or make
us give way, and nobody waits in a circle."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import insert, select, text

from server.accounts.service import revoke_device
from server.db import db, scope_to, unit_of_work
from server.fieldsync import service
from server.fieldsync.files import photo_rows
from server.fieldsync.models import LedgerEntry, Proposal, Receipt, Space
from server.fieldsync.receiving import ahead, loading, writing
from server.fieldsync.receiving.overlay import State
from server.fieldsync.spaces import lock_space
from tests.integration.builders import Field
from tests.integration.fieldsync.day import attach, fill, make_jpeg, submit
from tests.integration.fieldsync.phone import Phone
from tests.integration.fieldsync.test_at_once import count, twin
from tests.integration.fieldsync.test_files import create, patch

Make = Callable[[str], Phone]

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
_BLOCKED = text(
    "SELECT count(*) FROM pg_stat_activity "
    "WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


class _NotKept(Exception):
    """Ends a transaction without keeping anything of it."""


COMPARING, CHANGING = (ahead, "_compare_and_move"), (writing, "upsert_rows")


@contextmanager
def before(step: tuple[Any, str], app: Flask, act: Callable[[], object]) -> Iterator[list[str]]:
    """Once, when the next run has come to ``step``, ``act`` begins in a thread of its own; we go on
    as soon as it has ended or waits for us. Answers which of the two it was. When a run comes to
    CHANGING it has taken its numbers and not yet written over rows; at COMPARING all is written."""
    real, left, failed = getattr(*step), [act], list[BaseException]()
    threads, seen = list[threading.Thread](), list[str]()

    def run(deed: Callable[[], object]) -> None:
        try:
            deed()
        except BaseException as error:
            failed.append(error)

    def real_later(*asked: Any) -> Any:
        if left:
            thread = threading.Thread(target=run, args=[left.pop()])
            threads.append(thread)
            thread.start()
            seen.append(_wait_until_done_or_blocked(app, thread))
        return real(*asked)

    with pytest.MonkeyPatch.context() as change:
        change.setattr(*step, real_later)
        yield seen
        for thread in threads:
            thread.join(30)
            assert not thread.is_alive()
    assert seen, "nothing was written ahead"
    if failed:
        raise failed[0]


def _wait_until_done_or_blocked(app: Flask, thread: threading.Thread) -> str:
    with app.app_context():
        engine = db.engine
    while thread.is_alive():
        with engine.connect() as line:
            if line.scalar(_BLOCKED):
                return "waits"
        thread.join(0.01)
    return "done"


@pytest.mark.proves("I2 I5 I8 I11 I13", "F28 F31")
def test_other_officer_of_the_visit_waits_for_the_number_and_is_judged_anew(
    app: Flask, phone: Make
) -> None:
    wang, li = phone("wang"), phone("li")
    mine = wang.set("PAX-03", {"value": "甲"})
    theirs = li.set("PAX-03", {"value": "乙"})
    beside = li.set("PAX-01", {"value": "pass"})
    told: list[Any] = []
    with before(COMPARING, app, lambda: told.extend(li.results([theirs, beside]))) as seen:
        assert wang.result(mine)["status"] == "applied"
    assert seen == ["waits"]
    assert [one["status"] for one in told] == ["conflict", "applied"]
    with app.app_context():
        assert service.verify_ledger() == []


@pytest.mark.proves("I3 I8 I13", "F28 F31")
def test_who_holds_the_visit_goes_first_and_our_run_is_judged_after_it(
    app: Flask, phone: Make
) -> None:
    """A submission holds the visit's row and waits for the number that we have taken: we let go."""
    wang, li = phone("wang"), phone("li")
    fill(li)
    li.results()
    wang.pull()
    head = wang.row("answer:tr/PAX-01")["heads"]["value"]
    late = wang.set("PAX-01", {"value": "fail"}, {"value": head})
    done: list[Any] = []

    def hand_in() -> None:
        submit(li)
        done.extend(li.results())

    with before(COMPARING, app, hand_in) as seen:
        assert wang.result(late)["status"] == "conflict"
    assert seen == ["waits"]
    assert {one["status"] for one in done} == {"applied"}
    with app.app_context():
        assert service.verify_ledger() == []


@pytest.mark.proves("I5 I13", "F27 F28")
def test_photo_that_is_stored_meanwhile_and_answers_beside_it_are_both_there(
    app: Flask, phone: Make
) -> None:
    """The server's own write takes its number before the photo's row, or both would wait."""
    wang, li = phone("wang"), phone("li")
    jpeg = make_jpeg(41, 31)
    promised = attach(li, "PAX-01", jpeg)
    li.results([promised])
    again = attach(wang, "PAX-03", jpeg)  # the very row that is told to be stored

    def upload() -> None:
        place = create(li, promised, len(jpeg)).headers["Location"]
        assert patch(li, place, 0, jpeg).status_code == 204

    with before(CHANGING, app, upload) as seen:
        assert wang.result(again)["status"] == "applied"
    assert seen == ["waits"]
    wang.pull()
    photo = wang.row(f"photo:{promised['photo']['sha256']}")
    assert photo["fields"]["stored"] is True
    assert sorted(photo["fields"]["attached"]) == ["answer:tr/PAX-01", "answer:tr/PAX-03"]
    with app.app_context():
        assert service.verify_ledger() == []


def _hold_by_statement(query: Any) -> Callable[[Field], object]:
    def hold(field: Field) -> object:
        named = {"space": field.space, "name": field.space, "county": field.jurisdiction_id}
        return db.session.connection().execute(query, named).one()

    return hold


HOLDS: dict[str, Callable[[Field], object]] = {
    "a careful push or the office": lambda field: lock_space(field.space),
    "a run": _hold_by_statement(loading._LOCK_SPACE),
    "a photo": _hold_by_statement(photo_rows._LOCK),
}


@pytest.mark.proves("I12 I13", "F28 F31")
@pytest.mark.parametrize("who", HOLDS)
def test_who_holds_the_visit_before_we_write_can_still_take_its_number(
    app: Flask, field: Field, phone: Make, who: str
) -> None:
    """Our ledger lines refer to the visit's row: looking it up must not wait for who holds it and
    will wait for our number."""
    wang = phone("wang")
    op = wang.set("PAX-01", {"value": "pass"})
    told: list[Any] = []
    pushing = threading.Thread(target=lambda: told.extend(wang.results([op])))
    with app.app_context():
        scope_to(field.jurisdiction_id)
        with suppress(_NotKept), unit_of_work() as work:
            HOLDS[who](field)
            number = work.scalars(select(Space.counter).where(Space.name == field.space)).one() + 1
            pushing.start()
            assert _wait_until_done_or_blocked(app, pushing) == "waits"
            line = {"jurisdiction_id": field.jurisdiction_id, "space": field.space, "op": "x"}
            more = {"space_seq": number, "effect": [], "at": app.extensions["suicha"].clock()}
            work.execute(insert(LedgerEntry), [line | more])
            raise _NotKept
    pushing.join(30)
    assert [one["status"] for one in told] == ["applied"]


@pytest.mark.proves("I8 I12 I13", "F28 F31")
def test_who_changes_the_very_row_takes_a_number_first_and_waits_there(
    app: Flask, phone: Make
) -> None:
    wang, li = phone("wang"), phone("li")
    first = li.set("PAX-03", {"value": "一"})
    li.results([first])
    mine = wang.set("PAX-03", {"value": "二"}, {"value": first["op"]})
    stale = li.set("PAX-03", {"value": "三"}, {"value": None})
    told: list[Any] = []
    with before(CHANGING, app, lambda: told.extend(li.results([stale]))) as seen:
        assert wang.result(mine)["status"] == "applied"
    assert seen == ["waits"]
    assert [one["status"] for one in told] == ["conflict"]
    wang.pull()
    assert wang.row("answer:tr/PAX-03")["fields"]["value"] == "二"
    with app.app_context():
        assert service.verify_ledger() == []


@pytest.mark.proves("I2 I12 I21", "F4 F27")
def test_retry_that_goes_the_careful_way_holds_the_phone_and_goes_first(
    app: Flask, phone: Make
) -> None:
    wang = phone("wang")
    op, and_more = wang.set("PAX-01", {"value": "pass"}), submit(wang)
    told: list[Any] = []
    with before(COMPARING, app, lambda: told.extend(twin(wang).results([op, and_more]))) as seen:
        mine = wang.results([op])
    assert seen == ["waits"]
    assert [(one["status"], one["replay"]) for one in mine] == [("applied", True)]
    assert (told[0]["status"], told[0]["replay"]) == ("applied", False)
    with app.app_context():
        assert service.verify_ledger() == []


@pytest.mark.proves("I2 I21", "F4 F27")
def test_same_batch_meanwhile_waits_and_is_answered_as_a_replay(app: Flask, phone: Make) -> None:
    wang = phone("wang")
    ops = [wang.set("PAX-01", {"value": "pass"}), wang.set("PAX-03", {"value": "一"})]
    told: list[Any] = []
    with before(COMPARING, app, lambda: told.extend(twin(wang).results(ops))) as seen:
        mine = wang.results(ops)
    assert seen == ["waits"]
    assert [one["replay"] for one in (*mine, *told)] == [False, False, True, True]
    with app.app_context():
        assert count(LedgerEntry, LedgerEntry.op.in_([op["op"] for op in ops])) == 2
        assert service.verify_ledger() == []


@pytest.mark.proves("I4 I17", "F33")
def test_phone_that_is_revoked_meanwhile_delivers_into_quarantine(
    app: Flask, field: Field, phone: Make
) -> None:
    wang = phone("wang")
    op = wang.set("PAX-01", {"value": "pass"})

    def revoke() -> None:
        with app.app_context():
            scope_to(field.jurisdiction_id)
            revoke_device(wang.device)

    with before(COMPARING, app, revoke) as seen:
        assert wang.result(op)["status"] == "forbidden"
    assert seen == ["done"]
    with app.app_context():
        assert count(Proposal, Proposal.op == op["op"]) == 1
        assert count(LedgerEntry, LedgerEntry.op == op["op"], LedgerEntry.space == field.space) == 0
        assert service.verify_ledger() == []


@pytest.mark.proves("I1 I12", "F26 F28")
def test_operation_that_waits_for_a_repair_is_not_taken_for_one_that_came_too_early(
    app: Flask, phone: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    wang = phone("wang")
    first, second = wang.set("PAX-01", {"value": "pass"}), wang.set("PAX-03", {"value": "一"})

    plan = State.plan

    def break_down(state: State, op: str, *asked: Any) -> Any:
        if op == first["op"]:
            raise RuntimeError("a defect of ours")
        return plan(state, op, *asked)

    monkeypatch.setattr(State, "plan", break_down)
    told = wang.results([first, second])
    assert told[1]["status"] == "applied"
    with app.app_context():
        status = select(Receipt.status).where(Receipt.op == first["op"])
        assert db.session.scalar(status) == told[0]["status"]
        assert service.verify_ledger() == []
