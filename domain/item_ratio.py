"""The ratio a task is drawn at: its plan's, or a higher one that the item list states for one of
its items (R007, R037). Which of the two counts is a county's setting."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class RatioRule(StrEnum):
    """HIGHER: the plan's ratio is a floor that a published ratio of an item raises."""

    HIGHER = "higher"
    PLAN = "plan"


@dataclass(frozen=True, slots=True)
class ItemRatio:
    """An item of the list with the ratio in percent that holds for it, its own or its kind's."""

    code: str
    name: str
    is_key: bool
    percent: Decimal


@dataclass(frozen=True, slots=True)
class UsedRatio:
    """`percent` is what a draw goes by, None where neither side says one; `item` is the item that
    raises it over `plan`, None where the plan's own counts."""

    percent: Decimal | None
    plan: Decimal | None
    item: ItemRatio | None = None


def use_ratio(
    plan: Decimal | None,
    fixed_count: int | None,
    items: Iterable[ItemRatio],
    rule: RatioRule = RatioRule.HIGHER,
) -> UsedRatio:
    """Never below the plan's. A plan that names a number of firms and no ratio is not added to:
    that number was published."""
    top = highest(items)
    is_open = plan is not None or not fixed_count
    if rule is RatioRule.PLAN or top is None or not is_open:
        return UsedRatio(plan, plan)
    if plan is not None and top.percent <= plan:
        return UsedRatio(plan, plan)
    return UsedRatio(top.percent, plan, top)


def highest(items: Iterable[ItemRatio]) -> ItemRatio | None:
    """The item that asks for most; of several a key one, then by code."""
    return min(items, key=lambda one: (-one.percent, not one.is_key, one.code), default=None)


def find_neglected(plan: Decimal | None, items: Iterable[ItemRatio]) -> ItemRatio | None:
    """The key item whose ratio the plan stays below, for a warning (R037)."""
    top = highest(one for one in items if one.is_key)
    return top if top is not None and plan is not None and top.percent > plan else None
