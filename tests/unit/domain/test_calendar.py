"""The working-day calendar against the official days off of 2024–2026."""

from datetime import date, timedelta

import pytest

from domain.calendar import DayKind, WorkCalendar


@pytest.mark.parametrize(("year", "working_days"), [(2024, 251), (2025, 248), (2026, 248)])
def test_each_noticed_year_has_its_published_number_of_working_days(
    calendar: WorkCalendar, year: int, working_days: int
) -> None:
    first = date(year, 1, 1)
    days = [first + timedelta(days=n) for n in range(366)]
    assert sum(calendar.is_working_day(d) for d in days if d.year == year) == working_days


def test_new_years_eve_2024_is_a_working_day(calendar: WorkCalendar) -> None:
    assert calendar.is_working_day(date(2024, 2, 9))
    assert not calendar.is_working_day(date(2025, 1, 28))


def test_make_up_saturday_is_worked_and_holiday_monday_is_not(calendar: WorkCalendar) -> None:
    assert calendar.is_working_day(date(2024, 10, 12))
    assert not calendar.is_working_day(date(2024, 9, 16))


def test_unknown_year_falls_back_to_the_plain_week(calendar: WorkCalendar) -> None:
    assert not calendar.is_known_year(2027)
    assert calendar.is_working_day(date(2027, 1, 1))  # a Friday; no notice says otherwise
    assert not calendar.is_working_day(date(2027, 1, 2))


def test_make_up_day_before_its_notices_year_does_not_make_that_year_known() -> None:
    made_up = WorkCalendar.from_days({date(2018, 12, 29): DayKind.MAKEUP}, years=[2019])
    assert made_up.is_working_day(date(2018, 12, 29))
    assert not made_up.is_known_year(2018)
