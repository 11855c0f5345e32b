"""The ratio of a draw: the plan's, or a higher one of an item."""

from decimal import Decimal

import pytest

from domain.item_ratio import ItemRatio, RatioRule, find_neglected, highest, use_ratio


def item(code: str, percent: str, key: bool = True) -> ItemRatio:
    return ItemRatio(code, f"事项{code}", key, Decimal(percent))


@pytest.mark.parametrize(
    ("plan", "items", "percent", "raised_by"),
    [
        ("5", [item("A", "10")], "10", "A"),
        ("10", [item("A", "10")], "10", None),
        ("10.01", [item("A", "10")], "10.01", None),
        ("9.99", [item("A", "10")], "10", "A"),
        ("5", [item("A", "8", key=False), item("B", "6")], "8", "A"),
        ("5", [item("B", "8", key=False), item("C", "8")], "8", "C"),
        ("5", [], "5", None),
        (None, [item("A", "10")], "10", "A"),
        (None, [], None, None),
    ],
)
def test_plan_is_the_floor_and_a_higher_ratio_of_an_item_raises_it(
    plan: str | None, items: list[ItemRatio], percent: str | None, raised_by: str | None
) -> None:
    floor = None if plan is None else Decimal(plan)
    for order in (items, items[::-1]):
        used = use_ratio(floor, None, order)
        assert used.percent == (None if percent is None else Decimal(percent))
        assert (used.item.code if used.item else None) == raised_by
        assert used.plan == floor


def test_plan_alone_counts_where_the_county_says_so() -> None:
    used = use_ratio(Decimal(5), None, [item("A", "100")], RatioRule.PLAN)
    assert (used.percent, used.item) == (5, None)


def test_a_published_number_of_firms_without_a_ratio_is_not_added_to() -> None:
    assert use_ratio(None, 11, [item("A", "100")]).percent is None
    assert use_ratio(Decimal(10), 11, [item("A", "20")]).percent == 20


def test_only_a_key_item_above_the_plan_is_neglected() -> None:
    items = [item("A", "10"), item("B", "30", key=False)]
    found = find_neglected(Decimal(5), items)
    assert found is not None and found.code == "A"
    assert find_neglected(Decimal(10), items) is None
    assert find_neglected(None, items) is None and highest([]) is None
