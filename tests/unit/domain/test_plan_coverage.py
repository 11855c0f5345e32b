"""What a year's plan leaves out, and the shares it will come to."""

from decimal import Decimal

import pytest

from domain.plan_coverage import PlannedTask, Share, cover, forecast

FIRMS = {"passenger": 40, "freight": 100, "hazmat": 2, "repair": 60}


def task(
    number: int, category: str | None, joint: bool = False, percent: int | None = 10,
    times: int = 1, fixed: int = 0, items: str = "", departments: str = "tr",
) -> PlannedTask:  # fmt: skip
    return PlannedTask(
        number, f"任务{number}", joint, category, frozenset(items.split()),
        frozenset(departments.split()), None if percent is None else Decimal(percent), times, fixed,
    )  # fmt: skip


def test_items_departments_and_trades_without_a_task_are_named() -> None:
    tasks = [task(1, "passenger", items="PAX", departments="tr mr"), task(2, None), task(3, "taxi")]
    found = cover(tasks, ["PAX", "FRT"], ["tr", "mr", "ps"], FIRMS | {"station": 0})
    assert (found.items, found.departments) == (("FRT",), ("ps",))
    assert found.trades == ("freight", "hazmat", "repair")  # nobody misses a trade without firms
    assert (found.no_firms, found.no_trade, found.is_full) == (("taxi",), (2,), False)


def test_a_plan_that_names_everything_is_full() -> None:
    tasks = [task(n, one, items="A", departments="tr mr") for n, one in enumerate(FIRMS)]
    assert cover(tasks, ["A"], ["tr", "mr"], FIRMS).is_full


def test_firms_are_counted_as_the_draw_will_times_the_frequency() -> None:
    found = forecast(
        [
            task(1, "freight", percent=10, times=2),
            task(2, "hazmat", True, percent=5),
            task(3, "repair", True, percent=1, fixed=11),
            task(4, "taxi", percent=50),
        ],
        FIRMS,
    )
    assert [line.firms for line in found.lines] == [20, 2, 11, 0]
    assert (found.by_firms.part, found.by_firms.whole) == (13, 33)
    # a trade without firms is not drawn, so it is no inspection
    assert (found.by_count.part, found.by_count.whole) == (2, 4)
    assert (found.drawn.part, found.drawn.whole) == (33, 202)


@pytest.mark.parametrize(
    ("part", "whole", "reached", "missing", "new"),
    [
        (6, 10, True, 0, 0),
        (5, 10, False, 1, 3),
        (59_999, 100_000, False, 1, 3),
        (0, 0, False, 0, 0),
    ],
)
def test_sixty_percent_is_reached_at_sixty_and_not_before(
    part: int, whole: int, reached: bool, missing: int, new: int
) -> None:
    share = Share(part, whole, Decimal(60))
    assert (share.is_reached, share.missing, share.missing_new) == (reached, missing, new)
    if missing:
        assert Share(part + missing, whole, Decimal(60)).is_reached
        assert Share(part + new, whole + new, Decimal(60)).is_reached


def test_share_is_told_rounded_down_and_nothing_of_nothing() -> None:
    assert Share(59_999, 100_000, Decimal(60)).percent == Decimal("59.99")
    assert Share(0, 0, Decimal(60)).percent is None
    assert Share(1, 2, Decimal(100)).missing_new is None


def test_the_largest_internal_tasks_are_proposed_until_both_shares_are_reached() -> None:
    tasks = [task(1, "passenger"), task(2, "freight"), task(3, "repair"), task(4, "hazmat", True)]
    found = forecast(tasks, FIRMS)
    assert [line.task.id for line in found.to_join] == [2, 3]
    joined = {line.task.id for line in found.to_join}
    mended = [task(one.id, one.category, one.is_joint or one.id in joined) for one in tasks]
    after = forecast(mended, FIRMS)
    assert after.by_count.is_reached and after.by_firms.is_reached and after.to_join == ()


def test_minima_are_the_countys() -> None:
    found = forecast([task(1, "freight"), task(2, "repair", True)], FIRMS, Decimal(50), Decimal(30))
    assert found.by_count.is_reached and found.by_firms.is_reached
