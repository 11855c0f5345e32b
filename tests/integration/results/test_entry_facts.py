"""What entry looks at, read from the rows of a sheet (DESIGN 5.2)."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from domain.checklists import Judgement, Missing, Verdict
from domain.results import SheetFacts
from server.accounts.models import Jurisdiction
from server.db import db, unit_of_work
from server.fieldsync.service import read_sheet
from server.registry.models import CheckEntry
from server.results import service
from tests.integration.builders import Field, build_field
from tests.integration.fieldsync.day import RESULTS, attach, claim, fill, make_jpeg, sign, submit
from tests.integration.fieldsync.phone import Phone

Make = Callable[[str], Phone]


@pytest.fixture
def field(app: Flask) -> Field:
    with app.app_context():
        return build_field()


@pytest.fixture
def phone(app: Flask, field: Field) -> Make:
    return lambda name: Phone(app, field, name)


def facts(app: Flask, field: Field, results: dict[str, int] | None = None) -> SheetFacts:
    with app.app_context():
        return service.entry_facts(read_sheet(field.inspection_id, "tr"), results)


def codes(app: Flask, field: Field, results: dict[str, int]) -> list[str]:
    with app.app_context():
        return [u.code for u in service.list_unmet(field.inspection_id, "tr", results)]


def test_only_officers_of_the_own_team_count_as_present(
    app: Flask, field: Field, phone: Make
) -> None:
    wang = phone("wang")
    for name in ("wang", "zhao", "stranger"):
        checkin = {"sheet": "tr", "officer_id": field.officers[name], "place": None}
        wang.make("checkin.add", f"checkin:{uuid.uuid4()}", checkin)
        sign(wang, "officer", name, officer_id=field.officers[name])
    wang.results()
    found = facts(app, field)
    assert set(found.checked_in) == set(found.signed_officers) == {field.officers["wang"]}


def test_the_firms_signature_stands_for_the_picture_of_it(
    app: Flask, field: Field, phone: Make
) -> None:
    with app.app_context(), unit_of_work():
        entry = db.session.scalars(select(CheckEntry).where(CheckEntry.code == "PAX-03")).one()
        entry.answer = {"type": "photo", "min": 1, "known": "firm_signature"}
    wang = phone("wang")
    sign(wang, "firm", "陈经理", refused=True, reason="不认可")
    wang.results()
    # A refusal counts once two officers who were there have signed for it.
    assert facts(app, field).judgements["PAX-03"] == Judgement(Verdict.MISSING)
    assert "entry.signature_firm" in codes(app, field, {})
    assert "entry.photo_required" not in codes(app, field, {})
    for name in ("wang", "li"):
        checkin = {"sheet": "tr", "officer_id": field.officers[name], "place": None}
        wang.make("checkin.add", f"checkin:{uuid.uuid4()}", checkin)
        sign(wang, "officer", name, officer_id=field.officers[name])
    wang.results()
    assert facts(app, field).judgements["PAX-03"] == Judgement(Verdict.RECORDED)


def test_a_count_below_zero_is_answered_invalid_and_named(
    app: Flask, field: Field, phone: Make
) -> None:
    with app.app_context(), unit_of_work():
        entry = db.session.scalars(select(CheckEntry).where(CheckEntry.code == "PAX-03")).one()
        entry.answer = {"type": "number", "unit": "人", "pass": ">=2"}
    wang = phone("wang")
    for number in ("-3", "2.5", "1000001"):
        value = {"value": {"number": number}}
        wang.make("answer.set", "answer:tr/PAX-03", value, base={"value": None})
    found = [(one["status"], one["error"]["code"]) for one in wang.results()]
    assert found == [("invalid", "answer.not_a_count")] * 3
    assert facts(app, field).judgements["PAX-03"].missing == (Missing.VALUE,)


def test_refusal_to_sign_needs_its_reason(app: Flask, field: Field, phone: Make) -> None:
    wang = phone("wang")
    sign(wang, "firm", "陈经理", refused=True, reason=" ")
    wang.results()
    assert facts(app, field).firm_refusal_reason is None
    sign(wang, "firm", "陈经理", refused=True, reason="负责人不在，拒绝签字")
    wang.results()
    found = facts(app, field)
    assert found.firm_refusal_reason == "负责人不在，拒绝签字" and not found.firm_signed


def test_refusal_stands_in_for_the_firms_signature(app: Flask, field: Field, phone: Make) -> None:
    wang, lead = phone("wang"), phone("lead")
    fill(wang)
    wang.queue.pop()  # the firm's signature
    sign(wang, "firm", "陈经理", refused=True, reason="拒签")
    submit(wang)
    wang.results()
    lead.result(lead.make("sheet.accept", "sheet:tr"))
    assert codes(app, field, RESULTS) == []


def test_removed_photo_counts_no_more_and_an_expected_one_is_waited_for(
    app: Flask, field: Field, phone: Make
) -> None:
    wang = phone("wang")
    op = attach(wang, "PAX-01", make_jpeg())
    wang.results()
    assert [p.is_received for p in facts(app, field).photos] == [False]
    assert facts(app, field).photos[0].items == ("PAX-01",)
    wang.make(
        "photo.remove",
        f"photo:{op['photo']['sha256']}",
        {"from": "answer:tr/PAX-01"},
        base={"attached": op["op"]},
    )
    wang.results()
    assert facts(app, field).photos == []


def test_visit_that_ends_tomorrow_has_not_ended(app: Flask, field: Field, phone: Make) -> None:
    wang = phone("wang")
    fill(wang)
    submit(wang, "2026-03-05")
    wang.results()
    assert "entry.not_ended" in codes(app, field, RESULTS)


def test_county_may_do_without_the_leads_acceptance(app: Flask, field: Field, phone: Make) -> None:
    wang = phone("wang")
    fill(wang)
    submit(wang)
    wang.results()
    assert codes(app, field, RESULTS) == ["entry.not_accepted"]
    with app.app_context(), unit_of_work() as work:
        county = work.get_one(Jurisdiction, field.jurisdiction_id)
        county.settings = {"entry.acceptance_required": False}
    assert codes(app, field, RESULTS) == []


@pytest.mark.both
def test_two_versions_of_an_answer_keep_the_sheet_open(
    app: Flask, field: Field, phone: Make
) -> None:
    wang, li = phone("wang"), phone("li")
    fill(wang)
    wang.results()
    li.result(li.set("PAX-01", {"value": "fail"}))
    assert facts(app, field).open_siblings == ["answer:tr/PAX-01"]
    assert "entry.conflict" in codes(app, field, RESULTS)


def test_a_marked_copy_is_not_the_photo_that_is_asked_for(
    app: Flask, field: Field, phone: Make
) -> None:
    wang = phone("wang")
    wang.set("PAX-01", {"outcome": "closed", "note": "门头已拆"})
    marks = [{"kind": "arrow", "colour": "red", "points": [[10, 10], [500, 500]]}]
    manifest = {"source": "marked", "of": "b" * 64, "marks": marks}
    copy = claim(make_jpeg(colour="red"), manifest=manifest)
    wang.make("photo.attach", "answer:tr/PAX-01", photo=copy)
    assert {one["status"] for one in wang.results()} == {"applied"}
    assert "entry.outcome_photo" in codes(app, field, {})
    attach(wang, "PAX-01", make_jpeg())
    wang.results()
    assert "entry.outcome_photo" not in codes(app, field, {})
    with app.app_context():
        sheet = read_sheet(field.inspection_id, "tr")
        assert (len(sheet.list_photos("PAX-01")), sheet.count_originals("PAX-01")) == (2, 1)
