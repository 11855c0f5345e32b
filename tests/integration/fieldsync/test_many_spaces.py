"""What a draw writes into hundreds of spaces at once is what one by one would have left."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from server.db import db, unit_of_work
from server.fieldsync import service
from server.fieldsync.models import Entity, LedgerEntry, Receipt, Space
from server.fieldsync.service import RowWrite, SpaceWrite
from server.inspections.models import Inspection
from tests.integration.builders import AT, Field

pytestmark = pytest.mark.both

ROWS = (
    [RowWrite("assignment", "assignment:7", {"space": "insp:7"}), RowWrite("notice", "n", {})],
    [RowWrite("assignment", "assignment:7", {"space": "insp:7"}, gone=True)],
)  # fmt: skip


def stand_of(space: str) -> Any:
    """Everything the tables hold of a space, its name and its operations' ids left out."""
    ledger = select(LedgerEntry).where(LedgerEntry.space == space).order_by(LedgerEntry.space_seq)
    lines = list(db.session.scalars(ledger))
    entities = select(Entity).where(Entity.space == space).order_by(Entity.id)
    receipts = select(Receipt).where(Receipt.space == space).order_by(Receipt.received_at)
    held = db.session.get_one(Space, space)
    told = [
        [held.counter, held.digest],
        [[one.space_seq, one.effect, str(one.at)] for one in lines],
        [
            [e.id, e.type, e.seq, e.sheet_id, e.fields, e.heads, e.siblings, e.is_gone]
            for e in db.session.scalars(entities)
        ],
        [
            [r.kind, r.device, r.person_id, r.payload, r.payload_sha256, r.status, r.outcome]
            for r in db.session.scalars(receipts)
        ],
    ]
    text = json.dumps(told, sort_keys=True)
    for place, line in enumerate(lines):
        text = text.replace(line.op, f"op {place}")
    return json.loads(text)


def test_many_spaces_written_together_hold_what_one_by_one_would(app: Flask, field: Field) -> None:
    office = field.people["office"]
    common = {"jurisdiction_id": field.jurisdiction_id, "person_id": office, "at": AT}
    together = ["user:900", "user:901"]
    with app.app_context():
        for rows in ROWS:
            with unit_of_work():
                service.write_rows(space="user:899", kind="office.assign", rows=rows, **common)
                service.lock_spaces(field.jurisdiction_id, together)
                writes = [SpaceWrite(one, "office.assign", rows) for one in together]
                service.write_spaces(writes=writes, **common)
        assert stand_of("user:900") == stand_of("user:901") == stand_of("user:899")
        assert stand_of("user:900")[0][0] == 2
        assert service.verify_ledger() == []


def test_row_written_again_reaches_the_table_pages_read(app: Flask, field: Field) -> None:
    with app.app_context():
        key = (field.space, f"inspection:{field.inspection_id}")
        fields = {**db.session.get_one(Entity, key).fields, "ended_on": "2026-03-04"}
        with unit_of_work():
            service.lock_spaces(field.jurisdiction_id, [field.space])
            row = RowWrite("inspection", key[1], fields)
            service.write_spaces(
                jurisdiction_id=field.jurisdiction_id, person_id=None, at=AT,
                writes=[SpaceWrite(field.space, "office.publish", [row])],
            )  # fmt: skip
        ended = db.session.get_one(Inspection, field.inspection_id).ended_on
        assert str(ended) == "2026-03-04" and service.verify_ledger() == []


def test_evidence_is_not_written_for_anybody(app: Flask, field: Field) -> None:
    answer = RowWrite("answer", "answer:tr/PAX-01", {"value": "pass"})
    with app.app_context(), pytest.raises(ValueError, match="evidence"):
        service.write_spaces(
            jurisdiction_id=field.jurisdiction_id, person_id=None, at=AT,
            writes=[SpaceWrite(field.space, "office.publish", [answer])],
        )  # fmt: skip


# SQLite lets one write at a time
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_spaces_are_taken_in_the_order_of_their_numbers(app: Flask, field: Field) -> None:
    """Whoever waits for a person's space holds none of a later person: no circle can close."""
    free = select(Space.name).where(Space.name == "user:910").with_for_update(skip_locked=True)

    def take_both() -> None:
        with app.app_context(), unit_of_work():
            service.lock_spaces(field.jurisdiction_id, ["user:910", "user:99"])

    with app.app_context():
        take_both()
        with unit_of_work():
            service.lock_space("user:99")
            other = threading.Thread(target=take_both)
            other.start()
            wait_for_a_lock()
            assert db.session.scalar(free) == "user:910"
        other.join(30)
        assert not other.is_alive()


def wait_for_a_lock() -> None:
    waits = (
        "SELECT count(*) FROM pg_stat_activity "
        "WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )
    pause = threading.Event()
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as watcher:
        for _ in range(1000):
            if watcher.exec_driver_sql(waits).scalar():
                return
            pause.wait(0.01)
    raise AssertionError("nobody waits")
