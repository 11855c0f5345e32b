"""What leaves because something happened leaves at most once per operation and epoch (I28)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from server.db import db, unit_of_work
from server.fieldsync import service as fieldsync
from server.fieldsync.models import Entity
from server.notifications.delivery import Due, Sender, deliver_due
from server.notifications.models import SideEffect
from server.notifications.notice import NoticeSender
from server.notifications.noting import note
from tests.conftest import Clock
from tests.integration.builders import Field
from tests.integration.fieldsync.day import fill, lock_sheet, submit
from tests.integration.fieldsync.phone import Phone
from tests.integration.fieldsync.test_at_once import at_once, twin

Make = Callable[[str], Phone]


@dataclass
class Listing:
    """A sender that writes down what left, and may die half way."""

    sent: list[tuple[str, str, int]] = field(default_factory=list)
    dies_at: int | None = None

    def send(self, due: Due) -> None:
        if self.dies_at == len(self.sent):
            raise KeyboardInterrupt  # the process is gone: nothing after this line runs
        self.sent.append((due.op, due.kind, due.person_id))


class Broken:
    def send(self, due: Due) -> None:
        raise OSError("no way out")


def effects(app: Flask, *where: Any) -> list[SideEffect]:
    with app.app_context():
        return list(db.session.scalars(select(SideEffect).where(*where).order_by(SideEffect.id)))


def add(field: Field, clock: Clock, op: str, *people: str) -> None:
    ids = [field.people[name] for name in people]
    payload = {"space": field.space, "details": {}}
    note(field.jurisdiction_id, op, "sheet.entered", ids, payload, clock())


def notices(phone: Phone) -> list[dict[str, Any]]:
    phone.pull()
    return [row["fields"] for row in phone.rows.values() if row["t"] == "notice"]


@pytest.mark.proves("I28 I2", "F2 F4 F5 F9")
def test_sheet_on_its_way_tells_whom_it_concerns_once_however_often_it_is_pushed(
    app: Flask, field: Field, phone: Make
) -> None:
    wang, li = phone("wang"), phone("li")
    fill(wang)
    wang.results()
    assert effects(app) == []  # plain answers, signatures and check-ins concern nobody
    submit(wang)
    other = twin(wang)
    at_once(lambda: wang.results(), lambda: other.results(list(wang.queue)))
    wang.results()
    told = effects(app)
    assert [(e.kind, e.person_id, e.outcome) for e in told] == [
        ("sheet.submitted", field.people["lead"], "sent")
    ]
    assert told[0].op == wang.queue[-1]["op"] and told[0].epoch == field.epoch
    assert notices(li) == []
    shown = notices(phone("lead"))
    assert [(n["kind"], n["text_code"], n["space"]) for n in shown] == [
        ("sheet.submitted", "notice.sheet_submitted", field.space)
    ]
    assert shown[0]["details"]["by"]["name"] == "王检查"
    with app.app_context():
        assert fieldsync.verify_ledger() == []


@pytest.mark.proves("I28", "F34")
def test_lock_and_late_work_tell_the_team_and_the_office(
    app: Flask, field: Field, phone: Make
) -> None:
    li = phone("li")
    late = li.set("PAX-01", {"value": "fail"})
    _wang, lead = lock_sheet(phone)
    proposal = li.result(late)["proposal"]
    by_kind: dict[str, set[int]] = {}
    for one in effects(app):
        by_kind.setdefault(one.kind, set()).add(one.person_id)
    people = field.people
    assert by_kind["sheet.entered"] == {people["li"], people["office"]}
    assert by_kind["proposal.made"] == {people["office"], people["lead"]}
    made = [n for n in notices(lead) if n["kind"] == "proposal.made"]
    assert made[0]["details"]["proposal"] == proposal


@pytest.mark.proves("I28 I8", "F36")
def test_conflict_tells_the_other_author(app: Flask, field: Field, phone: Make) -> None:
    wang, li = phone("wang"), phone("li")
    wang.result(wang.set("PAX-01", {"value": "pass"}))
    assert li.result(li.set("PAX-01", {"value": "fail"}))["status"] == "conflict"
    assert [n["kind"] for n in notices(wang)] == ["answer.conflict"]
    assert notices(li) == []


@pytest.mark.proves("I28", "F26 F31")
def test_nothing_leaves_for_what_was_rolled_back(app: Flask, field: Field, clock: Clock) -> None:
    listing = Listing()
    with app.app_context():
        with pytest.raises(RuntimeError), unit_of_work():
            add(field, clock, "op-undone", "lead")
            raise RuntimeError("the use case failed")
        assert deliver_due(listing) == 0
    assert listing.sent == [] and effects(app) == []


@pytest.mark.proves("I28", "F25")
def test_process_that_dies_while_sending_never_sends_twice(
    app: Flask, field: Field, clock: Clock
) -> None:
    dying, second = Listing(dies_at=1), Listing()
    with app.app_context():
        with unit_of_work():
            add(field, clock, "op-1", "wang", "li", "lead")
        with pytest.raises(KeyboardInterrupt):
            deliver_due(dying)
        assert deliver_due(second) == 0
        clock.advance(minutes=11)
        with unit_of_work():
            add(field, clock, "op-2", "lead")
        assert deliver_due(second) == 1
    assert dying.sent == [("op-1", "sheet.entered", field.people["wang"])]
    assert second.sent == [("op-2", "sheet.entered", field.people["lead"])]
    assert [e.outcome for e in effects(app)] == ["unknown", "unknown", "unknown", "sent"]


@pytest.mark.proves("I28", "F27")
def test_two_workers_at_once_send_each_row_once(app: Flask, field: Field, clock: Clock) -> None:
    listing = Listing()
    with app.app_context(), unit_of_work():
        for n in range(20):
            add(field, clock, f"op-{n}", "wang", "lead")

    def work() -> int:
        with app.app_context():
            return deliver_due(listing)

    assert sum(at_once(work, work, work)) == 40
    assert len(listing.sent) == len(set(listing.sent)) == 40


@pytest.mark.proves("I28 I16", "F29")
def test_restored_backup_sends_nothing_that_may_have_left_and_new_epoch_sends_anew(
    app: Flask, field: Field, clock: Clock
) -> None:
    """The backup was made between the commit and the sending: afterwards its row waits again."""
    listing = Listing()
    with app.app_context():
        with unit_of_work():
            add(field, clock, "op-1", "lead")
        assert deliver_due(listing) == 1
        with unit_of_work() as work:  # what a restore brings back, and its new epoch
            work.execute(update(SideEffect).values(taken_at=None, done_at=None, outcome=None))
            epoch = fieldsync.start_epoch()
        assert deliver_due(listing) == 0
        with unit_of_work():  # the phone offers the same operation again in the new epoch
            add(field, clock, "op-1", "lead")
        assert deliver_due(listing) == 1
    assert [(e.epoch, e.outcome) for e in effects(app)] == [
        (field.epoch, "unknown"), (epoch, "sent"),
    ]  # fmt: skip


def test_sender_that_fails_is_on_record_and_not_tried_again(
    app: Flask, field: Field, clock: Clock
) -> None:
    listing = Listing()
    with app.app_context():
        with unit_of_work():
            add(field, clock, "op-1", "lead")
        assert deliver_due(Broken()) == 0 and deliver_due(listing) == 0
    assert [e.outcome for e in effects(app)] == ["failed"] and listing.sent == []


@pytest.mark.parametrize("make", [NoticeSender, Listing])
def test_sender_takes_every_kind_for_everybody(
    app: Flask, field: Field, clock: Clock, make: Callable[[], Sender]
) -> None:
    """The port's contract: it is handed one row at a time, outside any transaction."""
    with app.app_context():
        with unit_of_work():
            add(field, clock, "op-1", "wang", "office")
        assert deliver_due(make()) == 2
        assert {e.outcome for e in effects(app)} == {"sent"}
        rows = db.session.scalars(select(Entity).where(Entity.type == "notice")).all()
        assert len(rows) == (2 if make is NoticeSender else 0)
        assert fieldsync.verify_ledger() == []
