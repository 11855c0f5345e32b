"""Inspections, sheets and teams by id, without an actor: for the sync host and the entry, which
check the rights themselves. Every query is scoped to the county in sight (``server.db``)."""

from __future__ import annotations

from sqlalchemy import select

from server.db import db
from server.inspections.models import Inspection, Sheet, TeamMember
from server.registry.officers import find_officer_of_person, list_person_ids


def find_inspection(inspection_id: int) -> Inspection | None:
    """None also for another county's."""
    return db.session.scalar(select(Inspection).where(Inspection.id == inspection_id))


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


def list_team_officers(inspection_id: int, department_id: int | None = None) -> list[int]:
    """Ids of the officers on the team now, of one department or of all."""
    query = select(TeamMember.officer_id).where(
        TeamMember.inspection_id == inspection_id, TeamMember.removed_at.is_(None)
    )
    if department_id is not None:
        query = query.where(TeamMember.department_id == department_id)
    return list(db.session.scalars(query))


def list_team_persons(inspection_id: int) -> frozenset[int]:
    """Ids of the persons on the team now; officers without an account are not among them."""
    return frozenset(list_person_ids(list_team_officers(inspection_id)))
