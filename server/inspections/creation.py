"""Use case, for the draw alone: inspections, their teams and their sheets (R041, R048, R049).

There is no other way to make an inspection: 平台之外无抽查. The column ``draw_id`` may not be
empty, so the database refuses it too.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from domain.errors import fault
from server.accounts.models import Department
from server.db import db, unit_of_work
from server.draws.models import Draw
from server.inspections.models import Inspection, Sheet, TeamMember
from server.inspections.publishing import publish_new_inspections
from server.planning.models import PlanTask
from server.registry import service as registry
from server.registry.models import Firm, Officer
from server.runtime import now


@dataclass(frozen=True, slots=True)
class NewTeamMember:
    """An officer matched by the draw."""

    officer: Officer
    department: Department
    is_lead: bool


@dataclass(frozen=True, slots=True)
class NewInspection:
    """One drawn firm with everybody who goes there; one sheet per department."""

    firm: Firm
    departments: tuple[Department, ...]
    team: tuple[NewTeamMember, ...]


def create_inspections(
    draw: Draw, wanted: list[NewInspection], planned_on: date
) -> list[Inspection]:
    """Creates them in the order given, with the next numbers of the task, and publishes each to
    its team's phones. Raises ``checklist.not_found`` when a department has no list for the task,
    ``item.withdrawn`` when a list's item was withdrawn after the pool was frozen."""
    with unit_of_work():
        lists = _lists(draw.task, wanted)
        first = _count_inspections(draw.task_id) + 1
        made = [
            _create(draw, one, lists, f"{draw.task.task_no}-{serial:02d}", planned_on)
            for serial, one in enumerate(wanted, start=first)
        ]
        db.session.add_all(made)
        db.session.flush()
        publish_new_inspections(made, draw.drawn_by)
    return made


def _lists(task: PlanTask, wanted: list[NewInspection]) -> dict[int, list[dict[str, object]]]:
    """Department id → its lists, the same for every firm of the draw."""
    departments = {one.id: one for entry in wanted for one in entry.departments}
    lists = {key: registry.sheet_lists_for(task, one) for key, one in departments.items()}
    if not all(lists.values()):
        raise fault("checklist.not_found")
    if withdrawn := registry.list_withdrawn(task):
        raise fault("item.withdrawn", item=withdrawn[0])
    return lists


def _count_inspections(task_id: int) -> int:
    query = select(func.count()).select_from(Inspection).where(Inspection.task_id == task_id)
    return db.session.scalar(query) or 0


def _create(
    draw: Draw,
    wanted: NewInspection,
    lists: dict[int, list[dict[str, object]]],
    number: str,
    planned_on: date,
) -> Inspection:
    owner = draw.jurisdiction_id
    return Inspection(
        jurisdiction_id=owner,
        number=number,
        draw_id=draw.id,
        task_id=draw.task_id,
        firm_id=wanted.firm.id,
        planned_on=planned_on,
        created_at=now(),
        team=[
            TeamMember(
                officer_id=one.officer.id,
                department_id=one.department.id,
                position=position,
                is_lead=one.is_lead,
            )
            for position, one in enumerate(wanted.team, start=1)
        ],
        sheets=[
            Sheet(
                jurisdiction_id=owner,
                department_id=department.id,
                code=department.code,
                lists=lists[department.id],
            )
            for department in wanted.departments
        ],
    )
