"""A notice laid over the calendar: what it replaces, what it leaves alone."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar import DayKind
from domain.calendar_notices import (
    NoticeDay,
    announced_years,
    dump_notice_file,
    lay_over,
    read_notice_file,
)
from domain.errors import Fault

OFF, WORK = DayKind.HOLIDAY, DayKind.MAKEUP
NATIONAL_2027 = NoticeDay(date(2027, 10, 1), OFF, "国庆节")
PRESENT = {
    date(2025, 10, 1): OFF,
    date(2026, 1, 1): OFF,
    date(2026, 5, 1): OFF,
    date(2026, 5, 9): WORK,
    date(2026, 10, 1): OFF,
}


def changes(*days: NoticeDay, known: tuple[int, ...] = (2025, 2026)) -> dict[date, object]:
    told = lay_over(PRESENT, known, days)
    return {one.day: (one.old, one.new) for one in told if one.is_changed}


def test_years_notice_takes_back_what_was_said_of_its_year_and_nothing_else() -> None:
    again = [
        NoticeDay(date(2026, 5, 1), OFF, "劳动节"),
        NoticeDay(date(2026, 10, 1), OFF, "国庆节"),
    ]
    assert changes(*again) == {date(2026, 1, 1): (OFF, None), date(2026, 5, 9): (WORK, None)}


def test_december_belongs_to_the_notice_that_comes() -> None:
    work = NoticeDay(date(2026, 12, 27), WORK, "元旦")
    assert changes(NATIONAL_2027, work) == {
        date(2026, 12, 27): (None, WORK),
        date(2027, 10, 1): (None, OFF),
    }
    # and stays where the year before is imported again
    present = {**PRESENT, date(2026, 12, 27): WORK, date(2027, 10, 1): OFF}
    told = lay_over(present, (2026, 2027), [NoticeDay(date(2026, 10, 1), OFF, "国庆节")])
    assert date(2026, 12, 27) not in {one.day for one in told}


def test_single_days_amend_a_known_year_and_cannot_begin_an_unknown_one() -> None:
    longer = NoticeDay(date(2026, 5, 6), OFF, "劳动节")
    assert changes(longer) == {date(2026, 5, 6): (None, OFF)}
    assert changes(NoticeDay(date(2026, 5, 9), OFF, "劳动节")) == {date(2026, 5, 9): (WORK, OFF)}
    with pytest.raises(Fault) as refused:
        changes(NoticeDay(date(2027, 5, 1), OFF, "劳动节"))
    assert (refused.value.code, refused.value.details) == (
        "calendar.year_not_announced", {"year": 2027},
    )  # fmt: skip
    # late December 2026 is the notice's for 2027
    with pytest.raises(Fault):
        changes(NoticeDay(date(2026, 12, 31), OFF, "元旦"))


def test_announced_year_is_the_one_with_its_national_day_off() -> None:
    worked = NoticeDay(date(2028, 10, 1), WORK, "国庆节")
    assert announced_years([NATIONAL_2027, worked]) == [2027]


@given(
    st.dictionaries(
        st.dates(date(2004, 1, 1), date(2099, 12, 31)),
        st.tuples(st.sampled_from(DayKind), st.sampled_from(["春节", "国庆节、中秋节", ""])),
        min_size=1,
    )
)
def test_days_survive_the_file(days: dict[date, tuple[DayKind, str]]) -> None:
    told = [NoticeDay(day, kind, name) for day, (kind, name) in days.items()]
    assert read_notice_file(dump_notice_file(told).encode()) == told


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("day,kind\n", "plan.unknown_header"),
        ("date,kind,name\n", "plan.malformed"),
        ("date,kind,name\n2026-05-01,off,劳动节\n", "plan.malformed"),
        ("date,kind,name\n2026-05-01,holiday,劳动节\n2026-05-01,makeup,劳动节\n", "plan.malformed"),
    ],
)
def test_file_that_is_no_notice_is_refused(text: str, code: str) -> None:
    with pytest.raises(Fault) as refused:
        read_notice_file(text.encode())
    assert refused.value.code == code
