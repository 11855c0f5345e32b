"""Whose phone still holds data: who sees which phone, in what order, and what they may do to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from domain.access import Role
from domain.errors import Fault
from server.audit.models import AuditEvent
from server.db import db, scope_to, unit_of_work
from server.devices import service
from server.inspections.models import Inspection
from tests.conftest import Clock
from tests.integration.builders import Field, build_field
from tests.integration.fieldsync.phone import Phone, new_id

Make = Callable[[str], Phone]


@pytest.fixture
def desk(app: Flask, field: Field) -> Any:
    """A context with the county in sight."""
    with app.app_context():
        scope_to(field.jurisdiction_id)
        yield field


def end_visit(field: Field) -> None:
    with unit_of_work() as work:
        work.get_one(Inspection, field.inspection_id).ended_on = date(2026, 3, 4)


def names(phones: list[service.Phone]) -> list[str]:
    return [one.person.account for one in phones]


def test_unsent_data_comes_first_by_the_deadline_it_threatens(
    phone: Make, desk: Field, clock: Clock
) -> None:
    made = {name: phone(name) for name in ("stranger", "wang", "li", "zhao", "lead")}
    end_visit(desk)
    made["lead"].push([])
    made["zhao"].push([], heartbeat={"unsent": 0, "photos_waiting": 0})
    made["stranger"].push([], heartbeat={"unsent": 50})
    made["li"].push([], heartbeat={"unsent": 1})
    made["wang"].push([], heartbeat={"unsent": 2, "photos_waiting": 3, "app": "1.0.0"})
    found = service.list_all_phones()
    assert names(found) == ["wang", "li", "stranger", "lead", "zhao"]
    first = found[0]
    assert first.next_due is not None and first.next_due.inspection_id == desk.inspection_id
    assert first.next_due.due.due is not None
    assert (first.unsent, first.photos_waiting, first.app) == (2, 3, "1.0.0")
    assert found[2].next_due is None, "nothing of theirs is due"
    assert found[3].unsent is None, "it never said"
    plain = first.as_plain()
    assert plain["next_due"] == first.next_due.due.due.isoformat()
    assert plain["contact_at"] == "2026-03-04T01:00:00.000Z"


def test_what_waits_and_what_was_refused_is_counted_from_the_receipts(
    phone: Make, desk: Field
) -> None:
    wang, stranger = phone("wang"), phone("stranger")
    assert stranger.result(stranger.set("PAX-01", {"value": "pass"}))["status"] == "forbidden"
    wang.set("PAX-01", {"value": "pass"})
    assert wang.push([wang.set("PAX-03", {"value": "齐全"})]).status_code == 409
    counted = {one.person.account: (one.held, one.forbidden) for one in service.list_all_phones()}
    assert counted == {"wang": (1, 0), "stranger": (0, 1)}


def test_clock_is_marked_beyond_two_minutes(phone: Make, desk: Field) -> None:
    wang, li = phone("wang"), phone("li")
    wang.push([], heartbeat={"clock_offset_ms": -120_001})
    li.push([], heartbeat={"clock_offset_ms": 120_000})
    marked = {one.person.account: one.is_clock_off for one in service.list_all_phones()}
    assert marked == {"wang": True, "li": False}
    li.push([], sent_at="2026-03-03T09:00:00.000+08:00")
    late = {one.person.account: one for one in service.list_all_phones()}["li"]
    assert late.clock_offset_ms == 120_000, "what the phone worked out counts"


def test_each_department_sees_its_own_phones_and_the_auditor_all(phone: Make, desk: Field) -> None:
    for name in ("wang", "zhao"):
        phone(name)
    seen = {
        name: sorted(names(service.list_phones(desk.actor(name))))
        for name in ("lead", "office", "auditor", "head", "wang")
    }
    own = ["wang"]
    assert seen == {
        "lead": own, "office": own, "auditor": ["wang", "zhao"], "head": [], "wang": [],
    }  # fmt: skip


def test_phone_of_another_county_is_not_there(phone: Make, desk: Field) -> None:
    wang = phone("wang")
    other = build_field("140523", "2")
    scope_to(other.jurisdiction_id)
    assert service.list_all_phones() == []
    for call in (service.order_wipe, service.release_waiting):
        with pytest.raises(Fault) as error:
            call(other.actor("lead"), wang.device)
        assert error.value.code == "device.unknown"


def code_of(call: Callable[..., Any], *arguments: Any) -> str:
    with pytest.raises(Fault) as error:
        call(*arguments)
    return str(error.value.code)


@pytest.mark.proves("I1 I12", "F14")
def test_lead_releases_what_waits_in_vain_after_five_days_and_an_administrator_at_once(
    phone: Make, desk: Field, clock: Clock
) -> None:
    wang, zhao = phone("wang"), phone("zhao")
    for one, item in ((wang, "PAX-03"), (zhao, "mr/MR-01")):
        one.set(item, {"note": "先"})
        assert one.push([one.set(item, {"note": "后"}, base={"note": None})]).status_code == 409
    lead = desk.actor("lead")
    assert code_of(service.release_waiting, lead, wang.device) == "device.release_too_soon"
    assert code_of(service.release_waiting, desk.actor("auditor"), wang.device) == "access.denied"
    assert code_of(service.release_waiting, lead, zhao.device) == "access.denied"
    found = {one.device.id: one for one in service.list_all_phones()}
    history = service.read_history(found[wang.device])
    assert (history.missing, [one.seq for one in history.early]) == ("1", [2])
    clock.advance(days=5)
    assert [one["status"] for one in service.release_waiting(lead, wang.device)] == ["applied"]
    assert service.release_waiting(lead, wang.device) == []
    administrator = as_admin(desk)
    assert [one["status"] for one in service.release_waiting(administrator, zhao.device)] == [
        "applied"
    ]
    found = {one.device.id: one for one in service.list_all_phones()}
    kinds = [one.kind for one in service.read_history(found[wang.device]).incidents]
    assert kinds == ["device.released"]
    first = wang.result(wang.queue[0])
    assert first["status"] in {"applied", "conflict"}, "what turns up later is a fork, not lost"


def as_admin(field: Field) -> Any:
    return replace(field.actor("office"), roles=frozenset({Role.ADMIN}))


def test_only_an_administrator_renames_revokes_and_orders_a_wipe(phone: Make, desk: Field) -> None:
    wang = phone("wang")
    for name in ("lead", "office", "auditor", "head", "wang"):
        actor = desk.actor(name)
        assert code_of(service.rename_phone, actor, wang.device, "x") == "access.denied"
        assert code_of(service.revoke_phone, actor, wang.device, "x") == "access.denied"
        assert code_of(service.order_wipe, actor, wang.device) == "access.denied"
    admin = as_admin(desk)
    assert code_of(service.order_wipe, admin, wang.device) == "device.not_revoked"
    service.rename_phone(admin, wang.device, "队里备用机")
    service.revoke_phone(admin, wang.device, "手机遗失")
    service.revoke_phone(admin, wang.device, "第二次")
    service.order_wipe(admin, wang.device)
    found = service.list_all_phones()[0]
    assert (found.label, found.state) == ("队里备用机", "wipe_ordered")
    assert found.device.revoked_reason == "手机遗失"
    events = db.session.scalars(
        select(AuditEvent.action).filter_by(target=wang.device).order_by(AuditEvent.id)
    )
    assert [one for one in events if one != "session.opened"] == [
        "device.renamed", "device.revoked", "device.wipe_ordered",
    ]  # fmt: skip


def test_incidents_of_a_phone_are_told_newest_first(phone: Make, desk: Field, clock: Clock) -> None:
    wang = phone("wang")
    wang.results([wang.set("PAX-01", {"value": "pass"})])
    clock.advance(minutes=1)
    other = {**wang.queue[0], "op": new_id(), "fields": {"value": "fail"}}
    assert wang.push([other]).get_json()["fork"] is True
    clock.advance(minutes=1)
    lost = {**wang.queue[0], "op": new_id(), "seq": 2, "kind": "device.lost", "base": {}}
    lost |= {"entity": f"device:{wang.device}", "fields": {"seq": 2}}
    wang.result(lost)
    history = service.read_history(service.list_all_phones()[0])
    told = [(one.kind, one.details.get("seq")) for one in history.incidents]
    assert told == [("device.lost", 2), ("device.fork", 1)]
