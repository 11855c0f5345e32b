"""Lookups: one case, the cases of a visit, what is proposed for one, whether a visit is closed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from domain.access import Action, Actor, Target, may
from domain.calendar import WorkCalendar
from domain.deadlines import DeadlineState, deadline_state, working_days_left
from domain.errors import fault
from domain.followup import Body, CaseState, Proposal, propose
from server.accounts.directory import find_department, list_departments
from server.db import db
from server.fieldsync import service as fieldsync
from server.followup.models import FollowUp, FollowUpStep, InspectionClosing
from server.guard import require
from server.inspections.records import get_sheet_by_id
from server.registry import service as registry

MARKET = "市场监督管理"
JUSTICE = "公安机关"  # the county's own where the register of departments has it
POLICE = "公安"


def target_of(case: FollowUp) -> Target:
    """The case as the access rules see it: its department's."""
    return Target(case.jurisdiction_id, case.department_id)


def get_case(actor: Actor, case_id: int) -> FollowUp:
    """Raises ``follow_up.not_found``, also for another county's, and ``access.denied``."""
    case = db.session.scalar(
        select(FollowUp)
        .where(FollowUp.id == case_id, FollowUp.jurisdiction_id == actor.jurisdiction_id)
        .options(
            joinedload(FollowUp.inspection),
            joinedload(FollowUp.department),
            selectinload(FollowUp.steps),
        )
    )
    if case is None:
        raise fault("follow_up.not_found")
    require(actor, Action.FOLLOW_UP_READ, target_of(case))
    return case


def can_decide(actor: Actor, case: FollowUp) -> bool:
    """Whether this person decides for the case's department."""
    return may(actor, Action.FOLLOW_UP_DECIDE, target_of(case))


def can_read(actor: Actor, case: FollowUp) -> bool:
    """Whether the case is this person's business."""
    return may(actor, Action.FOLLOW_UP_READ, target_of(case))


def list_of_sheets(sheet_ids: Collection[int]) -> list[FollowUp]:
    """By sheet and item; whether the reader may see the sheets is asked before."""
    query = select(FollowUp).where(FollowUp.sheet_id.in_(sheet_ids))
    return list(db.session.scalars(query.order_by(FollowUp.sheet_id, FollowUp.id)))


def get_paper(actor: Actor, case_id: int, step_id: int) -> tuple[FollowUpStep, str, Path]:
    """The step, type and file of a paper attached to it. Raises ``attachment.not_found``."""
    case = get_case(actor, case_id)
    for step in case.steps:
        if step.id == step_id and step.document_sha256:
            mime, path = fieldsync.get_document(step.document_sha256)
            return step, mime, path
    raise fault("attachment.not_found")


@dataclass(frozen=True, slots=True)
class ProposedFor:
    """What is offered for a case, with the competent body by name; ``foreign`` is the department
    the checklist names for the item where it is not the one that found the problem."""

    proposal: Proposal
    body: str


def propose_for(case: FollowUp, *, is_crime: bool = False) -> ProposedFor:
    """By ``domain.followup.propose``; a name the county's departments do not have is the general
    one."""
    own = case.department.name
    named = _department_of_item(case)
    foreign = find_department(named) if named else None
    is_foreign = bool(named) and (foreign is None or foreign.id != case.department_id)
    proposal = propose(
        case.result_code,
        case.severity,
        item_is_foreign=is_foreign,
        is_market=MARKET in own,
        is_crime=is_crime,
    )
    names = {
        Body.OWN: own,
        Body.ITEM: foreign.name if foreign else named or own,
        Body.MARKET: _department_like(MARKET) or "市场监督管理部门",
        Body.JUSTICE: _department_like(POLICE) or JUSTICE,
    }
    return ProposedFor(proposal, names[proposal.body])


def own_names(case: FollowUp) -> list[str]:
    """The case's department, in every spelling."""
    return [case.department.name, *case.department.alias_names]


def _department_of_item(case: FollowUp) -> str:
    """As the sheet's own version of its list names it; empty for the bureau's own items."""
    for one in get_sheet_by_id(case.sheet_id).lists:
        if case.item_code in one["items"]:
            for item in registry.list_check_items(one["list"]):
                if item.code == case.item_code:
                    return item.department or ""
    return ""


def _department_like(part: str) -> str:
    return next((one.name for one in list_departments() if part in one.name), "")


def due_of(case: FollowUp) -> date | None:
    """What the clock of the case runs to now: its decision, or what was decided."""
    if case.state == CaseState.OPEN:
        return case.decide_by
    return case.due_on if case.state in (CaseState.DECIDED, CaseState.DONE) else None


def urgency_of(
    case: FollowUp, today: date, calendar: WorkCalendar
) -> tuple[DeadlineState | None, int | None]:
    """State and working days left; None for a case without a due date, and once it is done."""
    due = due_of(case)
    if due is None or case.state == CaseState.DONE:
        return None, None
    return deadline_state(due, today, None, calendar), working_days_left(due, today, calendar)


def list_closings(inspection_id: int) -> list[InspectionClosing]:
    """Closings and reopenings of a visit, the newest first."""
    query = select(InspectionClosing).where(InspectionClosing.inspection_id == inspection_id)
    return list(db.session.scalars(query.order_by(InspectionClosing.id.desc())))


def is_closed(closings: list[InspectionClosing]) -> bool:
    """Whether the newest of ``list_closings`` is a closing."""
    return bool(closings) and closings[0].action == "close"
