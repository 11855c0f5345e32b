"""Lookups: one inspection, the filterable list, who belongs to the team."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import joinedload, selectinload

from domain.access import Action, Actor, Role, Target, may
from domain.errors import fault
from server.db import db
from server.guard import require
from server.inspections.models import Inspection, Sheet, TeamMember
from server.inspections.publishing import active_team
from server.planning.models import PlanTask
from server.registry.models import Firm, Officer
from server.registry.paging import Page, like_pattern, page_of

WITHDRAWN = "withdrawn"
SHEET_STATES = ("open", "submitted", "returned", "accepted", "entered", "published", WITHDRAWN)


def get_inspection(actor: Actor, inspection_id: int) -> Inspection:
    """Raises ``inspection.not_found`` also for another county's, ``access.denied`` for a visit
    that is not the actor's business."""
    inspection = db.session.scalar(
        select(Inspection)
        .where(
            Inspection.id == inspection_id,
            Inspection.jurisdiction_id == actor.jurisdiction_id,
        )
        .options(*_with_everything())
    )
    if inspection is None:
        raise fault("inspection.not_found")
    require(actor, Action.INSPECTION_READ, target_of(inspection))
    return inspection


def get_sheet(inspection: Inspection, code: str) -> Sheet:
    """Raises ``sheet.not_found``."""
    for sheet in inspection.sheets:
        if sheet.code == code:
            return sheet
    raise fault("sheet.not_found")


def target_of(inspection: Inspection, sheet: Sheet | None = None) -> Target:
    """The inspection, or one department's sheet of it, as the access rules see it."""
    return Target(
        jurisdiction_id=inspection.jurisdiction_id,
        department_id=sheet.department_id if sheet else None,
        team_person_ids=frozenset(
            member.officer.person_id
            for member in active_team(inspection)
            if member.officer.person_id is not None
        ),
    )


def is_in_team(inspection: Inspection, person_id: int) -> bool:
    """Whether this person was matched to the visit and not replaced since."""
    return person_id in target_of(inspection).team_person_ids


def can_read_sheet(actor: Actor, inspection: Inspection, sheet: Sheet) -> bool:
    """What was found is the department's business alone (DESIGN §4)."""
    return may(actor, Action.SHEET_READ, target_of(inspection, sheet))


def list_inspections(
    actor: Actor,
    *,
    state: str = "",
    task_id: int | None = None,
    department: str = "",
    officer: int | None = None,
    day: date | None = None,
    q: str = "",
    page: int = 1,
) -> Page[Inspection]:
    """The visits the actor may see: the county's for office, leads, heads and audit, otherwise
    those of the teams the actor belongs to. By planned day, the latest first.

    ``state`` and ``department`` (a code) together name one sheet; ``state`` ``withdrawn`` are the
    visits that are not made after all, and they are in no other list. ``officer`` is a row id of
    the officer register; ``q`` looks in number, firm, credit code and task.
    """
    conditions: list[ColumnElement[bool]] = []
    sheet = [Sheet.state == state] if state and state != WITHDRAWN else []
    sheet += [Sheet.code == department] if department else []
    if sheet:
        conditions.append(Inspection.sheets.any(and_(*sheet)))
    if task_id is not None:
        conditions.append(Inspection.task_id == task_id)
    if officer is not None:
        conditions.append(
            Inspection.team.any(
                and_(TeamMember.officer_id == officer, TeamMember.removed_at.is_(None))
            )
        )
    if day is not None:
        conditions.append(Inspection.planned_on == day)
    if q := q.strip():
        conditions.append(_mentions(like_pattern(q)))
    query = (
        _in_sight(actor, withdrawn=state == WITHDRAWN)
        .where(*conditions)
        .options(*_with_everything())
    )
    order = (Inspection.planned_on.desc(), Inspection.number, Inspection.id)
    return page_of(query.options(*_with_everything()).order_by(*order), page)


def list_of_day(actor: Actor, day: date) -> list[Inspection]:
    """The visits planned for that day or ended on it, by number; for a team lead those of the
    lead's own department's teams."""
    is_that_day = or_(Inspection.planned_on == day, Inspection.ended_on == day)
    query = _in_sight(actor).where(is_that_day).options(*_with_everything())
    if not set(actor.roles) & _WIDE:
        query = query.where(Inspection.sheets.any(Sheet.department_id == actor.department_id))
    return list(db.session.scalars(query.order_by(Inspection.number)))


def list_days(actor: Actor, around: date) -> tuple[date | None, date | None]:
    """The nearest earlier and later day with visits in sight."""
    query = _in_sight(actor).with_only_columns(Inspection.planned_on)
    before = db.session.scalar(
        query.where(Inspection.planned_on < around).order_by(Inspection.planned_on.desc()).limit(1)
    )
    after = db.session.scalar(
        query.where(Inspection.planned_on > around).order_by(Inspection.planned_on).limit(1)
    )
    return before, after


def list_of_draw(draw_id: int) -> list[Inspection]:
    """What came of a draw, in ticket order: creation followed it."""
    query = select(Inspection).where(Inspection.draw_id == draw_id).options(*_with_everything())
    return list(db.session.scalars(query.order_by(Inspection.id)))


def list_of_task(task_id: int) -> list[Inspection]:
    """The visits of all draws of a task that are to be made, in ticket order."""
    query = select(Inspection).where(
        Inspection.task_id == task_id, Inspection.withdrawn_at.is_(None)
    )
    return list(db.session.scalars(query.options(*_with_everything()).order_by(Inspection.id)))


def list_by_ids(inspection_ids: Collection[int]) -> list[Inspection]:
    """These visits of the county in sight, in no order."""
    if not inspection_ids:
        return []
    query = select(Inspection).where(Inspection.id.in_(inspection_ids))
    return list(db.session.scalars(query.options(*_with_everything())))


_WIDE = {Role.OFFICE_STAFF, Role.DEPUTY_HEAD, Role.UNIT_HEAD, Role.AUDITOR}


def _in_sight(actor: Actor, *, withdrawn: bool = False) -> Select[tuple[Inspection]]:
    is_withdrawn = Inspection.withdrawn_at.is_not(None)
    query = select(Inspection).where(
        Inspection.jurisdiction_id == actor.jurisdiction_id,
        is_withdrawn if withdrawn else ~is_withdrawn,
    )
    if may(actor, Action.INSPECTION_READ, Target(actor.jurisdiction_id)):
        return query
    mine = TeamMember.officer.has(Officer.person_id == actor.person_id)
    return query.where(Inspection.team.any(and_(mine, TeamMember.removed_at.is_(None))))


def _mentions(pattern: str) -> ColumnElement[bool]:
    firm = or_(Firm.name.ilike(pattern, escape="\\"), Firm.uscc.ilike(pattern, escape="\\"))
    return or_(
        Inspection.number.ilike(pattern, escape="\\"),
        Inspection.firm.has(firm),
        Inspection.task.has(PlanTask.name.ilike(pattern, escape="\\")),
    )


def _with_everything() -> tuple[Any, ...]:
    """One query per table instead of one per row."""
    return (
        joinedload(Inspection.firm),
        joinedload(Inspection.task),
        selectinload(Inspection.sheets).joinedload(Sheet.department),
        selectinload(Inspection.team).joinedload(TeamMember.officer),
        selectinload(Inspection.team).joinedload(TeamMember.department),
    )
