"""Lookup: the year's tasks by the unit responsible, and how far each is (R114–R116)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from domain.access import Actor
from domain.deadlines import DeadlineState
from domain.supervision import Progress, Stage
from server.deadlines.service import BoardRow, list_board
from server.draws.service import DrawState, list_draws
from server.planning.models import PlanTask
from server.planning.service import list_own_tasks
from server.runtime import today

ENTERED = ("entered", "published")
COUNTED = (DrawState.DRAWN, DrawState.EMPTY)  # a reason on record instead of a draw is one, too


@dataclass(frozen=True, slots=True)
class SupervisedTask:
    """``unit`` is 责任股所 as the plan says, else who leads it in the plan, empty for nobody."""

    task: PlanTask
    unit: str
    progress: Progress
    is_late: bool

    @property
    def needs_attention(self) -> bool:
        """Late by the plan, or a result past its term."""
        return self.is_late or self.progress.overdue > 0


@dataclass(frozen=True, slots=True)
class UnitLine:
    """One unit's tasks counted by what they wait for."""

    unit: str
    tasks: int
    stages: dict[str, int]
    late: int
    overdue: int


def list_supervised(actor: Actor, year: int) -> list[SupervisedTask]:
    """The bureau's own tasks of the year, by unit, then in plan order; of the sheets those the
    actor may know of."""
    draws = Counter(one.task_id for one in list_draws(actor) if one.state in COUNTED)
    sheets: dict[int, list[BoardRow]] = {}
    for row in list_board(actor):
        sheets.setdefault(row.sheet.task_id, []).append(row)
    found = []
    for task in list_own_tasks(actor, year):
        progress = _progress(task, draws[task.id], sheets.get(task.id, ()))
        unit = task.responsible_unit or "、".join(task.lead_units)
        found.append(SupervisedTask(task, unit, progress, progress.is_late(today())))
    return sorted(found, key=lambda one: (not one.unit, one.unit, one.task.plan_id))


def count_units(tasks: Sequence[SupervisedTask]) -> list[UnitLine]:
    """In the order of the tasks."""
    units: dict[str, list[SupervisedTask]] = {}
    for one in tasks:
        units.setdefault(one.unit, []).append(one)
    return [
        UnitLine(
            unit=unit,
            tasks=len(found),
            stages={
                stage.value: sum(one.progress.stage is stage for one in found) for stage in Stage
            },
            late=sum(one.is_late for one in found),
            overdue=sum(one.progress.overdue for one in found),
        )
        for unit, found in units.items()
    ]


def _progress(task: PlanTask, drawn: int, sheets: Sequence[BoardRow]) -> Progress:
    visits: dict[int, list[BoardRow]] = {}
    for row in sheets:
        visits.setdefault(row.sheet.inspection_id, []).append(row)
    return Progress(
        times=task.times_per_year or 1,
        drawn=drawn,
        visits=len(visits),
        visited=sum(all(row.sheet.ended_on for row in found) for found in visits.values()),
        entered=sum(all(row.sheet.state in ENTERED for row in found) for found in visits.values()),
        overdue=sum(row.state is DeadlineState.OVERDUE for row in sheets),
        year=task.plan.year,
        last_month=task.end_month,
    )
