"""Lookup: the clues in somebody's sight, narrowed and counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from domain.access import Action, Actor, Target, may
from domain.calendar import WorkCalendar
from domain.clues import UNFINISHED, ClueKind, ClueState
from domain.deadlines import DeadlineState
from server.accounts.models import Department
from server.clues.models import Clue
from server.clues.reading import due_of, urgency_of
from server.db import db
from server.deadlines.calendar import load_calendar
from server.registry.models import Firm
from server.registry.paging import Page, like_pattern, page_of
from server.runtime import today

OPEN = tuple(one.value for one in UNFINISHED)
ON_A_PAGE = 100
STATES = ("unfinished", "overdue", *(one.value for one in ClueState))


@dataclass(frozen=True, slots=True)
class ClueLine:
    """One clue of a list; ``due`` is what its clock runs to."""

    clue: Clue
    due: date | None
    urgency: DeadlineState | None
    days_left: int | None

    @property
    def is_overdue(self) -> bool:
        """For the mark in the table."""
        return self.urgency is DeadlineState.OVERDUE


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is narrowed to; ``state`` one of ``STATES``, ``firm`` an id."""

    state: str = ""
    kind: str = ""
    department: str = ""
    q: str = ""
    firm: int = 0


def list_clues(actor: Actor, wanted: Wanted, page: int = 1, size: int = 50) -> Page[ClueLine]:
    """The most urgent first, then what is ended, newest first."""
    is_ended = case((Clue.state.in_(OPEN), 0), else_=1)
    query = _narrow(_in_sight(actor), wanted).options(
        joinedload(Clue.firm),
        joinedload(Clue.department),
        selectinload(Clue.papers),
        *([selectinload(Clue.steps)] if size <= ON_A_PAGE else []),  # how its day was counted
    )
    urgent = case((Clue.state.in_(OPEN), _due()), else_=None)
    found = page_of(query.order_by(is_ended, urgent.nulls_last(), Clue.id.desc()), page, size)
    calendar = load_calendar()
    rows = [_line(one, calendar) for one in found.rows]
    return Page(rows=rows, number=found.number, total=found.total, size=found.size)


def list_all_clues(actor: Actor, wanted: Wanted) -> Sequence[ClueLine]:
    """The same without pages, for a file."""
    return list_clues(actor, wanted, size=1_000_000).rows


def count_clues(actor: Actor) -> dict[str, int]:
    """By state, and ``overdue`` and ``unfinished``: how many in sight."""
    states = _in_sight(actor).with_only_columns(Clue.state, func.count()).group_by(Clue.state)
    counts = dict.fromkeys(STATES, 0)
    counts.update({row[0]: row[1] for row in db.session.execute(states)})
    late = _in_sight(actor).where(_is_overdue()).with_only_columns(func.count())
    counts["overdue"] = db.session.scalar(late) or 0
    counts["unfinished"] = sum(counts[one] for one in OPEN)
    return counts


def _due() -> ColumnElement[date | None]:
    return case((Clue.state == ClueState.RECEIVED.value, Clue.accept_by), else_=Clue.finish_by)


def _is_overdue() -> ColumnElement[bool]:
    return and_(Clue.state.in_(OPEN), _due() < today())


def _in_sight(actor: Actor) -> Select[tuple[Clue]]:
    """The county's for the home department and audit, else what was assigned to the own one."""
    query = select(Clue).where(Clue.jurisdiction_id == actor.jurisdiction_id)
    if may(actor, Action.CLUE_READ, Target(actor.jurisdiction_id)):
        return query
    return query.where(Clue.department_id == actor.department_id)


def _narrow(query: Select[tuple[Clue]], wanted: Wanted) -> Select[tuple[Clue]]:
    if wanted.state == "overdue":
        query = query.where(_is_overdue())
    elif wanted.state == "unfinished":
        query = query.where(Clue.state.in_(OPEN))
    elif wanted.state in set(ClueState):
        query = query.where(Clue.state == wanted.state)
    if wanted.kind in set(ClueKind):
        query = query.where(Clue.kind == wanted.kind)
    if wanted.department:
        query = query.join(Department, Clue.department_id == Department.id).where(
            Department.code == wanted.department
        )
    if wanted.firm:
        query = query.where(Clue.firm_id == wanted.firm)
    if q := wanted.q.strip():
        like = like_pattern(q)
        columns = (Clue.number, Clue.what, Clue.place, Clue.firm_text, Firm.name, Firm.uscc)
        query = query.outerjoin(Firm, Clue.firm_id == Firm.id).where(
            or_(*(one.ilike(like, escape="\\") for one in columns))
        )
    return query


def _line(one: Clue, calendar: WorkCalendar) -> ClueLine:
    urgency, left = urgency_of(one, today(), calendar)
    return ClueLine(one, due_of(one), urgency, left)
