"""Lookup: the cases in somebody's sight with firm and task, narrowed and counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from domain.access import Action, Actor, Target, may, roles_for
from domain.calendar import WorkCalendar
from domain.deadlines import DeadlineState
from domain.followup import CaseState, Disposal
from server.accounts.directory import list_holders, list_person_names
from server.accounts.models import Department
from server.db import db
from server.deadlines.calendar import load_calendar
from server.followup.models import FollowUp
from server.followup.reading import due_of, urgency_of
from server.inspections.models import Inspection, Sheet
from server.planning.models import PlanTask
from server.registry.models import Firm
from server.registry.paging import Page, like_pattern, page_of
from server.runtime import today

UNFINISHED = (CaseState.OPEN.value, CaseState.DECIDED.value)


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One case of a list. ``due`` is what its clock runs to; ``urgency`` and ``days_left`` say how
    that stands. ``holders``: who has to act next, or did last."""

    case: FollowUp
    firm: str
    number: str
    task: str
    due: date | None
    urgency: DeadlineState | None
    days_left: int | None
    holders: tuple[str, ...]

    @property
    def is_overdue(self) -> bool:
        """For the mark in the table."""
        return self.urgency is DeadlineState.OVERDUE


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is narrowed to; ``state`` a state or ``overdue`` or ``unfinished``."""

    state: str = ""
    disposal: str = ""
    department: str = ""
    q: str = ""


ON_A_PAGE = 100
STATES = ("open", "decided", "overdue", "unfinished", "done", "void")


def list_cases(actor: Actor, wanted: Wanted, page: int = 1, size: int = 50) -> Page[CaseLine]:
    """The most urgent first: what is not done by its due date, then the rest, newest first."""
    due = _due()
    is_done = case((FollowUp.state.in_(UNFINISHED), 0), else_=1)
    query = _narrow(_in_sight(actor), wanted)
    query = query.options(
        contains_eager(FollowUp.inspection).contains_eager(Inspection.firm),
        contains_eager(FollowUp.inspection).contains_eager(Inspection.task),
        joinedload(FollowUp.department),
        *([selectinload(FollowUp.steps)] if size <= ON_A_PAGE else []),  # how its day was counted
    )
    found = page_of(query.order_by(is_done, due.nulls_last(), FollowUp.id.desc()), page, size)
    calendar = load_calendar()
    holders = _holders(found.rows)
    rows = [_line(one, calendar, holders[one.id]) for one in found.rows]
    return Page(rows=rows, number=found.number, total=found.total, size=found.size)


def list_all_cases(actor: Actor, wanted: Wanted) -> Sequence[CaseLine]:
    """The same without pages, for a file."""
    return list_cases(actor, wanted, size=1_000_000).rows


def count_cases(actor: Actor) -> dict[str, int]:
    """open, decided, overdue, done, void: how many in sight."""
    states = _in_sight(actor).with_only_columns(FollowUp.state, func.count()).group_by(
        FollowUp.state
    )  # fmt: skip
    counts = dict.fromkeys(STATES, 0)
    counts.update({row[0]: row[1] for row in db.session.execute(states)})
    late = _in_sight(actor).where(_is_overdue()).with_only_columns(func.count())
    counts["overdue"] = db.session.scalar(late) or 0
    counts["unfinished"] = counts["open"] + counts["decided"]
    return counts


def _due() -> ColumnElement[date | None]:
    return case((FollowUp.state == CaseState.OPEN.value, FollowUp.decide_by), else_=FollowUp.due_on)


def _is_overdue() -> ColumnElement[bool]:
    return and_(FollowUp.state.in_(UNFINISHED), _due() < today())


def _in_sight(actor: Actor) -> Select[tuple[FollowUp]]:
    """The county's for audit, else the actor's own department's."""
    query = (
        select(FollowUp)
        .join(Inspection, FollowUp.inspection_id == Inspection.id)
        .join(Firm, Inspection.firm_id == Firm.id)
        .join(PlanTask, Inspection.task_id == PlanTask.id)
        .where(FollowUp.jurisdiction_id == actor.jurisdiction_id)
    )
    if may(actor, Action.FOLLOW_UP_READ, Target(actor.jurisdiction_id)):
        return query
    return query.where(FollowUp.department_id == actor.department_id)


