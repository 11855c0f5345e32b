"""Use case: moving a visit to another day. Firm and team stay as drawn (R049)."""

from __future__ import annotations

from datetime import date

from domain.access import Action, Actor, may
from domain.errors import fault
from server.audit.service import write_event
from server.db import unit_of_work
from server.guard import require
from server.inspections.models import Inspection
from server.inspections.publishing import publish_inspection
from server.inspections.reading import get_inspection, target_of
from server.inspections.team_changes import MOVABLE, lock_visit
from server.runtime import today


def can_plan(actor: Actor, inspection: Inspection) -> bool:
    """Whether the actor may move the visit now: nothing has been handed in yet."""
    is_untouched = all(sheet.state in MOVABLE for sheet in inspection.sheets)
    is_untouched = is_untouched and inspection.withdrawn_at is None
    return is_untouched and may(actor, Action.INSPECTION_ASSIGN, target_of(inspection))


def set_planned_on(actor: Actor, inspection_id: int, day: date) -> Inspection:
    """Plans the visit for that day and tells the phones. Raises ``request.bad_parameter`` for a
    past day, ``sheet.wrong_state`` once a sheet has been handed in, ``inspection.withdrawn``."""
    with unit_of_work():
        inspection = get_inspection(actor, inspection_id)
        require(actor, Action.INSPECTION_ASSIGN, target_of(inspection))
        if day < today():
            raise fault("request.bad_parameter", field="planned_on")
        lock_visit(inspection)  # or a visit withdrawn meanwhile would be sent out again
        if inspection.withdrawn_at is not None:
            raise fault("inspection.withdrawn")
        for sheet in inspection.sheets:
            if sheet.state not in MOVABLE:
                raise fault("sheet.wrong_state", state=sheet.state, action="plan")
        if inspection.planned_on != day:
            inspection.planned_on = day
            publish_inspection(inspection, actor.person_id)
            write_event(
                actor.jurisdiction_id,
                actor.person_id,
                "inspection.planned",
                f"inspection:{inspection.id}",
                planned_on=day.isoformat(),
            )
    return inspection
