"""Cases opened, voided and opened again by what is entered, in the same unit of work: no problem is
on record without its case (R043). Called by ``results`` alone, under the visit's lock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from sqlalchemy import select

from domain.county_settings import read_setting
from domain.deadlines import due_date
from domain.followup import (
    CaseChange,
    CaseState,
    KnownCase,
    Problem,
    StepKind,
    compare_cases,
    problems_of,
)
from server.accounts.service import get_jurisdiction
from server.audit.service import write_event
from server.db import db
from server.deadlines.calendar import load_calendar
from server.followup.models import FollowUp, FollowUpStep, InspectionClosing
from server.runtime import now, today

TERM_SETTING = "follow_up.decide_within_days"


def follow_version(
    *,
    jurisdiction_id: int,
    inspection_id: int,
    sheet_id: int,
    department_id: int,
    version: int,
    items: Iterable[Mapping[str, object]],
    person_id: int,
) -> None:
    """Brings the sheet's cases in step with this version, its newest."""
    problems = problems_of(items)
    cases = _lock_cases(sheet_id) if version > 1 else {}
    known = {
        code: KnownCase(CaseState(case.state), case.result_code) for code, case in cases.items()
    }
    changes = compare_cases(known, problems)
    if not changes:
        return
    decide_by = _decide_by(jurisdiction_id)
    for change in changes:
        case = cases.get(change.item)
        if case is None:
            assert change.problem is not None, "a case is opened for a problem"
            case = FollowUp(
                jurisdiction_id=jurisdiction_id,
                inspection_id=inspection_id,
                sheet_id=sheet_id,
                department_id=department_id,
                item_code=change.item,
                opened_at=now(),
                revision=0,
            )
            db.session.add(case)
        _change(case, change, decide_by)
        db.session.flush()
        _note(case, change, version, person_id)
    if any(one.step is not StepKind.VOID for one in changes):
        _reopen_visit(jurisdiction_id, inspection_id, person_id, version)
    write_event(
        jurisdiction_id,
        person_id,
        "follow_up.followed",
        f"insp:{inspection_id}",
        version=version,
        **{step.value: [c.item for c in changes if c.step is step] for step in StepKind
           if any(c.step is step for c in changes)},
    )  # fmt: skip
    db.session.flush()


def _lock_cases(sheet_id: int) -> dict[str, FollowUp]:
    query = select(FollowUp).where(FollowUp.sheet_id == sheet_id).order_by(FollowUp.id)
    return {one.item_code: one for one in db.session.scalars(query.with_for_update())}


def _decide_by(jurisdiction_id: int) -> date:
    term = read_setting(get_jurisdiction(jurisdiction_id).settings, TERM_SETTING)
    return due_date(today(), int(term), load_calendar()).due


def _change(case: FollowUp, change: CaseChange, decide_by: date) -> None:
    case.revision += 1
    if change.problem is None:
        case.state = CaseState.VOID.value
        return
    _describe(case, change.problem)
    if change.step is StepKind.RESTATE:
        return
    case.state, case.decide_by = CaseState.OPEN.value, decide_by
    case.disposal = case.body = case.case_no = case.outcome = case.public_text = ""
    case.due_on = case.decided_by = case.decided_at = case.done_on = None
    case.is_published = False


def _describe(case: FollowUp, problem: Problem) -> None:
    case.item_text, case.severity = problem.text, problem.severity
    case.result_code, case.finding = problem.result, problem.finding


def _note(case: FollowUp, change: CaseChange, version: int, person_id: int) -> None:
    db.session.add(
        FollowUpStep(
            jurisdiction_id=case.jurisdiction_id,
            follow_up_id=case.id,
            action=change.step.value,
            person_id=person_id,
            at=now(),
            reason="",
            details={"version": version, "result": case.result_code},
            document_name="",
        )
    )


def _reopen_visit(jurisdiction_id: int, inspection_id: int, person_id: int, version: int) -> None:
    newest = db.session.scalar(
        select(InspectionClosing)
        .where(InspectionClosing.inspection_id == inspection_id)
        .order_by(InspectionClosing.id.desc())
        .limit(1)
    )
    if newest is not None and newest.action == "close":
        db.session.add(
            InspectionClosing(
                jurisdiction_id=jurisdiction_id,
                inspection_id=inspection_id,
                action="reopen",
                person_id=person_id,
                at=now(),
                note=str(version),
            )
        )
