"""The table of terms: what a county sets, how it is counted, what pauses do."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar import WorkCalendar
from domain.county_settings import SETTINGS
from domain.errors import Fault
from domain.pauses import Span, days_of, faults_of_pause
from domain.term_settings import Start, Unit
from domain.terms import TERMS, Term, TermRule, count_due, days_left, read_rule

DATES = st.dates(date(2024, 1, 1), date(2025, 12, 1))
ENDED = date(2024, 9, 5)


def test_every_key_of_the_table_is_a_setting_and_rests_on_a_clause() -> None:
    for spec in TERMS.values():
        assert spec.clauses
        keys = (
            spec.length_key, spec.start_key, spec.unit_key, spec.cap_key, spec.by_department_key,
        )  # fmt: skip
        assert all(key in SETTINGS for key in keys if key)


def test_defaults_are_those_of_the_sources() -> None:
    assert read_rule({}, Term.ENTRY) == TermRule(Term.ENTRY, Start.FIRM_END, 20, Unit.WORKING)
    materials = read_rule({}, Term.MATERIALS)
    assert (materials.days, materials.unit) == (10, Unit.CALENDAR)
    assert read_rule({}, Term.FOLLOW_UP).days == 10
    assert read_rule({}, Term.REVISIT).unit is Unit.CALENDAR


def test_publication_takes_the_entrys_term_unless_it_has_its_own() -> None:
    own = {"entry.working_days_by_department": {"mr": 10}, "entry.cap_date": "2024-12-31"}
    entry = read_rule(own, Term.ENTRY, ["tr", "mr"])
    same = read_rule(own, Term.PUBLICATION, ["tr", "mr"])
    assert (entry.days, same.days, same.cap_date) == (10, 10, date(2024, 12, 31))
    assert read_rule({**own, "publication.within_days": 25}, Term.PUBLICATION).days == 25


def test_ten_calendar_days_that_end_in_a_holiday_end_on_the_next_working_day(
    calendar: WorkCalendar,
) -> None:
    rule = TermRule(Term.MATERIALS, Start.FIRM_END, 10, Unit.CALENDAR)
    assert count_due(rule, date(2024, 9, 10), calendar).due == date(2024, 9, 20)
    found = count_due(rule, date(2024, 9, 22), calendar)  # 10-02 lies in the National Day block
    assert (found.due, len(found.skipped)) == (date(2024, 10, 8), 6)


def test_paused_days_are_passed_over_and_a_pause_of_rest_days_moves_nothing(
    calendar: WorkCalendar,
) -> None:
    rule = read_rule({}, Term.ENTRY)
    plain = count_due(rule, ENDED, calendar).due
    assert plain == date(2024, 10, 10)
    week = Span(date(2024, 9, 23), date(2024, 9, 29)).days  # five days and a make-up Sunday
    moved = count_due(rule, ENDED, calendar, week)
    assert moved.due == date(2024, 10, 17)  # 10-12 is a make-up Saturday
    assert week <= set(moved.skipped)
    festival = Span(date(2024, 10, 1), date(2024, 10, 7)).days
    assert count_due(rule, ENDED, calendar, festival).due == plain


def test_a_cap_date_holds_through_a_pause(calendar: WorkCalendar) -> None:
    rule = read_rule({"entry.cap_date": "2024-10-11"}, Term.ENTRY)
    pause = Span(date(2024, 9, 9), date(2024, 9, 30)).days
    assert count_due(rule, ENDED, calendar, pause).due == date(2024, 10, 11)


@given(
    ended=DATES,
    days=st.integers(1, 40),
    unit=st.sampled_from(Unit),
    offset=st.integers(1, 60),
    length=st.integers(1, 60),
)
def test_a_pause_never_brings_a_due_date_forward_and_none_of_its_days_is_counted(
    calendar: WorkCalendar, ended: date, days: int, unit: Unit, offset: int, length: int
) -> None:
    rule = TermRule(Term.ENTRY, Start.FIRM_END, days, unit)
    first = ended + timedelta(days=offset)
    pause = Span(first, first + timedelta(days=length - 1)).days
    plain, moved = count_due(rule, ended, calendar), count_due(rule, ended, calendar, pause)
    assert moved.due >= plain.due and moved.due not in pause
    assert (moved.due == plain.due) or first <= plain.due
    if unit is Unit.WORKING:
        span = (moved.due - ended).days
        every = [ended + timedelta(days=one) for one in range(1, span + 1)]
        assert sum(calendar.is_working_day(one) and one not in pause for one in every) == days


def test_days_left_are_counted_in_the_unit_of_the_term(calendar: WorkCalendar) -> None:
    due, day = date(2024, 10, 8), date(2024, 9, 30)
    assert days_left(due, day, Unit.WORKING, calendar) == 1
    assert days_left(due, day, Unit.CALENDAR, calendar) == 8


def test_what_stands_against_a_pause_is_told_all_at_once() -> None:
    due, approved = date(2024, 10, 10), [Span(date(2024, 9, 16), date(2024, 9, 20))]

    def told(first: date, last: date) -> dict[str, str]:
        return faults_of_pause(Span(first, last), ENDED, due, approved)

    assert told(date(2024, 9, 23), date(2024, 9, 30)) == {}
    assert told(ENDED, date(2024, 9, 1)) == {
        "from_on": "pause.before_start", "to_on": "pause.backwards",
    }  # fmt: skip
    assert told(date(2024, 10, 11), date(2024, 10, 12)) == {"from_on": "pause.after_due"}
    assert told(date(2024, 9, 20), date(2024, 9, 23)) == {"from_on": "pause.overlaps"}
    assert told(date(2024, 9, 23), date(2025, 4, 1)) == {"to_on": "pause.too_long"}
    assert days_of(approved) == approved[0].days and len(approved[0].days) == 5


def test_a_term_of_no_day_or_of_a_typing_error_is_refused(calendar: WorkCalendar) -> None:
    for days in (0, 9999):
        for unit in Unit:
            with pytest.raises(Fault):
                count_due(TermRule(Term.ENTRY, Start.FIRM_END, days, unit), ENDED, calendar)
