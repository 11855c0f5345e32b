"""Lookup: what other multipliers, another table or another ratio would mean for each of our tasks
(R007, R033, R037, R038)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from domain.access import Actor
from domain.risk import Combination
from domain.sampling import Quota, RiskTier, tier_quotas
from server.draws.pool import SMALLEST_PERCENT
from server.planning import service as planning
from server.planning.models import PlanTask
from server.registry import service as registry


@dataclass(frozen=True, slots=True)
class Effect:
    """One task's numbers now and as they would be; equal where nothing changes."""

    task: PlanTask
    now: Quota
    then: Quota

    @property
    def by_tier(self) -> list[tuple[RiskTier, int, int]]:
        """Tier, firms now, firms then, from the highest to the lowest."""
        return [
            (tier, self.now.by_tier[tier], self.then.by_tier[tier]) for tier in reversed(RiskTier)
        ]


@dataclass(frozen=True, slots=True)
class RuleSet:
    """What the number of firms goes by; the ratio of an item comes from ``settings``."""

    multipliers: Mapping[RiskTier, Decimal]
    table: Combination
    settings: Mapping[str, Any]


def compare_quotas(actor: Actor, year: int, now: RuleSet, then: RuleSet) -> list[Effect]:
    """The year's own tasks that have firms to draw from, in plan order."""
    effects = []
    items = planning.read_task_items(actor)
    for task in planning.list_own_tasks(actor, year):
        firms = registry.list_eligible_firms(actor, task.category or "")
        if not firms:
            continue
        found = [
            tier_quotas(
                registry.count_draw_tiers(firms, rules.table),
                items.ratio_of(task, rules.settings).percent or SMALLEST_PERCENT,
                rules.multipliers,
                task.fixed_count or 0,
            )
            for rules in (now, then)
        ]
        effects.append(Effect(task, found[0], found[1]))
    return effects
