"""Who was trained before a draw (R120)."""

from __future__ import annotations

from datetime import date

from domain.training import judge_readiness

DAY = date(2026, 4, 1)


def test_a_training_of_so_many_days_ago_still_counts() -> None:
    newest = {1: date(2026, 1, 1), 2: date(2025, 12, 31), 9: DAY}
    found = judge_readiness([3, 2, 1], newest, DAY, within_days=90)
    assert (found.since, found.latest) == (date(2026, 1, 1), date(2026, 1, 1))
    assert (found.trained, found.lacking, found.is_whole) == (1, (3, 2), False)


def test_where_nobody_can_be_drawn_nobody_is_ready() -> None:
    assert not judge_readiness([], {}, DAY, within_days=90).is_whole
    assert judge_readiness([1], {1: DAY}, DAY, within_days=1).is_whole
