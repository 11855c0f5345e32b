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
from domain.term_settings import Start, Unit
from domain.terms import Term, TermRule, count_due
from server.deadlines.calendar import library_calendar

FIRST, LAST = date(2004, 1, 1), date(2026, 12, 31)
DAYS = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
# `holidays` has the Saturday before New Year 2006 worked; no other source has.
DISPUTED = date(2005, 12, 31)
UNSETTLED = date(2026, 12, 21)  # from here on the notice for 2027 decides


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
        is_open = found.due >= UNSETTLED
        if (found.due, found.provisional) != (working[place], is_open):
            wrong.append(end)
    assert wrong == []


@pytest.mark.parametrize("unit", list(Unit))
def test_a_date_not_marked_provisional_never_moved_when_the_next_notice_came(
    calendar: WorkCalendar, unit: Unit
) -> None:
    """Of every end of a year as it was known in October, before the notice for the next."""
    moved = []
    for year in range(FIRST.year, LAST.year):
        before = _known_until(year, calendar)
        for end in (date(year, 11, 20) + timedelta(days=n) for n in range(42)):
            for days in (1, 3, 10, 20):
                rule = TermRule(Term.ENTRY, Start.FIRM_END, days, unit)
                then, now = count_due(rule, end, before), count_due(rule, end, calendar)
                is_same = (then.due, then.skipped) == (now.due, now.skipped)
                if not (then.provisional or is_same) or now.provisional:
                    moved.append((end, days))
    assert moved == []


@pytest.mark.parametrize("year", [2007, 2018, 2024])
def test_before_the_next_notice_nothing_but_the_years_end_is_marked(
    calendar: WorkCalendar, year: int
) -> None:
    """So that the mark means something; each of these years' ends did move."""
    before = _known_until(year, calendar)
    rule = TermRule(Term.ENTRY, Start.FIRM_END, 20, Unit.WORKING)
    ends = [date(year, 10, 1) + timedelta(days=n) for n in range(92)]
    pairs = [(count_due(rule, end, before), count_due(rule, end, calendar)) for end in ends]
    assert any(then.due != now.due for then, now in pairs)
    assert all(then.provisional is (then.due >= date(year, 12, 21)) for then, _now in pairs)


def _known_until(year: int, calendar: WorkCalendar) -> WorkCalendar:
    def told(days: frozenset[date]) -> frozenset[date]:
        return frozenset(one for one in days if one < date(year, 12, 21))

    years = frozenset(one for one in calendar.known_years if one <= year)
    return WorkCalendar(told(calendar.holidays), told(calendar.makeup_days), years)
