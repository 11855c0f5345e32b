"""A contact leaves what the phone says of itself, and brings it the wipe order (protocol 13.7)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from server.accounts.models import Device
from server.accounts.service import order_wipe, revoke_device
from server.db import db, scope_to
from tests.conftest import Clock
from tests.integration.builders import Field
from tests.integration.fieldsync.phone import Phone

Make = Callable[[str], Phone]


def stored(phone: Phone) -> Device:
    with phone.app.app_context():
        scope_to(phone.field.jurisdiction_id)
        device = db.session.get_one(Device, phone.device)
        db.session.expunge(device)
        return device


def ask(phone: Phone, **more: object) -> Any:
    body = {"device": phone.device, "epoch": phone.epoch, "schema": 1, "spaces": {}, **more}
    return phone.post("/api/v1/sync/pull", body)


def test_push_and_pull_leave_the_last_heartbeat_with_its_time(phone: Make, clock: Clock) -> None:
    wang = phone("wang")
    wang.push([], heartbeat={"unsent": 4, "photos_waiting": 2})
    assert stored(wang).heartbeat == {"unsent": 4, "photos_waiting": 2}
    clock.advance(seconds=5)
    assert ask(wang, heartbeat={"unsent": 0, "persisted": None}).status_code == 200
    device = stored(wang)
    assert device.heartbeat == {"unsent": 0, "persisted": None}
    assert device.heartbeat_at == device.contact_at == clock.at
    clock.advance(seconds=5)
    assert ask(wang).status_code == 200
    assert stored(wang).heartbeat == {"unsent": 0, "persisted": None}


def test_same_heartbeat_in_a_pull_is_written_once_a_minute(phone: Make, clock: Clock) -> None:
    wang = phone("wang")
    ask(wang, heartbeat={"unsent": 1, "free_bytes": 10})
    first = clock.at
    clock.advance(seconds=30)
    ask(wang, heartbeat={"unsent": 1, "free_bytes": 11})
    assert stored(wang).heartbeat_at == first
    clock.advance(seconds=31)
    ask(wang, heartbeat={"unsent": 1, "free_bytes": 12})
    assert stored(wang).heartbeat_at == clock.at
    clock.advance(seconds=1)
    ask(wang, heartbeat={"unsent": 2})
    assert stored(wang).heartbeat == {"unsent": 2}


@pytest.mark.proves("I22", "F22")
def test_no_heartbeat_changes_an_outcome(phone: Make, field: Field) -> None:
    wang, li = phone("wang"), phone("li")
    silly = {"unsent": 999_999, "clock_offset_ms": 34_560_000_000_000, "quarantined": 7}
    told = wang.push([wang.set("PAX-01", {"value": "pass"})], heartbeat=silly).get_json()
    plain = li.push([li.set("PAX-03", {"value": "pass"})]).get_json()
    assert [one["status"] for one in (*told["results"], *plain["results"])] == ["applied"] * 2


def test_bad_heartbeat_is_refused_with_its_path_and_nothing_is_decided(phone: Make) -> None:
    wang = phone("wang")
    op = wang.set("PAX-01", {"value": "pass"})
    answer = wang.push([op], heartbeat={"unsent": -1})
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (400, "request.wrong_type")
    assert answer.get_json()["error"]["details"] == {"field": "heartbeat.unsent"}
    assert wang.result(op)["replay"] is False


@pytest.mark.proves("I17", "F33")
def test_wipe_order_reaches_a_revoked_phone_and_is_confirmed(phone: Make, field: Field) -> None:
    wang = phone("wang")
    assert wang.push([]).get_json()["device"]["wipe"] is False
    early = wang.post(f"/api/v1/devices/{wang.device}/wiped", None)
    assert early.get_json()["error"]["code"] == "device.no_wipe_order"
    with wang.app.app_context():
        scope_to(field.jurisdiction_id)
        revoke_device(wang.device, "丢失")
        order_wipe(wang.device)
    op = wang.set("PAX-01", {"value": "pass"})
    told = wang.push([op]).get_json()
    assert told["device"]["wipe"] is True and told["results"][0]["status"] == "forbidden"
    refused = ask(wang)
    assert refused.status_code == 403
    assert refused.get_json()["error"]["details"] == {"wipe": True}
    assert wang.post(f"/api/v1/devices/{wang.device}/wiped", None).status_code == 204
    assert wang.post(f"/api/v1/devices/{wang.device}/wiped", None).status_code == 204
    assert ask(wang).get_json()["error"]["details"] == {"wipe": False}
    assert stored(wang).wiped_at is not None


def test_nobody_confirms_the_wipe_of_another_ones_phone(phone: Make, field: Field) -> None:
    wang, li = phone("wang"), phone("li")
    with wang.app.app_context():
        scope_to(field.jurisdiction_id)
        revoke_device(wang.device)
        order_wipe(wang.device)
    answer = li.post(f"/api/v1/devices/{wang.device}/wiped", None)
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (404, "device.unknown")
    assert stored(wang).wiped_at is None
