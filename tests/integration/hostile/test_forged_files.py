"""A file of unsent work that the phone did not write: whatever it says, the phone's own numbers,
rights and work stay the phone's (docs/protocol 13.8)."""

from __future__ import annotations

import copy
import io
import struct
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from domain.errors import Fault
from server.accounts.models import Device, Person
from server.accounts.service import revoke_device
from server.audit.models import AuditEvent
from server.db import db, scope_to, unit_of_work
from server.devices.service import ImportReport, import_unsent, release_waiting
from server.fieldsync.models import Entity, Receipt
from server.fieldsync.service import list_forks, verify_ledger
from tests.integration.builders import Field
from tests.integration.devices.unsent import make_file
from tests.integration.fieldsync.phone import Answer, Phone

Make = Callable[[str], Phone]


@pytest.fixture
def desk(app: Flask, field: Field) -> Any:
    """A context with the county in sight."""
    with app.app_context():
        scope_to(field.jurisdiction_id)
        yield field


def forge(phone: Phone, item: str, seq: int, **more: Any) -> Answer:
    """An operation the phone never made, under a number of its."""
    op = phone.set(item, {"value": "pass", "note": "forged"}, seq=seq, **more)
    phone.queue.remove(op)
    return op


def take(phone: Phone, ops: list[Answer]) -> ImportReport:
    return import_unsent(None, make_file(phone, ops, outside={"mac": "0" * 64}))


def last_seq(phone: Phone) -> int:
    db.session.expire_all()
    return db.session.get_one(Device, phone.device).last_seq


def test_forged_operation_is_not_judged_later_with_the_phones_own_rights(
    phone: Make, desk: Field
) -> None:
    """It would wait as too early, and be released by the very phone it pretends to come from."""
    wang = phone("wang")
    found = take(wang, [forge(wang, "PAX-01", seq=2), forge(wang, "PAX-01", seq=9)])
    assert found.statuses == {"forbidden": 2} and found.missing is None
    told = wang.results([wang.set("PAX-03", {"value": "一"}), wang.set("PAX-03", {"note": "二"})])
    assert [one["status"] for one in told] == ["applied", "applied"]
    assert db.session.get(Entity, (desk.space, "answer:tr/PAX-01")) is None
    assert last_seq(wang) == 2
    assert verify_ledger() == []


@pytest.mark.proves("I9", "F16")
def test_forged_file_takes_none_of_the_phones_numbers(phone: Make, desk: Field) -> None:
    wang = phone("wang")
    mine = wang.set("PAX-03", {"value": "一"})
    wang.results([mine])
    lost = wang.make("device.lost", f"device:{wang.device}", {"seq": 4}, seq=4)
    wang.queue.remove(lost)
    replayed = {**copy.deepcopy(mine), "seq": 3}  # its place in the queue is in no hash
    take(wang, [forge(wang, "PAX-01", seq=1), forge(wang, "PAX-01", seq=2), replayed, lost])
    assert last_seq(wang) == 1
    answer = wang.push([wang.set("PAX-02", {"value": {"checked": 1, "failed": 0}})]).get_json()
    assert answer["fork"] is False and answer["device"]["last_seq"] == 2
    assert answer["results"][0]["status"] == "applied"
    assert list_forks(wang.device) == []
    query = select(AuditEvent.action).where(AuditEvent.action.in_(("device.lost", "device.fork")))
    assert db.session.scalars(query).all() == []
    assert verify_ledger() == []


def test_forged_file_settles_nothing_that_waits_and_the_phone_still_delivers_it(
    phone: Make, desk: Field
) -> None:
    wang = phone("wang")
    first, second = wang.set("PAX-03", {"value": "一"}), wang.set("PAX-01", {"value": "pass"})
    assert wang.push([second]).status_code == 409
    found = take(wang, [{**copy.deepcopy(second), "seq": 1}])
    assert found.statuses == {"held": 1, "replay": 0} or found.statuses == {"held": 1}
    told = wang.results([first, second])
    assert [one["status"] for one in told] == ["applied", "applied"]


def test_whole_day_in_a_forged_file_locks_no_sheet(phone: Make, desk: Field) -> None:
    wang = phone("wang")
    ops = [
        wang.make("sheet.submit", "sheet:tr", {"ended_on": "2026-03-04"}),
        wang.make("sheet.enter", "sheet:tr", {"results": {"PAX-01": 1}}, seen={}, digest="0" * 64),
    ]
    assert take(wang, ops).statuses == {"forbidden": 2}
    assert db.session.get_one(Entity, (desk.space, "sheet:tr")).fields["state"] == "open"


def test_second_directory_beside_the_one_that_is_measured_is_refused(
    phone: Make, desk: Field
) -> None:
    """ZIP64 counts go before the short ones where both are there: millions of entries."""
    wang = phone("wang")
    good = make_file(wang, [wang.set("PAX-01", {"value": "pass"})]).getvalue()
    end = good.rindex(b"PK\x05\x06")
    entries, size, start = struct.unpack("<HLL", good[end + 10 : end + 20])
    long_end = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 2, entries, size, start)
    place = struct.pack("<4sLQL", b"PK\x06\x07", 0, end, 1)
    with pytest.raises(Fault) as error:
        import_unsent(None, io.BytesIO(good[:end] + long_end + place + good[end:]))
    assert error.value.code == "unsent.damaged"


@pytest.mark.proves("I4", "F33")
def test_released_work_of_a_closed_account_is_forbidden_like_what_it_delivers(
    app: Flask, phone: Make, desk: Field
) -> None:
    """Rights are those of the moment of judging: waiting gives nobody any back."""
    wang = phone("wang")
    wang.set("PAX-03", {"value": "一"})
    late = wang.set("PAX-01", {"value": "pass"})
    with unit_of_work() as work:
        person = work.get_one(Person, desk.people["wang"])
        person.is_active = False
    headers = {"Authorization": f"SuichaPush {wang.credential}"}
    path = "/api/v1/sync/push"
    answer = app.test_client().post(path, json=wang.envelope([late]), headers=headers)
    assert answer.status_code == 409
    scope_to(desk.jurisdiction_id)
    told = release_waiting(None, wang.device)
    assert [one["status"] for one in told] == ["forbidden"]
    assert db.session.get(Entity, (desk.space, "answer:tr/PAX-01")) is None


def test_group_that_breaks_leaves_its_numbers_free(phone: Make, desk: Field) -> None:
    """Undone with the trial: or what came too early would pass for a second use of its number."""
    wang = phone("wang")
    wang.results([wang.set("PAX-03", {"value": "一"})])
    early = wang.set("PAX-01", {"value": "pass"}, seq=5, group="g")
    bad = wang.set("PAX-02", {"value": "no pair"}, seq=2, group="g")
    assert wang.push([early, bad]).status_code == 409
    receipt = db.session.get_one(Receipt, early["op"])
    assert (receipt.side_device, receipt.status) == (None, "held")


def test_instants_have_one_form_whichever_way_they_were_written(phone: Make, desk: Field) -> None:
    wang, stranger = phone("wang"), phone("stranger")
    assert wang.result(wang.set("PAX-03", {"value": "一"}))["status"] == "applied"
    assert stranger.result(stranger.set("PAX-03", {"value": "二"}))["status"] == "forbidden"
    revoke_device(wang.device)
    wang.result(wang.set("PAX-03", {"note": "三"}))
    for column, table in (("received_at", "receipts"), ("at", "ledger")):
        query = text(f"SELECT CAST({column} AS TEXT) FROM {table}")
        forms = {len(found) for found in db.session.scalars(query)}
        assert len(forms) == 1, table
