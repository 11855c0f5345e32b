"""The indicators, each number worked out by hand."""

from decimal import Decimal

from domain.indicators import Indicator, Measure, Remaining, read_indicators
from domain.plan_coverage import Share
from domain.publication_rates import Rates
from domain.reached_shares import Reached


def reached(
    count: tuple[int, int] = (2, 4),
    firms: tuple[int, int] = (10, 30),
    classes: tuple[int, int] = (3, 4),
    drawn: tuple[int, int] = (25, 1000),
) -> Reached:
    return Reached(
        drawn=Share(*drawn, Decimal(3)),
        by_count=Share(*count, Decimal(60)),
        by_firms=Share(*firms, Decimal(50)),
        by_classes=Share(*classes, Decimal(90)),
    )


def read(left: list[Remaining], **more: tuple[int, int]) -> dict[Measure, Indicator]:
    rates = Rates(drawn=40, ended=30, entered=27, published=20)
    return {one.measure: one for one in read_indicators(reached(**more), rates, left)}


LEFT = [
    Remaining(1, "联合", True, "hazmat", 1, 8, pool=20, drawn=15, uses_classes=True),
    Remaining(2, "内部大", False, "freight", draws=2, firms_each=6, pool=100, uses_classes=True),
    Remaining(3, "内部小", False, "repair", draws=1, firms_each=5, pool=50),
    Remaining(4, "没有对象", False, "taxi", draws=1, firms_each=0),
]  # fmt: skip


def test_the_year_ends_with_what_was_reached_and_what_the_plan_still_brings() -> None:
    found = read(LEFT)
    ends = {
        one.measure: (one.year_end.part, one.year_end.whole)
        for one in found.values()
        if one.year_end
    }
    assert ends == {
        Measure.JOINT_COUNT: (3, 8),  # 2 + 1 joint of 4 + 1 + 2 + 1
        Measure.JOINT_FIRMS: (18, 55),  # 10 + 8 of 30 + 8 + 12 + 5
        Measure.CLASSES: (6, 8),  # repair has no firm with a class
        Measure.DRAWN: (47, 1000),  # 25 + min(8, 20 - 15) + 12 + 5
    }


def test_what_closes_a_gap_are_the_largest_internal_tasks_still_to_be_drawn() -> None:
    found = read(LEFT)
    # 60 % of 8 are 4.8, so 5: two are missing, and the task drawn twice brings both
    count = found[Measure.JOINT_COUNT]
    assert (count.to_do, [one.id for one in count.to_join], count.is_enough) == (2, [2], True)
    # half of 55 are 27.5, so 28: ten are missing, and 12 come with the same task
    firms = found[Measure.JOINT_FIRMS]
    assert (firms.to_do, [one.id for one in firms.to_join], firms.is_enough) == (10, [2], True)


def test_where_all_that_is_left_made_joint_is_not_enough_it_says_so() -> None:
    # (0 + 1) of (10 + 4): 60 % of 14 are 8.4, so 9; eight are missing and three internal are left
    count = read(LEFT, count=(0, 10))[Measure.JOINT_COUNT]
    assert (count.to_do, [one.id for one in count.to_join], count.is_enough) == (8, [2, 3], False)
    # x new joint draws: (1 + x) ÷ (14 + x) ≥ 0.6, so x ≥ 18.5
    assert count.year_end is not None and count.year_end.missing_new == 19


def test_entry_and_publication_are_what_is_missing_now() -> None:
    found = read([])
    entry, publication = found[Measure.ENTRY], found[Measure.PUBLICATION]
    assert (entry.now.part, entry.now.whole, entry.to_do) == (27, 30, 3)
    assert (publication.now.part, publication.now.whole, publication.to_do) == (20, 27, 7)
    assert entry.year_end is None and not entry.is_reached and entry.now.minimum == 100


def test_a_year_without_draws_or_plan_has_no_shares() -> None:
    found = read([], count=(0, 0), firms=(0, 0), classes=(0, 0), drawn=(0, 0))
    assert all(one.now.percent is None for key, one in found.items() if key in list(Measure)[:4])
    assert found[Measure.JOINT_COUNT].to_join == ()


def test_no_more_than_the_register_can_be_drawn() -> None:
    left = [Remaining(1, "甲", True, "hazmat", draws=3, firms_each=40, pool=50, drawn=10)]
    end = read(left, drawn=(30, 60))[Measure.DRAWN].year_end
    assert end is not None and (end.part, end.whole) == (60, 60)  # 30 + min(50 - 10, 120), capped
