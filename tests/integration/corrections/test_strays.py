"""Work of somebody without the right to it: visible, taken over or refused, never dropped."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from server.corrections.models import CorrectionStep
from server.db import db
from server.fieldsync import service as fieldsync
from server.fieldsync.models import Proposal
from tests.integration.builders import Field
from tests.integration.fieldsync.day import lock_sheet
from tests.integration.fieldsync.phone import Phone
from tests.integration.inspections.test_inspection_pages import sign_in

Make = Callable[[str], Phone]


def stray(phone: Make, value: str) -> str:
    sender = phone("stranger")
    told = sender.result(sender.set("PAX-03", {"value": value}))
    assert told["status"] == "forbidden"
    found: str = told["proposal"]
    return found


@pytest.mark.proves("I4 I8 I17", "F33")
def test_team_takes_it_over_on_an_open_sheet_and_both_names_stay(
    app: Flask, field: Field, phone: Make
) -> None:
    order = stray(phone, "门卫登记缺失")
    app.config["WTF_CSRF_ENABLED"] = False
    wang, sender = sign_in(app, "wang"), sign_in(app, "stranger")
    assert "核对无误，采用" not in sender.get(f"/corrections/{order}").text
    assert "门卫登记缺失" in wang.get(f"/corrections/{order}").text
    path = f"/corrections/{order}/take-over"
    assert wang.post(path, data={"reason": " "}).status_code == 422
    assert sender.post(path, data={"reason": "自己"}).status_code == 403
    assert wang.post(path, data={"reason": "现场核对属实"}).status_code == 302
    assert wang.post(path, data={"reason": "再来一次"}).status_code == 409
    with app.app_context():
        row = fieldsync.read_sheet(field.inspection_id, "tr").answers["PAX-03"]
        assert row.fields["value"] == "门卫登记缺失"
        assert fieldsync.find_writer(row)[0] == field.people["wang"]
        kept = db.session.scalars(select(Proposal)).one()
        assert (kept.state, kept.person_id) == ("approved", field.people["stranger"])
        taken = db.session.scalars(select(CorrectionStep)).one()
        assert (taken.action, taken.person_id) == ("take_over", field.people["wang"])
        assert fieldsync.verify_ledger() == []


@pytest.mark.proves("I3 I4", "F33 F34")
def test_on_an_entered_sheet_it_becomes_a_correction_of_who_took_it_over(
    app: Flask, field: Field, phone: Make
) -> None:
    lock_sheet(phone)
    order = stray(phone, "门卫登记缺失")
    app.config["WTF_CSRF_ENABLED"] = False
    done = sign_in(app, "wang").post(f"/corrections/{order}/take-over", data={"reason": "属实"})
    assert done.status_code == 302
    with app.app_context():
        found = db.session.scalars(select(Proposal).where(Proposal.id != order)).one()
        assert (found.kind, found.state) == ("correction.propose", "submitted")
        assert found.person_id == field.people["wang"]
        now = fieldsync.read_standing(field.inspection_id, "tr").now
        assert now.answers["PAX-03"].fields["value"] == "台账齐全"


@pytest.mark.proves("I4 I17", "F33")
def test_lead_refuses_it_and_it_is_kept(app: Flask, field: Field, phone: Make) -> None:
    order = stray(phone, "听说的")
    app.config["WTF_CSRF_ENABLED"] = False
    path = f"/corrections/{order}/return"
    assert sign_in(app, "wang").post(path, data={"reason": "无依据"}).status_code == 403
    assert sign_in(app, "lead").post(path, data={"reason": "无依据"}).status_code == 302
    with app.app_context():
        kept = db.session.scalars(select(Proposal)).one()
        assert kept.state == "refused" and kept.payload["fields"] == {"value": "听说的"}
        assert "PAX-03" not in fieldsync.read_sheet(field.inspection_id, "tr").answers
