"""At the desk: who sees which visit, and how a sheet is accepted, returned, entered, moved."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from domain.errors import Fault
from server.db import db, scope_to, unit_of_work
from server.fieldsync.models import Entity, LedgerEntry
from server.inspections import service as inspections
from server.inspections.models import Inspection, Sheet, TeamMember
from server.results.models import SheetVersion
from sync.outcomes import Applied, Invalid
from tests.conftest import Clock
from tests.integration.builders import Field, build_field
from tests.integration.inspections.visit import answer, do, fill, submit

NO_PROBLEM = {"PAX-01": 1, "PAX-02": 1, "PAX-03": 1}


@pytest.fixture
def field(app: Flask) -> Iterator[Field]:
    with app.app_context():
        made = build_field()
        scope_to(made.jurisdiction_id)
        yield made


def sheet_of(field: Field, code: str = "tr") -> Sheet:
    db.session.expire_all()
    return db.session.get_one(Sheet, field.sheet_ids[code])


def seen_content(field: Field, who: str = "wang") -> str:
    actor = field.actor(who)
    inspection = inspections.get_inspection(actor, field.inspection_id)
    view = inspections.view_sheet(actor, inspection, inspections.get_sheet(inspection, "tr"))
    return view.seen_content


def enter(field: Field, results: dict[str, int], who: str = "wang", seen: str = "") -> Sheet:
    return inspections.enter_sheet(
        field.actor(who), field.inspection_id, "tr", results, seen or seen_content(field, who)
    )


def test_lead_accepts_what_was_submitted(field: Field) -> None:
    fill(field)
    submit(field)
    inspections.accept_sheet(field.actor("lead"), field.inspection_id, "tr")
    assert sheet_of(field).state == "accepted"
    assert sheet_of(field).accepted_by == field.people["lead"]


def test_lead_cannot_accept_what_was_not_submitted(field: Field) -> None:
    with pytest.raises(Fault) as refused:
        inspections.accept_sheet(field.actor("lead"), field.inspection_id, "tr")
    assert refused.value.code == "sheet.not_submitted"
    assert sheet_of(field).state == "open"


def test_return_needs_a_reason_and_opens_the_sheet_again(field: Field) -> None:
    fill(field)
    submit(field)
    with pytest.raises(Fault) as refused:
        inspections.return_sheet(field.actor("lead"), field.inspection_id, "tr", "  ")
    assert refused.value.code == "sheet.needs_reason"
    inspections.return_sheet(field.actor("lead"), field.inspection_id, "tr", "第二项请补照片")
    assert (sheet_of(field).state, sheet_of(field).return_reason) == ("returned", "第二项请补照片")


def test_inspector_and_other_departments_cannot_review(field: Field) -> None:
    fill(field)
    submit(field)
    for who in ("wang", "zhao", "office"):
        with pytest.raises(Fault) as refused:
            inspections.accept_sheet(field.actor(who), field.inspection_id, "tr")
        assert refused.value.code == "access.denied"
    with pytest.raises(Fault) as refused:
        inspections.accept_sheet(field.actor("lead"), field.inspection_id, "mr")
    assert refused.value.code == "access.denied"


@pytest.mark.both
def test_entering_locks_with_the_digest_of_what_was_seen(field: Field) -> None:
    fill(field)
    submit(field)
    inspections.accept_sheet(field.actor("lead"), field.inspection_id, "tr")
    enter(field, NO_PROBLEM)
    version = db.session.scalars(select(SheetVersion)).one()
    assert sheet_of(field).state == "entered"
    assert (version.version, version.result_code) == (1, 1)
    assert version.entered_by == field.people["wang"]


def test_unmet_preconditions_are_told_all_at_once(field: Field) -> None:
    answer(field, "wang", "PAX-01", "fail")
    with pytest.raises(Fault) as refused:
        enter(field, {"PAX-01": 1})
    assert refused.value.code == "sheet.preconditions"
    codes = {one["code"] for one in refused.value.details["unmet"]}  # type: ignore[attr-defined]
    assert codes >= {
        "entry.not_ended", "entry.officers", "entry.answer", "entry.signature_officer",
        "entry.signature_firm", "entry.result", "entry.result_contradicts", "entry.not_accepted",
    }  # fmt: skip
    assert sheet_of(field).state == "open"


def test_page_that_is_older_than_the_sheet_enters_nothing(field: Field) -> None:
    fill(field)
    seen = seen_content(field)
    answer(field, "li", "PAX-03", "台账缺一页")
    submit(field)
    inspections.accept_sheet(field.actor("lead"), field.inspection_id, "tr")
    with pytest.raises(Fault) as refused:
        enter(field, NO_PROBLEM, seen=seen)
    assert refused.value.code == "entry.seen_stale"
    assert sheet_of(field).state == "accepted"


def test_office_and_other_department_cannot_enter(field: Field) -> None:
    fill(field)
    submit(field)
    for who in ("office", "zhao", "lead"):
        with pytest.raises(Fault) as refused:
            enter(field, NO_PROBLEM, who=who, seen=seen_content(field))
        assert refused.value.code == "access.denied"


def test_other_department_reads_the_visit_but_not_the_fill(field: Field) -> None:
    fill(field)
    actor = field.actor("zhao")
    inspection = inspections.get_inspection(actor, field.inspection_id)
    readable = [
        s.code for s in inspection.sheets if inspections.can_read_sheet(actor, inspection, s)
    ]
    assert readable == ["mr"]


def test_stranger_and_another_county_do_not_get_the_visit(field: Field) -> None:
    with pytest.raises(Fault) as refused:
        inspections.get_inspection(field.actor("stranger"), field.inspection_id)
    assert refused.value.code == "access.denied"
    scope_to(None)
    other = build_field("140523", "x")
    with pytest.raises(Fault) as unknown:
        inspections.get_inspection(other.actor("office"), field.inspection_id)
    assert unknown.value.code == "inspection.not_found"


@pytest.mark.both
def test_list_shows_the_county_to_the_office_and_own_visits_to_a_team(field: Field) -> None:
    def numbers(who: str, **wanted: object) -> list[str]:
        page = inspections.list_inspections(field.actor(who), **wanted)  # type: ignore[arg-type]
        return [row.number for row in page.rows]

    assert numbers("office") == numbers("wang") == numbers("zhao") == ["2026-0001"]
    assert numbers("stranger") == []
    assert numbers("office", q="客运") == ["2026-0001"]
    assert numbers("office", q="%") == []
    assert numbers("office", state="submitted") == []
    assert numbers("office", state="open", department="mr") == ["2026-0001"]
    assert numbers("office", day=date(2026, 3, 4)) == ["2026-0001"]
    assert numbers("office", day=date(2026, 3, 5)) == []
    assert numbers("office", officer=field.officers["wang"]) == ["2026-0001"]
    assert numbers("office", officer=field.officers["stranger"]) == []


def test_replaced_officer_is_no_longer_in_the_team(field: Field, clock: Clock) -> None:
    with unit_of_work() as work:
        member = work.get_one(TeamMember, (field.inspection_id, field.officers["wang"]))
        member.removed_at = clock()
    inspection = db.session.get_one(Inspection, field.inspection_id)
    assert not inspections.is_in_team(inspection, field.people["wang"])
    assert inspections.is_in_team(inspection, field.people["li"])
    assert inspections.list_inspections(field.actor("wang")).rows == []


def test_new_day_reaches_the_phones_in_one_commit(field: Field) -> None:
    before = db.session.scalars(
        select(LedgerEntry.id).where(LedgerEntry.space == field.space)
    ).all()
    inspections.set_planned_on(field.actor("office"), field.inspection_id, date(2026, 3, 6))
    row = db.session.get_one(Entity, (field.space, f"inspection:{field.inspection_id}"))
    after = db.session.scalars(select(LedgerEntry.id).where(LedgerEntry.space == field.space)).all()
    assert row.fields["planned_on"] == "2026-03-06"
    assert [one["name"] for one in row.fields["team"]][:2] == ["王检查", "李检查"]
    assert len(after) == len(before) + 1


def test_day_cannot_move_into_the_past_nor_after_the_hand_in(field: Field) -> None:
    with pytest.raises(Fault) as past:
        inspections.set_planned_on(field.actor("office"), field.inspection_id, date(2026, 3, 3))
    assert past.value.code == "request.bad_parameter"
    with pytest.raises(Fault) as denied:
        inspections.set_planned_on(field.actor("wang"), field.inspection_id, date(2026, 3, 6))
    assert denied.value.code == "access.denied"
    fill(field)
    submit(field)
    with pytest.raises(Fault) as late:
        inspections.set_planned_on(field.actor("office"), field.inspection_id, date(2026, 3, 6))
    assert late.value.code == "sheet.wrong_state"


def test_lead_sees_the_day_with_findings_and_what_is_missing(field: Field) -> None:
    fill(field, failed=1)
    view = inspections.view_day(field.actor("lead"), date(2026, 3, 4))
    (visit,) = view.visits
    assert view.stages["visited"] == 1 and visit.hidden == 1
    assert [one.sheet.code for one in visit.sheets] == ["tr"]
    assert dict(view.findings) == {"minor": 1}
    assert visit.sheets[0].view.answered == 3
    assert visit.sheets[0].view.unmet != ()
    assert view.before is None and view.after is None


def test_two_versions_stand_side_by_side(field: Field) -> None:
    answer(field, "wang", "PAX-01", "pass")
    do(
        field, "li", "answer.set", "answer:tr/PAX-01", {"value": "fail"}, base={"value": None}
    )  # fmt: skip
    actor = field.actor("wang")
    inspection = inspections.get_inspection(actor, field.inspection_id)
    view = inspections.view_sheet(actor, inspection, inspections.get_sheet(inspection, "tr"))
    first = view.items[0]
    assert first.answer == "合格"
    assert [(one.author, one.answer) for one in first.siblings] == [("李检查", "不合格")]


@pytest.mark.parametrize(("day", "is_taken"), [
    ("2026-02-28", False), ("2026-03-01", True), ("2026-03-05", True), ("2026-03-06", False),
    ("2926-03-04", False),
])  # fmt: skip
def test_a_visit_ends_between_its_assignment_and_tomorrow(
    field: Field, day: str, is_taken: bool
) -> None:
    """Tomorrow, because a phone's clock may be ahead; assigned on 2026-03-01, today the 4th."""
    told = do(field, "wang", "sheet.submit", "sheet:tr", {"ended_on": day})
    assert isinstance(told, Applied if is_taken else Invalid)
    if isinstance(told, Invalid):
        assert told.error.code == "sheet.end_out_of_range"
        assert told.error.details == {"day": day, "first": "2026-03-01", "last": "2026-03-05"}
    state = sheet_of(field).state
    assert state == ("submitted" if is_taken else "open")
