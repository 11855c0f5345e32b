"""The ladder of reminders: which rung a term stands on, whom it concerns, when messages leave."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar import DayKind, WorkCalendar
from domain.deadlines import due_date
from domain.reminders import (
    Hours,
    Ladder,
    Rung,
    Step,
    Whom,
    find_rung,
    is_sending_time,
    read_hours,
    read_ladder,
    slot_of,
    tally,
)

SITE = ZoneInfo("Asia/Shanghai")
# The days off around 1 May 2026, and the Saturday that is worked for them.
CALENDAR = WorkCalendar.from_days(
    {date(2026, 5, day): DayKind.HOLIDAY for day in range(1, 6)}
    | {date(2026, 5, 9): DayKind.MAKEUP},
    [2026],
)
LADDER = Ladder(days_before=(10, 5, 3, 1), on_due_day=True, deputy_after=3)
END = date(2026, 4, 8)
DUE = due_date(END, 20, CALENDAR).due


def rungs_of(first: date, last: date, ladder: Ladder = LADDER) -> dict[date, Rung]:
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    found = {day: find_rung(DUE, day, ladder, CALENDAR) for day in days}
    return {day: rung for day, rung in found.items() if rung}


def test_a_term_of_twenty_days_climbs_ten_five_three_one_due_and_then_daily() -> None:
    assert date(2026, 5, 9) == DUE  # the worked Saturday
    steps: list[str] = []
    for day, rung in rungs_of(END, date(2026, 5, 13)).items():
        if rung.step not in steps:
            steps.append(rung.step)
            first = {"before.10": date(2026, 4, 22), "before.1": date(2026, 5, 8)}
            assert first.get(rung.step, day) == day
    assert steps == [
        "before.10", "before.5", "before.3", "before.1", "due",
        "overdue.2026-05-11", "overdue.2026-05-12", "overdue.2026-05-13",
    ]  # fmt: skip


def test_overdue_goes_to_the_lead_daily_and_to_the_deputy_from_the_third_day() -> None:
    whom = {day.day: rung.whom for day, rung in rungs_of(DUE, date(2026, 5, 14)).items()}
    assert whom == {
        9: (Whom.HOLDER,),
        11: (Whom.HOLDER, Whom.LEAD),
        12: (Whom.LEAD,),
        13: (Whom.LEAD, Whom.DEPUTY),
        14: (Whom.LEAD, Whom.DEPUTY),
    }


def test_days_nobody_looked_are_one_reminder_not_three() -> None:
    late = find_rung(DUE, date(2026, 5, 8), LADDER, CALENDAR)
    assert late is not None and late.step == "before.1"


def test_nothing_is_written_on_days_off_but_what_is_due_that_day() -> None:
    assert not any(date(2026, 5, 1) <= day <= date(2026, 5, 5) for day in rungs_of(END, DUE))
    sunday = date(2026, 4, 12)  # a county's own end of a campaign may fall on one
    rung = find_rung(sunday, sunday, LADDER, CALENDAR)
    assert rung is not None and rung.kind is Step.DUE


def test_a_county_may_want_none_before_none_on_the_day_and_no_deputy() -> None:
    bare = Ladder(days_before=(), on_due_day=False, deputy_after=0)
    found = rungs_of(END, date(2026, 5, 18), bare)
    assert min(found) == date(2026, 5, 11)
    assert all(Whom.DEPUTY not in rung.whom for rung in found.values())


@given(st.sets(st.integers(0, 45)))
def test_whenever_somebody_looks_each_rung_is_the_same_and_none_is_passed_twice(
    looked: set[int],
) -> None:
    """Any choice of days on which the job ran: steps come in order, and one step always says the
    same, so that its key alone decides whether it was written."""
    told: list[Rung] = []
    for offset in sorted(looked):
        rung = find_rung(DUE, END + timedelta(days=offset), LADDER, CALENDAR)
        if rung is not None and rung not in told:
            told.append(rung)
    assert len({rung.step for rung in told}) == len(told)
    order = [rung.kind for rung in told]
    assert order == sorted(order, key=[Step.BEFORE, Step.DUE, Step.OVERDUE].index)
    before = [int(rung.step.split(".")[1]) for rung in told if rung.kind is Step.BEFORE]
    assert before == sorted(before, reverse=True)


@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        ("2026-04-22T07:59", False),
        ("2026-04-22T08:00", True),
        ("2026-04-22T17:59", True),
        ("2026-04-22T18:00", False),
        ("2026-04-25T10:00", False),  # Saturday
        ("2026-05-09T10:00", True),  # the worked Saturday
        ("2026-05-04T10:00", False),  # a Monday off
    ],
)
def test_messages_leave_in_working_hours_of_working_days(at: str, is_open: bool) -> None:
    local = datetime.fromisoformat(at).replace(tzinfo=SITE)
    assert is_sending_time(local, read_hours({}), CALENDAR) is is_open
    if not is_open and 8 <= local.hour < 18:
        assert is_sending_time(local, Hours(8, 18, on_rest_days=True), CALENDAR)


def test_a_day_has_two_slots_and_a_message_counts_by_kind() -> None:
    assert slot_of(datetime(2026, 4, 22, 11, 59, tzinfo=SITE)) == "2026-04-22.am"
    assert slot_of(datetime(2026, 4, 22, 12, 0, tzinfo=SITE)) == "2026-04-22.pm"
    assert tally([Step.BEFORE, Step.OVERDUE, Step.BEFORE]) == {"overdue": 1, "before": 2}
    assert read_ladder({"reminders.days_before": [7]}).days_before == (7,)
