"""Lookup: the year's tasks with what has been drawn for each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from domain.access import Actor
from domain.sampling import RiskTier, TierCounts, tier_quotas
from server.accounts.service import get_jurisdiction
from server.draws.models import Draw, DrawState
from server.draws.pool import multipliers_of
from server.draws.reading import list_draws
from server.planning import service as planning
from server.planning.models import PlanTask
from server.registry import service as registry

OWN_FIRST = {"initiating": 0, "cooperating": 1}


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task of a plan. ``pool`` counts the firms of its trade today, ``required`` is how many
    a draw of them would take; both None where the task is not ours. ``draw`` is the newest that was
    neither withdrawn nor set aside for a redraw."""

    task: PlanTask
    pool: int | None
    required: int | None
    draw: Draw | None

    @property
    def is_own(self) -> bool:
        """Whether the bureau takes part."""
        return self.task.ownership in OWN_FIRST

    @property
    def state(self) -> str:
        """``drawn``, ``frozen``, ``empty``, ``waiting``, or ``other`` for a task not ours."""
        if self.draw is not None:
            return self.draw.state
        return "waiting" if self.is_own else "other"


def list_years(actor: Actor) -> list[int]:
    """The years there are plans of, the newest first."""
    return sorted({plan.year for plan in planning.list_plans(actor)}, reverse=True)


def list_task_rows(
    actor: Actor, year: int | None, ownership: str = "own", state: str = "", q: str = ""
) -> list[TaskRow]:
    """The tasks of the year, ours first (发起, then 配合), in plan order. ``ownership`` is ``own``,
    ``all`` or one of the plan's words; ``state`` as in ``TaskRow.state``."""
    newest = _newest_draws(actor)
    tiers = registry.count_trade_tiers(actor)
    settings = get_jurisdiction(actor.jurisdiction_id).settings
    multipliers, items = multipliers_of(settings), planning.read_task_items(actor)
    rows = [
        _row(task, tiers, multipliers, newest, items.ratio_of(task, settings).percent)
        for plan in planning.list_plans(actor)
        if year is None or plan.year == year
        for task in plan.counted_tasks
    ]
    kept = [row for row in rows if _fits(row, ownership, state, q.strip())]
    return sorted(kept, key=lambda row: OWN_FIRST.get(row.task.ownership, 2))


def _newest_draws(actor: Actor) -> dict[int, Draw]:
    found: dict[int, Draw] = {}
    for draw in list_draws(actor):
        if draw.state not in (DrawState.WITHDRAWN, DrawState.SUPERSEDED):
            found.setdefault(draw.task_id, draw)
    return found


def _row(
    task: PlanTask,
    tiers: Mapping[str, TierCounts],
    multipliers: Mapping[RiskTier, Decimal],
    newest: dict[int, Draw],
    percent: Decimal | None,
) -> TaskRow:
    draw = newest.get(task.id)
    if task.ownership not in OWN_FIRST or task.category is None:
        return TaskRow(task, None, None, draw)
    counts = tiers.get(task.category, {})
    pool = sum(counts.values())
    if not percent:
        return TaskRow(task, pool, None, draw)
    quota = tier_quotas(counts, percent, multipliers, task.fixed_count or 0)
    return TaskRow(task, pool, quota.total, draw)


def _fits(row: TaskRow, ownership: str, state: str, q: str) -> bool:
    task = row.task
    if ownership == "own" and not row.is_own:
        return False
    if ownership not in {"", "own", "all", task.ownership}:
        return False
    if state and row.state != state:
        return False
    return not q or q in task.name or q in task.task_no or q in (task.official_no or "")
