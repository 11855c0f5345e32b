"""One line per result sheet with what the board and the start page need, in one query."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, func, select

from domain.access import Actor, Role
from server.accounts.models import Department, Person
from server.db import db
from server.inspections.models import Inspection, Sheet, TeamMember
from server.planning.models import PlanTask
from server.registry.models import Firm, Officer


class _Member(NamedTuple):
    officer_id: int
    name: str
    person_id: int | None


@dataclass(frozen=True, slots=True)
class SheetOverview:
    """A department's sheet of one inspection. Dates are Asia/Shanghai, instants UTC. ``team`` and
    ``officer_ids`` are the same people in drawn order, ``person_ids`` those of them who have an
    account."""

    inspection_id: int
    number: str
    firm_name: str
    task_id: int
    task_name: str
    department_id: int
    department_code: str
    department_name: str
    state: str
    planned_on: date | None
    ended_on: date | None
    entered_at: datetime | None
    entered_by: str
    team: tuple[str, ...]
    sheet_id: int
    officer_ids: tuple[int, ...]
    person_ids: tuple[int, ...]


def list_sheet_overviews(actor: Actor, only: Collection[int] | None = None) -> list[SheetOverview]:
    """Every sheet the actor may know of: the whole county for office, approvers and audit,
    otherwise the sheets of the actor's own department; ``only`` those of these ids. Visits taken
    back are left out."""
    query = (
        select(Sheet, Inspection, Firm.name, PlanTask.name, Department, Person.name)
        .join(Inspection, Sheet.inspection_id == Inspection.id)
        .join(Firm, Inspection.firm_id == Firm.id)
        .join(PlanTask, Inspection.task_id == PlanTask.id)
        .join(Department, Sheet.department_id == Department.id)
        .outerjoin(Person, Sheet.entered_by == Person.id)
        .where(*in_sight(actor))
        .order_by(Inspection.id, Sheet.id)
    )
    if only is not None:
        query = query.where(Sheet.id.in_(set(only)))
    rows = db.session.execute(query).all()
    teams = _teams([row[1].id for row in rows])
    found = []
    for sheet, inspection, firm, task, department, entered_by in rows:
        team = teams.get((inspection.id, department.id), ())
        found.append(
            SheetOverview(
                inspection_id=inspection.id,
                number=inspection.number,
                firm_name=firm,
                task_id=inspection.task_id,
                task_name=task,
                department_id=department.id,
                department_code=department.code,
                department_name=department.name,
                state=sheet.state,
                planned_on=inspection.planned_on,
                ended_on=sheet.ended_on or inspection.ended_on,
                entered_at=sheet.entered_at,
                entered_by=entered_by or "",
                team=tuple(one.name for one in team),
                sheet_id=sheet.id,
                officer_ids=tuple(one.officer_id for one in team),
                person_ids=tuple(one.person_id for one in team if one.person_id is not None),
            )
        )
    return found


def map_department_codes(only: Collection[int] | None = None) -> dict[int, list[str]]:
    """Visit → the departments that take part in it, in whoever's sight, of the county or of the
    visits of these sheets: a joint visit takes the shortest of their terms."""
    query = select(Sheet.inspection_id, Department.code).join(
        Department, Sheet.department_id == Department.id
    )
    if only is not None:
        visits = select(Sheet.inspection_id).where(Sheet.id.in_(only))
        query = query.where(Sheet.inspection_id.in_(visits))
    codes: dict[int, list[str]] = {}
    for visit, code in db.session.execute(query):
        codes.setdefault(visit, []).append(code)
    return codes


def count_by_state(actor: Actor) -> Counter[str]:
    """How many sheets in sight are in each state. Counted in the database: the start page asks."""
    query = select(Sheet.state, func.count()).select_from(Sheet).join(Sheet.inspection)
    query = query.where(*in_sight(actor)).group_by(Sheet.state)
    return Counter({row[0]: row[1] for row in db.session.execute(query)})


def count_to_enter(actor: Actor) -> int:
    """How many accepted sheets wait for this officer's team to enter them; nobody else may."""
    on_team = and_(
        TeamMember.inspection_id == Sheet.inspection_id,
        TeamMember.department_id == Sheet.department_id,
    )
    query = select(func.count()).select_from(Sheet).join(Sheet.inspection)
    query = query.join(TeamMember, on_team).where(
        *in_sight(actor), Sheet.state == "accepted",
        TeamMember.officer_id == actor.officer_id, TeamMember.removed_at.is_(None),
    )  # fmt: skip
    return db.session.scalar(query) or 0