def _narrow(query: Select[tuple[FollowUp]], wanted: Wanted) -> Select[tuple[FollowUp]]:
    if wanted.state == "overdue":
        query = query.where(_is_overdue())
    elif wanted.state == "unfinished":
        query = query.where(FollowUp.state.in_(UNFINISHED))
    elif wanted.state in set(CaseState):
        query = query.where(FollowUp.state == wanted.state)
    if wanted.disposal in set(Disposal):
        query = query.where(FollowUp.disposal == wanted.disposal)
    if wanted.department:
        query = query.join(Department, FollowUp.department_id == Department.id).where(
            Department.code == wanted.department
        )
    if q := wanted.q.strip():
        like = like_pattern(q)
        columns = (
            Firm.name, Firm.uscc, Inspection.number, PlanTask.name, FollowUp.item_code,
            FollowUp.item_text, FollowUp.body, FollowUp.case_no,
        )  # fmt: skip
        query = query.where(or_(*(one.ilike(like, escape="\\") for one in columns)))
    return query


def _holders(cases: Sequence[FollowUp]) -> dict[int, tuple[str, ...]]:
    """Who decided; before that those of the department who may decide."""
    deciders = {
        one: list_holders(one, roles_for(Action.FOLLOW_UP_DECIDE))
        for one in {case.department_id for case in cases if case.decided_by is None}
    }
    people = {one.decided_by for one in cases if one.decided_by is not None}
    names = list_person_names(people.union(*deciders.values()))
    return {
        one.id: tuple(
            names[person]
            for person in ([one.decided_by] if one.decided_by else deciders[one.department_id])
        )
        for one in cases
    }


def _line(one: FollowUp, calendar: WorkCalendar, holders: tuple[str, ...]) -> CaseLine:
    urgency, left = urgency_of(one, today(), calendar)
    inspection = one.inspection
    return CaseLine(
        one, inspection.firm.name, inspection.number, inspection.task.name, due_of(one), urgency,
        left, holders,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class FirmWithProblems:
    """A firm, its newest visit of a period with problems that still stand, and how many."""

    firm_id: int
    name: str
    uscc: str
    inspection_id: int
    number: str
    problems: int


def list_firms_with_problems(
    actor: Actor, first: date, last: date, but: Sequence[int] = ()
) -> list[FirmWithProblems]:
    """Of the whole county, by visits that ended from ``first`` to ``last``; without the visits
    ``but``. For counting and drawing: nothing of what was found."""
    query = (
        select(
            Firm.id, Firm.name, Firm.uscc, Inspection.id.label("inspection_id"), Inspection.number,
            func.count().label("problems"),
        )
        .join(Inspection, Inspection.firm_id == Firm.id)
        .join(FollowUp, FollowUp.inspection_id == Inspection.id)
        .join(Sheet, FollowUp.sheet_id == Sheet.id)
        .where(
            Inspection.jurisdiction_id == actor.jurisdiction_id,
            FollowUp.state != CaseState.VOID.value,
            Sheet.ended_on.between(first, last),
            Inspection.id.not_in(but),
        )
        .group_by(Firm.id, Firm.name, Firm.uscc, Inspection.id, Inspection.number)
        .order_by(Inspection.id)
    )  # fmt: skip
    newest = {
        row.id: FirmWithProblems(
            row.id, row.name, row.uscc or "", row.inspection_id, row.number, row.problems
        )
        for row in db.session.execute(query)
    }
    return sorted(newest.values(), key=lambda one: one.firm_id)
