"""What is done at a desk goes through the same apply code, receipts and ledger."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from domain.errors import Fault
from server.db import db, unit_of_work
from server.fieldsync import service
from server.fieldsync.models import Entity, LedgerEntry, Receipt
from server.inspections.models import Sheet
from server.results.models import SheetVersion
from sync.outcomes import Applied, Conflict, Invalid, Merged, RejectedLocked
from tests.integration.builders import Field
from tests.integration.fieldsync.day import RESULTS, fill, lock_sheet, submit
from tests.integration.fieldsync.phone import Phone

pytestmark = pytest.mark.both

Make = Callable[[str], Phone]


def _submitted(phone: Make) -> Phone:
    wang = phone("wang")
    fill(wang)
    submit(wang)
    wang.results()
    return wang


def test_sheet_can_be_accepted_and_entered_on_a_page(app: Flask, field: Field, phone: Make) -> None:
    _submitted(phone)
    with app.app_context():
        lead, wang = field.actor("lead"), field.actor("wang")
        told = service.perform_office_op(
            lead, space=field.space, kind="sheet.accept", entity="sheet:tr", fields={}
        )
        assert isinstance(told, Applied)
        rows = service.read_sheet(field.inspection_id, "tr")
        told = service.perform_office_op(
            wang,
            space=field.space,
            kind="sheet.enter",
            entity="sheet:tr",
            fields={"results": RESULTS},
            seen=rows.seen,
            digest=rows.digest(RESULTS),
        )
        assert isinstance(told, Applied)
        receipt = db.session.scalars(select(Receipt).filter_by(kind="sheet.enter")).one()
        assert receipt.device == f"office:{field.people['wang']}" and receipt.status == "applied"
        assert db.session.get_one(Sheet, field.sheet_ids["tr"]).state == "entered"
        assert db.session.scalars(select(SheetVersion)).one().digest == rows.digest(RESULTS)
        assert service.verify_ledger() == []


def test_person_at_a_desk_without_the_right_is_told_at_once(
    app: Flask, field: Field, phone: Make
) -> None:
    _submitted(phone)
    with app.app_context():
        with pytest.raises(Fault, match="not allowed"):
            service.perform_office_op(
                field.actor("wang"),
                space=field.space,
                kind="sheet.accept",
                entity="sheet:tr",
                fields={},
            )
        assert db.session.scalars(select(Receipt).filter_by(kind="sheet.accept")).all() == []
        assert service.list_proposals(field.actor("wang")) == []


def test_page_edit_replaces_what_it_shows_and_meets_the_lock(
    app: Flask, field: Field, phone: Make
) -> None:
    def set_value(value: str, **more: object) -> object:
        return service.perform_office_op(
            field.actor("wang"),
            space=field.space,
            kind="answer.set",
            entity="answer:tr/PAX-01",
            fields={"value": value},
            **more,
        )

    with app.app_context():
        assert isinstance(set_value("fail"), Applied)
        assert isinstance(set_value("pass"), Applied)
        assert isinstance(set_value("fail", base={"value": None}), Conflict)
        sibling = service.read_sheet(field.inspection_id, "tr").answers["PAX-01"].siblings[0]
        assert isinstance(set_value("pass", resolves=[sibling.op]), Applied)
        assert isinstance(set_value("vielleicht"), Invalid)
    wang = phone("wang")
    wang.pull()
    wang.set("PAX-01", {"value": "pass"})
    lock_sheet(phone)
    with app.app_context():
        assert isinstance(set_value("pass"), Merged)
        assert isinstance(set_value("fail"), RejectedLocked)
        assert len(service.list_proposals(field.actor("wang"))) == 1


# SQLite has one writer at a time, so nobody can come between: the race exists on PostgreSQL only.
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_entry_on_a_page_signs_what_is_there_under_the_lock_not_what_was_read_before(
    app: Flask, field: Field, phone: Make
) -> None:
    """The page's transaction has read the sheet; another officer changes it; then it locks."""
    wang = _submitted(phone)
    lead = phone("lead")
    lead.result(lead.make("sheet.accept", "sheet:tr"))
    wang.pull()
    head = wang.row("answer:tr/PAX-01")["heads"]["value"]
    li = phone("li")
    other = li.set("PAX-01", {"value": "na"}, {"value": head})
    with app.app_context():
        with unit_of_work():
            rows = service.read_sheet(field.inspection_id, "tr")
            kept = db.session.scalars(select(Entity)).all()
            thread = threading.Thread(target=lambda: li.result(other))
            thread.start()
            thread.join()
            told = service.perform_office_op(
                field.actor("wang"),
                space=field.space,
                kind="sheet.enter",
                entity="sheet:tr",
                fields={"results": RESULTS},
                seen=rows.seen,
                digest=rows.digest(RESULTS),
            )
        assert kept and isinstance(told, Invalid)
        assert [one["code"] for one in told.error.details["unmet"]] == ["entry.conflict"]
        assert db.session.get_one(Sheet, field.sheet_ids["tr"]).state == "accepted"


def test_written_rows_are_in_the_ledger_and_vanish_with_a_rollback(
    app: Flask, field: Field, phone: Make
) -> None:
    def write(space: str) -> int:
        return service.write_rows(
            jurisdiction_id=field.jurisdiction_id,
            space=space,
            kind="assignment.add",
            person_id=field.people["office"],
            rows=[service.RowWrite("assignment", "assignment:9", {"space": "insp:9"}, gone=True)],
            at=app.extensions["suicha"].clock(),
        )

    user = f"user:{field.people['wang']}"
    with app.app_context():
        seq = write(user)
        line = db.session.scalars(select(LedgerEntry).filter_by(space=user, space_seq=seq)).one()
        assert line.effect[0]["gone"] is True
        receipt = db.session.get_one(Receipt, line.op)
        assert receipt.device == f"office:{field.people['office']}"
        assert receipt.outcome["space_seq"] == seq
        with pytest.raises(RuntimeError), unit_of_work():
            write(user)
            raise RuntimeError("the use case failed")
        assert db.session.scalars(
            select(LedgerEntry.space_seq).filter_by(space=user)
        ).all() == list(range(1, seq + 1))
        assert service.verify_ledger() == []
    wang = phone("wang")
    wang.pull()
    assert wang.rows[f"{user} assignment:9"]["gone"] is True


def test_ledger_that_no_longer_explains_the_rows_is_found(
    app: Flask, field: Field, phone: Make
) -> None:
    wang = phone("wang")
    wang.set("PAX-01", {"value": "pass"})
    wang.results()
    with app.app_context():
        with unit_of_work() as work:
            row = work.get_one(Entity, (field.space, "answer:tr/PAX-01"))
            row.fields = {"value": "fail"}
        found = service.verify_ledger()
        assert found == [f"{field.space} answer:tr/PAX-01: fields differs from ledger line 2"]
