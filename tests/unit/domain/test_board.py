"""The board's buckets and its two pictures, by hand."""

from __future__ import annotations

from datetime import date

import pytest

from domain.board import FILTERS, UNMET, Bucket, bucket_of, count_filters
from domain.burn_down import burn_down, month_weeks
from domain.calendar import DayKind, WorkCalendar
from domain.deadlines import DeadlineState

# 清明 2026: Saturday 4 to Monday 6 April off.
CALENDAR = WorkCalendar.from_days(
    {date(2026, 4, day): DayKind.HOLIDAY for day in (4, 5, 6)}, [2026]
)
FRIDAY, TUESDAY = date(2026, 4, 3), date(2026, 4, 7)


@pytest.mark.parametrize(
    ("state", "left", "expected"),
    [
        (None, None, Bucket.NOT_ENDED),
        (DeadlineState.OVERDUE, -1, Bucket.OVERDUE),
        (DeadlineState.OVERDUE, 0, Bucket.OVERDUE),
        (DeadlineState.DUE_TODAY, 0, Bucket.DUE_TODAY),
        (DeadlineState.DUE_SOON, 0, Bucket.IN_3),  # ends on a rest day
        (DeadlineState.DUE_SOON, 3, Bucket.IN_3),
        (DeadlineState.DUE_SOON, 4, Bucket.IN_5),
        (DeadlineState.DUE_SOON, 5, Bucket.IN_5),
        (DeadlineState.RUNNING, 6, Bucket.IN_10),
        (DeadlineState.RUNNING, 10, Bucket.IN_10),
        (DeadlineState.RUNNING, 11, Bucket.LATER),
        (DeadlineState.MET, 3, Bucket.MET),
        (DeadlineState.MET_LATE, -3, Bucket.MET_LATE),
    ],
)
def test_every_state_lies_in_one_bucket(
    state: DeadlineState | None, left: int | None, expected: Bucket
) -> None:
    assert bucket_of(state, left) is expected


def test_nearer_days_are_counted_with_the_farther_ones_and_nothing_twice() -> None:
    counts = {bucket: 10**place for place, bucket in enumerate(Bucket)}
    told = count_filters(counts)
    assert (told["within_3"], told["within_5"], told["within_10"]) == (110, 1_110, 11_110)
    assert told["due_soon"] + told["running"] == 111_100
    assert told["unmet"] + told["done"] == 111_111_111
    assert set(FILTERS["unmet"]) == set(UNMET)


def test_month_is_told_in_whole_weeks_with_days_off_and_due_dates() -> None:
    weeks = month_weeks(date(2026, 4, 17), {FRIDAY: 2, date(2026, 5, 1): 9}, TUESDAY, CALENDAR)
    assert [len(week) for week in weeks] == [7] * 5
    first = [cell and (cell.day.day, cell.due, cell.is_working) for cell in weeks[0]]
    assert first == [None, None, (1, 0, True), (2, 0, True), (3, 2, True), (4, 0, False),
                     (5, 0, False)]  # fmt: skip
    today = weeks[1][1]
    assert today is not None and today.is_today and not today.is_past
    assert weeks[-1][-1] is None


def test_line_goes_back_over_days_off_and_ahead_until_nothing_may_be_left() -> None:
    """Open now: 1 overdue since Thursday, 2 due today, 3 due on Wednesday. On Saturday one began,
    on Friday two were entered, today one."""
    due = {date(2026, 4, 2): 1, TUESDAY: 2, date(2026, 4, 8): 3}
    began, met = {date(2026, 4, 4): 1}, {FRIDAY: 2, TUESDAY: 1}
    points = burn_down(due, began, met, TUESDAY, CALENDAR, back=2)
    assert [(one.day.day, one.still_open, one.is_ahead) for one in points] == [
        (2, 8, False), (3, 6, False), (7, 6, False), (8, 0, True),
    ]  # fmt: skip


def test_what_is_due_today_may_not_be_left_tomorrow() -> None:
    due = {TUESDAY: 2, date(2026, 4, 9): 5}
    ahead = [one for one in burn_down(due, {}, {}, TUESDAY, CALENDAR, back=1) if one.is_ahead]
    assert [(one.day.day, one.still_open) for one in ahead] == [(8, 5), (9, 0)]
    assert burn_down({}, {}, {}, TUESDAY, CALENDAR, back=1)[-1].still_open == 0
