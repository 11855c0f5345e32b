"""Unmet parts by officer, team, department or task."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import func, select

from domain.board import UNMET, Bucket
from server.accounts.models import Department
from server.db import db
from server.deadlines.parts.query import Parts
from server.deadlines.parts.wanted import is_on_it
from server.inspections.models import Inspection, Sheet, TeamMember
from server.organisation.models import Team, TeamOfficer
from server.planning.models import PlanTask
from server.registry.models import Officer

_KEYS: Final[Mapping[str, Any]] = {
    "officer": Officer,
    "team": Team,
    "department": Department,
    "task": PlanTask,
}
BY: Final = tuple(_KEYS)


@dataclass(frozen=True, slots=True)
class Line:
    """An officer's, team's, department's or task's unmet parts; ``key`` is its id in filters."""

    key: int
    name: str
    counts: Mapping[Bucket, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def list_lines(parts: Parts, by: str) -> list[Line]:
    """The most urgent first. A part counts for each officer of its team, and once for each team
    they belong to."""
    query, key = parts.query, _KEYS[by]
    if by in ("officer", "team"):
        query = query.join(TeamMember, is_on_it()).join(Officer)
        if by == "team":
            query = query.outerjoin(TeamOfficer, TeamOfficer.officer_id == Officer.id)
            query = query.outerjoin(Team, Team.id == TeamOfficer.team_id)
    elif by == "task":
        query = query.join(PlanTask, PlanTask.id == Inspection.task_id)
    else:
        query = query.join(Department, Department.id == Sheet.department_id)
    query = query.where(~parts.is_met, parts.has_state)
    named = query.add_columns(key.id.label("key"), key.name.label("name")).distinct()
    inner = named.subquery()
    columns = (inner.c.key, inner.c.name, inner.c.bucket)
    found: dict[tuple[int, str], Counter[Bucket]] = {}
    for row in db.session.execute(select(*columns, func.count()).group_by(*columns)):
        line = found.setdefault((row[0] or 0, row[1] or ""), Counter())
        line[Bucket(row[2])] += row[3]
    lines = [Line(one, name, counts) for (one, name), counts in found.items()]
    return sorted(lines, key=lambda one: ([-one.counts[b] for b in UNMET], one.name, one.key))
