"""Lookup: the year's indicators, now and at its end, and what would close each gap (R109–R112,
R083, R084, R129)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from domain.access import Actor
from domain.indicators import Indicator, Remaining, read_indicators
from domain.publication_rates import Rates
from server.draws.reached import ReachedYear
from server.draws.service import count_visits
from server.planning.coverage import YearView, view_year
from server.planning.linking import list_counted_as
from server.planning.service import list_own_tasks
from server.publication.rates import Filter, view_rates
from server.registry.service import count_trade_tiers
from server.runtime import today


@dataclass(frozen=True, slots=True)
class Burden:
    """涉企检查 (R129): visits drawn so far, and by the same day of the year before; ``again`` firms
    drawn more than once."""

    visits: int
    before: int
    again: int


@dataclass(frozen=True, slots=True)
class IndicatorsView:
    """``left`` is what the plan has still to bring, nothing once the year ``is_over``: it ends with
    what was drawn in it."""

    year: int
    indicators: tuple[Indicator, ...]
    rates: Rates
    left: tuple[Remaining, ...]
    burden: Burden
    is_over: bool = False


def view_indicators(actor: Actor, year: int) -> IndicatorsView:
    """Of the county; entry and publication of the parts in the actor's sight."""
    planned = view_year(actor, year)
    is_over = year < today().year
    left = [] if is_over else _left(actor, planned)
    rates = view_rates(actor, Filter(year=year)).total
    return IndicatorsView(
        year=year,
        indicators=read_indicators(planned.reached.reached, rates, left),
        rates=rates,
        left=tuple(one for one in left if one.draws),
        burden=_burden(actor, planned.reached),
        is_over=is_over,
    )


def _left(actor: Actor, planned: YearView) -> list[Remaining]:
    # a draw of the county plan's row is one of the own task it counts as
    stands_for = {
        row.id: own.id
        for own in list_own_tasks(actor, planned.year)
        for row in list_counted_as(own)
    }
    made: Counter[int] = Counter()
    for line in planned.reached.lines:
        task = line.draw.task
        made[stands_for.get(task.id, task.id)] += 1
    drawn = planned.reached.by_trade
    classed = {
        trade for trade, tiers in count_trade_tiers(actor).items()
        if any(tier is not None and count for tier, count in tiers.items())
    }  # fmt: skip
    return [
        Remaining(
            id=line.task.id,
            name=line.task.name,
            is_joint=line.task.is_joint,
            category=line.task.category,
            draws=max(0, line.task.times - made[line.task.id]) if line.pool else 0,
            firms_each=line.firms_each,
            pool=line.pool,
            drawn=drawn.get(line.task.category or "", 0),
            uses_classes=line.task.category in classed,
        )
        for line in planned.forecast.lines
    ]


def _burden(actor: Actor, reached: ReachedYear) -> Burden:
    day = today()
    same_day = day.replace(
        year=reached.year - 1, day=min(day.day, 28) if day.month == 2 else day.day
    )
    end = same_day if reached.year == day.year else date(reached.year - 1, 12, 31)
    return Burden(
        visits=sum(line.size for line in reached.lines),
        before=count_visits(actor, reached.year - 1, end),
        again=reached.again,
    )