def in_sight(actor: Actor) -> list[ColumnElement[bool]]:
    """What ``list_sheet_overviews`` tells of, as conditions on sheets joined with their visits."""
    found: list[ColumnElement[bool]] = [
        Inspection.jurisdiction_id == actor.jurisdiction_id,
        Inspection.withdrawn_at.is_(None),
    ]
    if not sees_all(actor):
        found.append(Sheet.department_id == actor.department_id)
    return found


@dataclass(frozen=True, slots=True)
class FirmSheet:
    """One department's part of a visit to a firm. ``state`` of the sheet; what was found is the
    department's own (``department_id``)."""

    inspection_id: int
    number: str
    task: str
    sheet_id: int
    code: str
    department_id: int
    department: str
    state: str
    planned_on: date | None
    ended_on: date | None
    created_at: datetime
    withdrawn_at: datetime | None


def list_sheets_of_firm(actor: Actor, firm_id: int) -> list[FirmSheet]:
    """Every part of every visit to it, visits taken back too, in order of drawing. Heads only:
    nothing of what was found."""
    # Asked for first: joined, SQLite walked all sheets of the county.
    visits = db.session.scalars(select(Inspection.id).where(Inspection.firm_id == firm_id)).all()
    query = (
        select(
            Inspection.id, Inspection.number, PlanTask.name, Sheet.id, Sheet.code, Department.id,
            Department.name, Sheet.state, Inspection.planned_on,
            func.coalesce(Sheet.ended_on, Inspection.ended_on), Inspection.created_at,
            Inspection.withdrawn_at,
        )
        .join(Inspection, Sheet.inspection_id == Inspection.id)
        .join(PlanTask, Inspection.task_id == PlanTask.id)
        .join(Department, Sheet.department_id == Department.id)
        .where(Inspection.jurisdiction_id == actor.jurisdiction_id, Sheet.inspection_id.in_(visits))
        .order_by(Inspection.id, Sheet.id)
    )  # fmt: skip
    rows: Sequence[Any] = db.session.execute(query).all()
    return [FirmSheet(*row) for row in rows]


def sees_all(actor: Actor) -> bool:
    """Whether the county's sheets are in the actor's sight, and not only the own department's."""
    wide = {Role.OFFICE_STAFF, Role.DEPUTY_HEAD, Role.UNIT_HEAD, Role.AUDITOR, Role.ADMIN}
    return bool(wide & set(actor.roles))


def _teams(inspection_ids: list[int]) -> dict[tuple[int, int], tuple[_Member, ...]]:
    """By inspection and department, in drawn order."""
    query = (
        select(
            TeamMember.inspection_id, TeamMember.department_id, Officer.id, Officer.name,
            Officer.person_id,
        )
        .join(Officer, TeamMember.officer_id == Officer.id)
        .where(TeamMember.inspection_id.in_(set(inspection_ids)), TeamMember.removed_at.is_(None))
        .order_by(TeamMember.position)
    )  # fmt: skip
    found: dict[tuple[int, int], list[_Member]] = {}
    for row in db.session.execute(query):
        key = (row.inspection_id, row.department_id)
        found.setdefault(key, []).append(_Member(row.id, row.name, row.person_id))
    return {key: tuple(value) for key, value in found.items()}
