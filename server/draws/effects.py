"""Lookup: what other multipliers or another table would mean for each of our tasks (R033, R038)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

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


Rules = tuple[Mapping[RiskTier, Decimal], Combination]


def compare_quotas(actor: Actor, year: int, now: Rules, then: Rules) -> list[Effect]:
    """The year's own tasks that have firms to draw from, in plan order."""
    effects = []
    for task in planning.list_own_tasks(actor, year):
        firms = registry.list_eligible_firms(actor, task.category or "")
        if not firms:
            continue
        found = [
            tier_quotas(
                registry.count_draw_tiers(firms, table),
                task.ratio_percent or SMALLEST_PERCENT,
                multipliers,
                task.fixed_count or 0,
            )
            for multipliers, table in (now, then)
        ]
        effects.append(Effect(task, found[0], found[1]))
    return effects
