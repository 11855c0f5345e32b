"""What phones know of last time: entered, corrected, as known when the visit was published."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from flask import Flask

from server.db import db, scope_to, unit_of_work
from server.draws.models import Draw
from server.fieldsync import service as fieldsync
from server.inspections.models import Inspection, Sheet, TeamMember
from server.inspections.publishing import publish_inspection, publish_new_inspections
from tests.integration.builders import AT, PASSWORD, Field
from tests.integration.fieldsync.day import RESULTS, STROKES, lock_sheet
from tests.integration.fieldsync.phone import Phone

Make = Callable[[str], Phone]


def draw_again(app: Flask, field: Field) -> Field:
    """The same firm, team and lists a year later."""
    with app.app_context():
        scope_to(field.jurisdiction_id)
        with unit_of_work():
            before = db.session.get_one(Inspection, field.inspection_id)
            draw = Draw(
                jurisdiction_id=field.jurisdiction_id, public_id="draw-next",
                task_id=before.task_id, state="drawn", pool="{}", pool_sha256="1" * 64,
                frozen_at=AT,
            )  # fmt: skip
            db.session.add(draw)
            db.session.flush()
            again = Inspection(
                jurisdiction_id=field.jurisdiction_id, number="2027-0001", draw_id=draw.id,
                task_id=before.task_id, firm_id=before.firm_id, planned_on=date(2027, 3, 4),
                created_at=AT,
                team=[
                    TeamMember(
                        officer_id=one.officer_id, department_id=one.department_id,
                        position=one.position, is_lead=one.is_lead,
                    )
                    for one in before.team
                ],
                sheets=[
                    Sheet(
                        jurisdiction_id=field.jurisdiction_id, department_id=one.department_id,
                        code=one.code, lists=one.lists,
                    )
                    for one in before.sheets
                ],
            )  # fmt: skip
            db.session.add(again)
            db.session.flush()
            publish_new_inspections([again], field.people["office"])
        return replace(field, inspection_id=again.id)


def row(phone: Phone, field: Field, entity: str) -> dict[str, Any]:
    phone.pull()
    found: dict[str, Any] = phone.rows[f"{field.space} {entity}"]
    return found


def correct(phone: Make, wang: Phone) -> None:
    """PAX-01 was entered as passed; approved as failed afterwards."""
    asked = {"value": "fail", "note": "许可证已过期", "reason": "误填", "result": 8}
    told = wang.result(wang.make("correction.propose", "answer:tr/PAX-01", asked))
    head = phone("head")
    order = head.client.get(f"/api/v1/proposals/{told['proposal']}").get_json()
    answer = {"password": PASSWORD, "reason": "属实", "against": order["against"]}
    answer["signature"] = {"strokes": STROKES, "size": [300, 120]}
    done = head.post(f"/api/v1/proposals/{told['proposal']}/approve", answer)
    assert done.status_code == 200, done.get_json()


@pytest.mark.both
def test_a_department_learns_its_own_findings_with_corrections_and_others_the_result_only(
    app: Flask, field: Field, phone: Make
) -> None:
    wang, _lead = lock_sheet(phone)
    correct(phone, wang)
    again = draw_again(app, field)
    last = row(wang, again, f"inspection:{again.inspection_id}")["fields"]["last"]
    assert last["number"] == "2026-0001" and last["on"] == "2026-03-04"
    assert [one["result"] for one in last["results"]] == [8]
    found = row(wang, again, "past:tr")["fields"]["findings"]
    assert found["PAX-01"]["verdict"] == "fail" and found["PAX-01"]["note"] == "许可证已过期"
    assert found.keys() == set(RESULTS)
    partner = phone("zhao")
    told = row(partner, again, f"inspection:{again.inspection_id}")["fields"]
    assert told["last"] == last and told["may"] == ["mr"]
    assert row(partner, again, "past:tr")["fields"]["findings"] == {}
    with app.app_context():
        assert fieldsync.check_live_ledger().problems == []


def test_what_is_entered_later_is_told_when_the_visit_is_published_again(
    app: Flask, field: Field, phone: Make
) -> None:
    again = draw_again(app, field)
    wang = phone("wang")
    assert row(wang, again, f"inspection:{again.inspection_id}")["fields"]["last"] is None
    assert row(wang, again, "past:tr")["fields"]["findings"] == {}
    lock_sheet(phone)
    assert row(wang, again, "past:tr")["fields"]["findings"] == {}, "as known when published"
    with app.app_context():
        scope_to(field.jurisdiction_id)
        with unit_of_work():
            moved = db.session.get_one(Inspection, again.inspection_id)
            publish_inspection(moved, field.people["office"])
    assert row(wang, again, "past:tr")["fields"]["findings"].keys() == set(RESULTS)
