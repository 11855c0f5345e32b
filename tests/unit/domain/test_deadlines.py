"""Entry deadlines: the counting rule, the provisional mark, the states."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar import DayKind, WorkCalendar
from domain.deadlines import (
    DeadlineState,
    cap,
    deadline_state,
    due_date,
    parse_date,
    shortest_term,
    working_days_left,
)
from domain.errors import Fault

PLAIN = WorkCalendar.from_days({}, years=range(1990, 2100))
DATES = st.dates(min_value=date(2000, 1, 1), max_value=date(2080, 1, 1))


def test_twenty_working_days_over_mid_autumn_and_national_day(calendar: WorkCalendar) -> None:
    found = due_date(date(2024, 9, 5), 20, calendar)
    assert (found.due, found.provisional) == (date(2024, 10, 10), False)
    assert date(2024, 9, 16) in found.skipped
    assert date(2024, 9, 14) not in found.skipped  # a make-up Saturday counts
    assert len(found.skipped) == 15


def test_make_up_saturday_in_december_counts_though_its_notice_is_next_years() -> None:
    days = {
        date(2018, 12, 29): DayKind.MAKEUP,
        date(2018, 12, 30): DayKind.HOLIDAY,
        date(2018, 12, 31): DayKind.HOLIDAY,
        date(2019, 1, 1): DayKind.HOLIDAY,
    }
    calendar = WorkCalendar.from_days(days, years=[2018, 2019])
    found = due_date(date(2018, 12, 20), 10, calendar)
    assert (found.due, found.provisional) == (date(2019, 1, 4), False)


def test_due_date_beyond_the_known_years_is_provisional(calendar: WorkCalendar) -> None:
    assert due_date(date(2026, 12, 4), 20, calendar).provisional
    assert not due_date(date(2026, 11, 20), 20, calendar).provisional


def test_late_december_waits_for_the_next_years_notice(calendar: WorkCalendar) -> None:
    found = due_date(date(2026, 12, 30), 1, calendar)
    assert (found.due, found.provisional) == (date(2026, 12, 31), True)
    last = due_date(date(2026, 12, 18), 1, calendar)
    assert (last.due, last.provisional) == (date(2026, 12, 21), True)
    assert not due_date(date(2026, 12, 17), 1, calendar).provisional
    assert not due_date(date(2025, 12, 30), 1, calendar).provisional


def test_end_in_an_unknown_year_does_not_count_when_day_one_is_known() -> None:
    calendar = WorkCalendar.from_days({}, years=[2024])
    assert not due_date(date(2023, 12, 31), 1, calendar).provisional


def test_end_day_itself_never_counts(calendar: WorkCalendar) -> None:
    assert due_date(date(2024, 9, 5), 1, calendar).due == date(2024, 9, 6)
    # Also when the inspection ends on a rest day.
    assert due_date(date(2024, 9, 7), 1, calendar).due == date(2024, 9, 9)


@pytest.mark.parametrize("days", [0, -1])
def test_term_below_one_day_is_refused(calendar: WorkCalendar, days: int) -> None:
    with pytest.raises(Fault) as refused:
        due_date(date(2024, 9, 5), days, calendar)
    assert refused.value.code == "date.days_below_one"


def test_date_beyond_the_calendar_is_a_fault_and_not_a_crash() -> None:
    for end, days in ((date(9999, 12, 30), 20), (date(2024, 9, 5), 10**12)):
        with pytest.raises(Fault) as refused:
            due_date(end, days, PLAIN)
        assert refused.value.code == "date.out_of_range"


@given(end=DATES, days=st.integers(1, 90))
def test_due_date_is_the_nth_working_day_and_the_rest_was_skipped(end: date, days: int) -> None:
    found = due_date(end, days, PLAIN)
    between = [end + timedelta(days=n) for n in range(1, (found.due - end).days + 1)]
    working = [day for day in between if PLAIN.is_working_day(day)]
    assert len(working) == days
    assert working[-1] == found.due
    assert sorted([*working, *found.skipped]) == between


@given(end=DATES, days=st.integers(1, 60))
def test_on_the_end_day_all_working_days_are_left(end: date, days: int) -> None:
    due = due_date(end, days, PLAIN).due
    assert working_days_left(due, end, PLAIN) == days
    assert working_days_left(end, due, PLAIN) == -days


@pytest.mark.parametrize(
    ("today", "state"),
    [
        (date(2024, 9, 5), DeadlineState.RUNNING),
        (date(2024, 9, 26), DeadlineState.RUNNING),  # six left
        (date(2024, 9, 27), DeadlineState.DUE_SOON),  # five left: the make-up Sunday counts
        (date(2024, 10, 6), DeadlineState.DUE_SOON),
        (date(2024, 10, 10), DeadlineState.DUE_TODAY),
        (date(2024, 10, 11), DeadlineState.OVERDUE),
    ],
)
def test_open_deadline_passes_through_its_states(
    calendar: WorkCalendar, today: date, state: DeadlineState
) -> None:
    assert deadline_state(date(2024, 10, 10), today, None, calendar) is state


def test_working_days_left_counts_make_up_days(calendar: WorkCalendar) -> None:
    due = date(2024, 10, 10)
    left = [working_days_left(due, date(2024, 9, day), calendar) for day in (26, 27, 28, 29, 30)]
    assert left == [6, 5, 5, 4, 3]


def test_rest_day_after_the_due_date_is_overdue_already(calendar: WorkCalendar) -> None:
    due = date(2024, 9, 13)
    assert deadline_state(date(2024, 9, 20), date(2024, 9, 21), None, calendar) is (
        DeadlineState.OVERDUE
    )
    assert working_days_left(due, date(2024, 9, 14), calendar) == -1
    assert working_days_left(date(2024, 9, 20), date(2024, 9, 21), calendar) == 0


@pytest.mark.parametrize(
    ("met_on", "state"),
    [
        (date(2024, 10, 9), DeadlineState.MET),
        (date(2024, 10, 10), DeadlineState.MET),
        (date(2024, 10, 11), DeadlineState.MET_LATE),
    ],
)
def test_met_deadline_stays_met_whatever_the_day(
    calendar: WorkCalendar, met_on: date, state: DeadlineState
) -> None:
    for today in (date(2024, 9, 5), date(2025, 1, 1)):
        assert deadline_state(date(2024, 10, 10), today, met_on, calendar) is state


def test_joint_task_takes_the_shortest_term() -> None:
    assert shortest_term([20, 10, 15]) == 10
    assert shortest_term([1]) == 1
    for terms in ([], [20, 0]):
        with pytest.raises(Fault):
            shortest_term(terms)


def test_cap_date_only_shortens() -> None:
    due = date(2019, 1, 4)
    assert cap(due, date(2018, 12, 31)) == date(2018, 12, 31)
    assert cap(due, date(2019, 2, 1)) == due
    assert cap(due, None) == due


@pytest.mark.parametrize("text", ["2024-9-5", "20240905", "2024-W36-4", "2024-02-30", "", "今天"])
def test_only_one_spelling_of_a_date_is_read(text: str) -> None:
    assert parse_date("2024-09-05") == date(2024, 9, 5)
    with pytest.raises(Fault) as refused:
        parse_date(text)
    assert refused.value.code == "date.malformed"
    assert refused.value.details == {"text": text}
