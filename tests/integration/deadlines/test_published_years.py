"""Every published year, day by day, against two libraries made by other people."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from datetime import date, timedelta

import chinese_calendar
import holidays
import pytest

from domain.calendar import WorkCalendar
from domain.deadlines import due_date
from server.deadlines.calendar import library_calendar

FIRST, LAST = date(2004, 1, 1), date(2026, 12, 31)
DAYS = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
# `holidays` has the Saturday before New Year 2006 worked; no other source has.
DISPUTED = date(2005, 12, 31)


@pytest.fixture(scope="module")
def calendar() -> WorkCalendar:
    return library_calendar(FIRST.year)


@pytest.fixture(scope="module")
def china() -> Callable[[date], bool]:
    years = holidays.country_holidays("CN", years=range(FIRST.year, LAST.year + 1))
    return years.is_working_day


def test_every_day_since_2004_is_what_two_other_libraries_say(
    calendar: WorkCalendar, china: Callable[[date], bool]
) -> None:
    assert [day for day in DAYS if calendar.is_working_day(day) != china(day)] == [DISPUTED]
    ours = [calendar.is_working_day(day) for day in DAYS]
    assert ours == [chinese_calendar.is_workday(day) for day in DAYS]
    assert all(calendar.is_known_year(year) for year in range(FIRST.year, LAST.year + 1))


@pytest.mark.parametrize("term", [10, 20])
def test_every_due_date_since_2004_is_the_nth_of_their_working_days(
    calendar: WorkCalendar, china: Callable[[date], bool], term: int
) -> None:
    working = [day for day in DAYS if china(day) and day != DISPUTED]
    wrong = []
    for end in DAYS:
        place = bisect_right(working, end) + term - 1
        if place >= len(working):
            assert due_date(end, term, calendar).provisional
            continue
        found = due_date(end, term, calendar)
        if (found.due, found.provisional) != (working[place], False):
            wrong.append(end)
    assert wrong == []
