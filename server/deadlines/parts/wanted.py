"""What the board is narrowed to, as conditions on a query over sheets and their visits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from server.inspections.models import Inspection, Sheet, TeamMember
from server.organisation.models import TeamOfficer
from server.planning.models import PlanTask
from server.registry.models import Firm, Officer
from server.registry.paging import like_pattern

AnySelect = Select[*tuple[Any, ...]]
ENDED: Final = func.coalesce(Sheet.ended_on, Inspection.ended_on)
# Where a part is, as far as its state says; what exactly it waits for is told per row.
STEPS: Final[Mapping[str, ColumnElement[bool]]] = {
    "visit": and_(Sheet.state == "open", ENDED.is_(None)),
    "record": or_(Sheet.state == "returned", and_(Sheet.state == "open", ENDED.is_not(None))),
    "review": Sheet.state == "submitted",
    "entry": Sheet.state == "accepted",
    "platform": Sheet.state == "entered",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """``state`` one of ``domain.board.FILTERS`` or empty for everything that is not published yet,
    ``step`` one of ``STEPS``, ``department`` a code, ``team`` 0 for officers of no team, the others
    row ids. ``due``: what is unmet and falls due on that day, ``with_met`` what was met too."""

    state: str = ""
    step: str = ""
    department: str = ""
    task: int | None = None
    officer: int | None = None
    team: int | None = None
    due: date | None = None
    q: str = ""
    with_met: bool = False


def narrow(query: AnySelect, wanted: Wanted) -> AnySelect:
    """All of the filter but its state and due date, which need the terms."""
    if wanted.step:
        query = query.where(STEPS[wanted.step])
    if wanted.department:
        query = query.where(Sheet.code == wanted.department)
    if wanted.task is not None:
        query = query.where(Inspection.task_id == wanted.task)
    if wanted.officer is not None:
        query = query.where(_has_member(TeamMember.officer_id == wanted.officer))
    if wanted.team is not None:
        seats = select(TeamOfficer.officer_id)
        if wanted.team:
            seated = TeamMember.officer_id.in_(seats.where(TeamOfficer.team_id == wanted.team))
        else:
            seated = TeamMember.officer_id.not_in(seats)
        query = query.where(_has_member(seated))
    for word in wanted.q.split():
        query = query.where(_mentions(like_pattern(word)))
    return query


def is_on_it() -> ColumnElement[bool]:
    """Joins a sheet with the officers who make its part of the visit."""
    return and_(
        TeamMember.inspection_id == Sheet.inspection_id,
        TeamMember.department_id == Sheet.department_id,
        TeamMember.removed_at.is_(None),
    )


def _mentions(pattern: str) -> ColumnElement[bool]:
    firms = select(Firm.id).where(Firm.name.ilike(pattern, escape="\\"))
    tasks = select(PlanTask.id).where(PlanTask.name.ilike(pattern, escape="\\"))
    officers = select(Officer.id).where(Officer.name.ilike(pattern, escape="\\"))
    return or_(
        Inspection.number.ilike(pattern, escape="\\"),
        Inspection.firm_id.in_(firms),
        Inspection.task_id.in_(tasks),
        _has_member(TeamMember.officer_id.in_(officers)),
    )


def _has_member(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return select(TeamMember.officer_id).where(is_on_it(), condition).correlate(Sheet).exists()
