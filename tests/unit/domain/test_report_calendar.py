"""Report dates of the published years (domain research part 5, last lines)."""

from __future__ import annotations

from datetime import date

import pytest

from domain.reports.report_calendar import (
    DueState,
    month_before,
    month_of,
    read_date,
    state_of,
    usual_days,
)
from server.deadlines.calendar import library_calendar

CALENDAR = library_calendar()


@pytest.mark.parametrize(
    ("nominal", "due"),
    [
        (date(2024, 4, 3), date(2024, 4, 3)),  # the day before 清明
        (date(2024, 10, 8), date(2024, 10, 8)),  # the first working day after 国庆
        (date(2025, 10, 8), date(2025, 9, 30)),  # a day off: back over the whole block
        (date(2026, 9, 20), date(2026, 9, 20)),  # a Sunday that is worked
        (date(2026, 2, 20), date(2026, 2, 14)),  # within 春节; the 14th is a Saturday worked
        (date(2026, 12, 20), date(2026, 12, 18)),
    ],
)
def test_on_a_rest_day_it_is_the_working_day_before(nominal: date, due: date) -> None:
    assert read_date("progress-1", nominal, CALENDAR).due == due


def test_the_reminder_comes_three_working_days_before() -> None:
    assert read_date("annual", date(2026, 11, 20), CALENDAR).remind_on == date(2026, 11, 17)
    assert read_date("monthly-05", date(2026, 5, 20), CALENDAR).remind_on == date(2026, 5, 15)


def test_the_day_itself_is_in_time() -> None:
    one = read_date("annual", date(2026, 11, 20), CALENDAR)
    days = [date(2026, 11, day) for day in (16, 17, 20, 21)]
    told = [state_of(one, day, is_done=False) for day in days]
    assert told == [DueState.LATER, DueState.DUE, DueState.DUE, DueState.OVERDUE]
    assert state_of(one, days[-1], is_done=True) is DueState.DONE


def test_what_was_past_before_anybody_followed_it_is_not_late() -> None:
    one = read_date("monthly-05", date(2026, 5, 20), CALENDAR)
    days = [date(2026, 6, 20), date(2026, 6, 21)]
    unknown = [state_of(one, day, is_done=False, is_followed=False) for day in days]
    assert unknown == [DueState.OVERDUE, DueState.BEFORE]
    assert state_of(one, days[-1], is_done=False) is DueState.OVERDUE
    assert state_of(one, days[-1], is_done=True, is_followed=False) is DueState.DONE


def test_a_year_without_a_notice_is_provisional() -> None:
    assert read_date("annual", date(2027, 11, 20), CALENDAR).is_provisional


def test_a_year_has_seventeen_dates_in_order() -> None:
    days = usual_days(2026)
    assert len(days) == 17 and list(days.values()) == sorted(days.values())
    assert days["progress-3"] == date(2026, 10, 8) and days["monthly-12"] == date(2026, 12, 20)


def test_months_end_where_they_end() -> None:
    assert month_before(date(2026, 3, 31)) == (date(2026, 2, 1), date(2026, 2, 28))
    assert month_before(date(2026, 1, 1)) == (date(2025, 12, 1), date(2025, 12, 31))
    assert month_of(date(2024, 2, 29)) == (date(2024, 2, 1), date(2024, 2, 29))
