"""How a due date was counted, told so that a person can count again."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from domain.calendar import DayKind, WorkCalendar
from domain.deadlines import DueDate, capped, counted_back, due_date, kept, on_or_before
from domain.due_explained import RestDays, RestReason, explain
from domain.term_settings import Start, Unit
from domain.terms import Term, TermRule, count_due

WEEKEND, HOLIDAY = RestReason.WEEKEND, RestReason.HOLIDAY
DATES = st.dates(date(2020, 1, 1), date(2029, 12, 31))


@st.composite
def calendars(draw: st.DrawFn) -> WorkCalendar:
    """Any country's: days off on working days, work on weekends, some years without a notice."""
    days = draw(st.dictionaries(DATES, st.sampled_from(DayKind), max_size=30))
    years = draw(st.sets(st.integers(2020, 2030)))
    return WorkCalendar.from_days(days, years, dict.fromkeys(days, "节"))


def test_count_over_mid_autumn_and_national_day_is_told_block_by_block(
    calendar: WorkCalendar,
) -> None:
    names = {date(2024, 9, day): "中秋节" for day in (15, 16, 17)}
    names |= {date(2024, 10, day): "国庆节" for day in range(1, 8)}
    named = replace(calendar, names=names)
    told = explain(due_date(date(2024, 9, 5), 20, named), named)
    assert (told.start, told.day_one, told.due) == (
        date(2024, 9, 5), date(2024, 9, 6), date(2024, 10, 10),
    )  # fmt: skip
    assert told.rests == (
        RestDays(date(2024, 9, 7), date(2024, 9, 8), WEEKEND, ""),
        RestDays(date(2024, 9, 15), date(2024, 9, 17), HOLIDAY, "中秋节"),
        RestDays(date(2024, 9, 21), date(2024, 9, 22), WEEKEND, ""),
        RestDays(date(2024, 9, 28), date(2024, 9, 28), WEEKEND, ""),
        RestDays(date(2024, 10, 1), date(2024, 10, 7), HOLIDAY, "国庆节"),
    )
    assert told.makeup_days == (date(2024, 9, 14), date(2024, 9, 29))
    assert (told.skipped, told.days, told.unknown_years, told.cap) == (15, 20, (), None)


def test_end_on_a_rest_day_starts_with_the_next_working_day(calendar: WorkCalendar) -> None:
    told = explain(due_date(date(2024, 9, 7), 1, calendar), calendar)
    assert (told.day_one, told.rests[0].first) == (date(2024, 9, 9), date(2024, 9, 8))


def test_years_without_a_notice_are_named(calendar: WorkCalendar) -> None:
    told = explain(due_date(date(2026, 12, 4), 20, calendar), calendar)
    assert told.is_provisional and told.unknown_years == (2027,)
    late = explain(due_date(date(2026, 12, 3), 20, calendar), calendar)
    assert (late.due, late.unknown_years) == (date(2026, 12, 31), (2027,))
    # the end lies in the known year, the whole count beyond it
    assert explain(due_date(date(2026, 12, 31), 1, calendar), calendar).unknown_years == (2027,)


def test_cap_ends_the_count_and_says_what_it_would_have_been() -> None:
    calendar = WorkCalendar.from_days({date(2018, 12, 29): DayKind.MAKEUP}, [2018, 2019])
    found = capped(due_date(date(2018, 12, 20), 10, calendar), date(2018, 12, 31))
    told = explain(found, calendar)
    assert (told.due, told.cap, told.counted) == (
        date(2018, 12, 31), date(2018, 12, 31), date(2019, 1, 2),
    )  # fmt: skip
    assert all(one.last <= told.due for one in told.rests)
    assert explain(capped(found, None), calendar).cap == date(2018, 12, 31)


def test_met_deadline_tells_the_day_it_was_met_against_and_is_never_provisional(
    calendar: WorkCalendar,
) -> None:
    found = due_date(date(2026, 12, 20), 20, calendar)
    told = explain(kept(found, date(2027, 1, 15)), calendar)
    assert (told.due, told.is_kept, told.is_provisional) == (date(2027, 1, 15), True, False)
    same = kept(found, None)
    assert (same.due, same.is_kept, same.provisional) == (found.due, False, False)


@given(calendars(), DATES, st.integers(1, 60))
def test_day_n_is_a_working_day_and_what_is_told_adds_up(
    calendar: WorkCalendar, end: date, days: int
) -> None:
    found = due_date(end, days, calendar)
    told = explain(found, calendar)
    assert calendar.is_working_day(found.due) and calendar.is_working_day(told.day_one)
    assert told.skipped + days == (found.due - end).days
    passed = [one.first + timedelta(days=n) for one in told.rests for n in range(one.count)]
    assert tuple(passed) == found.skipped
    assert all(day.weekday() >= 5 or calendar.kind_of(day) for day in passed)
    assert set(told.makeup_days) <= calendar.makeup_days
    assert told.is_provisional is found.provisional


@given(calendars(), DATES, st.integers(0, 30), st.integers(1, 40), st.integers(0, 20))
def test_later_end_or_longer_term_is_never_due_earlier(
    calendar: WorkCalendar, end: date, later: int, days: int, longer: int
) -> None:
    def due(start: date, term: int) -> DueDate:
        return due_date(start, term, calendar)

    assert due(end, days).due <= due(end + timedelta(days=later), days).due
    assert due(end, days).due <= due(end, days + longer).due
    # n days and then m days are n + m days: the count can be taken up anywhere
    assert due(due(end, days).due, longer + 1).due == due(end, days + longer + 1).due


@given(calendars(), DATES)
def test_day_before_which_a_report_is_due_is_the_working_day_at_or_before_it(
    calendar: WorkCalendar, day: date
) -> None:
    found = on_or_before(day, calendar)
    assert calendar.is_working_day(found) and found <= day
    assert not any(
        calendar.is_working_day(found + timedelta(days=n)) for n in range(1, (day - found).days + 1)
    )


@given(calendars(), DATES, st.integers(1, 90))
def test_a_day_that_was_kept_alone_is_counted_back_to_its_term(
    anywhere: WorkCalendar, start: date, days: int
) -> None:
    found = due_date(start, days, anywhere)
    assert counted_back(start, found.due, anywhere) == found
    assert counted_back(found.due, start, anywhere) is None


def test_days_of_the_calendar_are_told_as_such(calendar: WorkCalendar) -> None:
    rule = TermRule(Term.MATERIALS, Start.FIRM_END, 10, Unit.CALENDAR)
    told = explain(count_due(rule, date(2024, 9, 22), calendar), calendar, Unit.CALENDAR)
    assert (told.day_one, told.due, told.skipped) == (date(2024, 9, 23), date(2024, 10, 8), 6)
    assert (told.unit, told.makeup_days) == (Unit.CALENDAR, ()), (
        "a make-up day is a day like others"
    )
    assert counted_back(date(2024, 9, 22), date(2024, 10, 5), calendar) is None, "a day off"
