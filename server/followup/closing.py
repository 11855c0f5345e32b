"""Use cases: closing a visit 办结. 后续处置无例外 (R043): not before every sheet is entered and
every problem dealt with; the database refuses it as well."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import select

from domain.access import Action, Actor
from domain.errors import fault
from domain.followup import CaseState
from domain.results import is_problem
from server.audit.service import write_event
from server.db import db, unit_of_work
from server.followup.models import FollowUp, InspectionClosing
from server.followup.reading import is_closed, list_closings
from server.guard import require
from server.inspections.service import Inspection, get_inspection, lock_visit
from server.runtime import now

LOCKED = ("entered", "published")


@dataclass(frozen=True, slots=True)
class Lack:
    """One thing that keeps a visit open: a code of the catalogue and what it is said with."""

    code: str
    details: dict[str, object] = field(default_factory=dict)


def list_lacks(inspection: Inspection) -> list[Lack]:
    """Everything at once; empty where the visit can be closed."""
    lacks = []
    waiting = [one.department.name for one in inspection.sheets if one.state not in LOCKED]
    if waiting or not inspection.sheets:
        lacks.append(Lack("follow_up.sheets_not_entered", {"departments": "、".join(waiting)}))
    query = select(FollowUp).where(FollowUp.inspection_id == inspection.id)
    cases = list(db.session.scalars(query.order_by(FollowUp.id)))
    for state, code in (
        (CaseState.OPEN, "follow_up.undecided"),
        (CaseState.DECIDED, "follow_up.not_done"),
    ):
        items = [one.item_code for one in cases if one.state == state]
        if items:
            lacks.append(Lack(code, {"count": len(items), "items": "、".join(items)}))
    followed = {one.sheet_id for one in cases}
    missing = [
        one.department.name
        for one in inspection.sheets
        if one.result_code is not None and is_problem(one.result_code) and one.id not in followed
    ]
    if missing:
        lacks.append(Lack("follow_up.not_opened", {"departments": "、".join(missing)}))
    return lacks


def close_inspection(actor: Actor, inspection_id: int, note: str = "") -> InspectionClosing:
    """Closes the visit. Raises ``inspection.not_closable`` with everything missing as ``unmet``,
    ``inspection.already_closed``, ``inspection.withdrawn``."""
    require(actor, Action.INSPECTION_CLOSE)
    get_inspection(actor, inspection_id)
    with unit_of_work() as work:
        inspection = get_inspection(actor, inspection_id)
        if inspection.withdrawn_at is not None:
            raise fault("inspection.withdrawn")
        lock_visit(inspection)
        for sheet in inspection.sheets:
            work.refresh(sheet)
        if is_closed(list_closings(inspection_id)):
            raise fault("inspection.already_closed")
        if lacks := list_lacks(inspection):
            unmet = [{"code": one.code, "details": one.details} for one in lacks]
            raise fault("inspection.not_closable", count=len(unmet), unmet=unmet)
        closing = InspectionClosing(
            jurisdiction_id=actor.jurisdiction_id,
            inspection_id=inspection_id,
            action="close",
            person_id=actor.person_id,
            at=now(),
            note=note,
        )
        work.add(closing)
        write_event(
            actor.jurisdiction_id, actor.person_id, "inspection.closed", f"insp:{inspection_id}"
        )
        work.flush()
    return closing
