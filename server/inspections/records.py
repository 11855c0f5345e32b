"""Inspections, sheets and teams by id, without an actor: for the sync host and the entry, which
check the rights themselves. Every query is scoped to the county in sight (``server.db``)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload

from server.db import Columns, db
from server.inspections.models import Inspection, Sheet, TeamMember
from server.registry.officers import find_officer_of_person, list_person_ids
from server.runtime import SITE_ZONE


def find_inspection(inspection_id: int) -> Inspection | None:
    """None also for another county's."""
    return db.session.scalar(select(Inspection).where(Inspection.id == inspection_id))


_MADE = Columns(
    select(Inspection.__table__.c.created_at).where(
        Inspection.__table__.c.id == bindparam("inspection")
    ),
    Inspection,
)


def find_assigned_on(inspection_id: int) -> date | None:
    """The day at the site on which the team was assigned; None also for another county's."""
    rows = _MADE.read(inspection=inspection_id)
    return rows[0].created_at.astimezone(SITE_ZONE).date() if rows else None


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """What judging an operation asks of a sheet."""

    id: int
    code: str
    department_id: int
    lists: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class VisitFacts:
    """What judging an operation asks of a visit; sheets in the order in which they were made."""

    id: int
    jurisdiction_id: int
    sheets: tuple[SheetFacts, ...]

    @property
    def space(self) -> str:
        return f"insp:{self.id}"


_VISIT, _SHEET = Inspection.__table__.c, Sheet.__table__.c
_FACTS = Columns(
    select(_VISIT.jurisdiction_id, _SHEET.id, _SHEET.code, _SHEET.department_id, _SHEET.lists)
    .select_from(Inspection.__table__.outerjoin(Sheet.__table__, _SHEET.inspection_id == _VISIT.id))
    .where(_VISIT.id == bindparam("inspection"))
    .order_by(_SHEET.id),
    Inspection,
)


def find_visit_facts(inspection_id: int) -> VisitFacts | None:
    """In one query, as plain columns; None also for another county's."""
    rows = _FACTS.read(inspection=inspection_id)
    if not rows:
        return None
    sheets = (SheetFacts(r.id, r.code, r.department_id, r.lists) for r in rows if r.id is not None)
    return VisitFacts(inspection_id, rows[0].jurisdiction_id, tuple(sheets))


_CODE = Columns(select(_SHEET.id, _SHEET.code).where(_SHEET.id == bindparam("sheet")), Sheet)


def list_sheet_codes(sheet_id: int | None) -> dict[int, str]:
    """The department's code of one sheet, by its id; empty where there is none."""
    return {row.id: row.code for row in _CODE.read(sheet=sheet_id)}


def find_sheet(inspection_id: int, code: str) -> Sheet | None:
    """The sheet of a department, None also for another county's."""
    query = select(Sheet).where(Sheet.inspection_id == inspection_id, Sheet.code == code)
    return db.session.scalar(query)


def get_sheet_by_id(sheet_id: int) -> Sheet:
    """Raises NoResultFound."""
    return db.session.get_one(Sheet, sheet_id)


def list_sheets(inspection_id: int) -> list[Sheet]:
    """In the order in which they were made: the home department's first."""
    query = select(Sheet).where(Sheet.inspection_id == inspection_id).order_by(Sheet.id)
    return list(db.session.scalars(query))


def list_sheet_departments(inspection_ids: list[int]) -> list[tuple[int, str, int, int]]:
    """(inspection, code, department, sheet) of each sheet of these visits, in the order in which
    they were made."""
    if not inspection_ids:
        return []
    query = select(Sheet.inspection_id, Sheet.code, Sheet.department_id, Sheet.id)
    query = query.where(Sheet.inspection_id.in_(inspection_ids)).order_by(Sheet.id)
    return [tuple(row) for row in db.session.execute(query)]  # type: ignore[misc]


def list_assigned_inspections(person_id: int) -> list[int]:
    """Ids of the inspections this person is on the team of, today."""
    officer = find_officer_of_person(person_id)
    if officer is None:
        return []
    query = (
        select(Inspection.id)
        .join(TeamMember, TeamMember.inspection_id == Inspection.id)
        .where(TeamMember.officer_id == officer.id, TeamMember.removed_at.is_(None))
        .order_by(Inspection.id)
    )
    return list(db.session.scalars(query))


_MEMBER = TeamMember.__table__.c
_TEAM = select(_MEMBER.officer_id).where(
    _MEMBER.inspection_id == bindparam("inspection"),
    _MEMBER.removed_at.is_(None),
    _MEMBER.inspection_id == _VISIT.id,
)
_WHOLE_TEAM = Columns(_TEAM, Inspection)
_TEAM_OF = Columns(_TEAM.where(_MEMBER.department_id == bindparam("department")), Inspection)


def list_team_officers(inspection_id: int, department_id: int | None = None) -> list[int]:
    """Ids of the officers on the team now, of one department or of all."""
    if department_id is None:
        found = _WHOLE_TEAM.read(inspection=inspection_id)
    else:
        found = _TEAM_OF.read(inspection=inspection_id, department=department_id)
    return [row.officer_id for row in found]


def map_draw_numbers(inspection_ids: Iterable[int]) -> dict[int, str]:
    """Visit → the public number of the draw it came from."""
    query = select(Inspection).where(Inspection.id.in_(set(inspection_ids)))
    found = db.session.scalars(query.options(joinedload(Inspection.draw)))
    return {one.id: one.draw.public_id for one in found}


def list_team_persons(inspection_id: int) -> frozenset[int]:
    """Ids of the persons on the team now; officers without an account are not among them."""
    return frozenset(list_person_ids(list_team_officers(inspection_id)))
