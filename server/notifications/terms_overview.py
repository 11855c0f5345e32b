"""Lookups over other subjects' tables (docs/decisions/0003): what a reminder names, and the days
that decisions on problems have set."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from domain.followup import CaseState
from server.clues.models import Clue
from server.db import db
from server.followup.models import FollowUp
from server.inspections.models import Inspection, Sheet, TeamMember
from server.planning.models import PlanTask
from server.registry.models import Firm, Officer

BATCH = 500


@dataclass(frozen=True, slots=True)
class Order:
    """What was decided on a problem is to be done by ``due_on`` (整改期限)."""

    case_id: int
    inspection_id: int
    department_id: int
    due_on: date
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class SheetHead:
    """``person_ids``: the accounts of the team, of its own department, in drawn order; ``code`` of
    its department, ``codes`` of all that take part."""

    state: str
    code: str
    task_id: int
    ended_on: date | None
    codes: tuple[str, ...]
    person_ids: tuple[int, ...]


def list_orders(jurisdiction_id: int) -> list[Order]:
    """Of the cases under way that have such a day."""
    query = select(
        FollowUp.id, FollowUp.inspection_id, FollowUp.department_id, FollowUp.due_on,
        FollowUp.decided_at,
    ).where(
        FollowUp.jurisdiction_id == jurisdiction_id,
        FollowUp.state == CaseState.DECIDED.value,
        FollowUp.due_on.is_not(None),
    )  # fmt: skip
    return [
        Order(case, visit, department, due_on, decided_at)
        for case, visit, department, due_on, decided_at in db.session.execute(
            query.order_by(FollowUp.id)
        )
        if due_on is not None and decided_at is not None
    ]


def map_visit_names(inspection_ids: Collection[int]) -> dict[int, str]:
    """Number and firm, as a line of the inbox names a visit."""
    query = select(Inspection.id, Inspection.number, Firm.name).join(
        Firm, Inspection.firm_id == Firm.id
    )
    return {
        row.id: f"{row.number} {row.name}"
        for part in _parts(inspection_ids)
        for row in db.session.execute(query.where(Inspection.id.in_(part)))
    }


def map_sheet_heads(sheet_ids: Collection[int]) -> dict[int, SheetHead]:
    """By sheet."""
    found: dict[int, SheetHead] = {}
    for part in _parts(sheet_ids):
        query = select(
            Sheet.id, Sheet.inspection_id, Sheet.department_id, Sheet.state, Sheet.ended_on,
            Sheet.code, Inspection.task_id, Inspection.ended_on.label("visit_ended_on"),
        ).join(Inspection, Sheet.inspection_id == Inspection.id)  # fmt: skip
        rows = db.session.execute(query.where(Sheet.id.in_(part))).all()
        visits = {row.inspection_id for row in rows}
        codes, teams = _codes(visits), _teams(visits)
        for row in rows:
            found[row.id] = SheetHead(
                state=row.state,
                code=row.code,
                task_id=row.task_id,
                ended_on=row.ended_on or row.visit_ended_on,
                codes=codes[row.inspection_id],
                person_ids=teams.get((row.inspection_id, row.department_id), ()),
            )
    return found


def map_task_names(task_ids: Collection[int]) -> dict[int, str]:
    """By task."""
    query = select(PlanTask.id, PlanTask.name)
    return {
        row.id: row.name
        for part in _parts(task_ids)
        for row in db.session.execute(query.where(PlanTask.id.in_(part)))
    }


def map_clue_numbers(clue_ids: Collection[int]) -> dict[int, str]:
    """By clue: what was reported is not repeated anywhere."""
    query = select(Clue.id, Clue.number)
    return {
        row.id: row.number
        for part in _parts(clue_ids)
        for row in db.session.execute(query.where(Clue.id.in_(part)))
    }


def _codes(visits: Collection[int]) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = {}
    query = select(Sheet.inspection_id, Sheet.code).where(Sheet.inspection_id.in_(visits))
    for visit, code in db.session.execute(query.order_by(Sheet.id)):
        found[visit] = (*found.get(visit, ()), code)
    return found


def _teams(visits: Collection[int]) -> dict[tuple[int, int], tuple[int, ...]]:
    query = (
        select(TeamMember.inspection_id, TeamMember.department_id, Officer.person_id)
        .join(Officer, TeamMember.officer_id == Officer.id)
        .where(
            TeamMember.inspection_id.in_(visits),
            TeamMember.removed_at.is_(None),
        )
        .order_by(TeamMember.position)
    )
    found: dict[tuple[int, int], tuple[int, ...]] = {}
    for visit, department, person in db.session.execute(query):
        key = visit, department
        if person is not None:
            found[key] = (*found.get(key, ()), person)
    return found


def _parts(ids: Collection[int]) -> Iterator[list[int]]:
    """A statement takes no more than some thousands."""
    ordered = sorted(set(ids))
    for start in range(0, len(ordered), BATCH):
        yield ordered[start : start + BATCH]
