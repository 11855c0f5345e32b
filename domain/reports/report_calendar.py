"""By when reports are due (R103–R105; domain research part 7 rows 26, 27).

The notice's dates are those of 2024. Each year has a table of its own that the office edits; where
it has none, these. 日前 includes the day; on a rest day it is the working day before.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from domain.calendar import WorkCalendar
from domain.deadlines import on_or_before

REMIND_WORKING_DAYS: Final = 3
# A county that begins in autumn is not told of the whole year's.
LOOKED_BACK: Final = timedelta(days=31)
MONTHLY_DAY: Final = 20
PROGRESS_DAYS: Final = ((4, 3), (6, 26), (10, 8), (12, 20))
ANNUAL_DAY: Final = (11, 20)
# Their places are on record: a new key comes last.
_KEYS: Final = (
    *(f"monthly-{month:02d}" for month in range(1, 13)),
    *(f"progress-{number}" for number in range(1, 5)),
    "annual",
)


class DueKind(StrEnum):
    """月报表, 工作开展情况, 全年情况和抽查数据."""

    MONTHLY = "monthly"
    PROGRESS = "progress"
    ANNUAL = "annual"


class DueState(StrEnum):
    """`due`: its reminder is out; `overdue`: past and not handed in; `before`: past before anybody
    followed it here, so nothing is known of it."""

    LATER = "later"
    DUE = "due"
    OVERDUE = "overdue"
    DONE = "done"
    BEFORE = "before"


@dataclass(frozen=True, slots=True)
class ReportDate:
    """`key` is its name within the year (`monthly-02`); `nominal` the day of the table, `due` the
    last day on which it is in time, `remind_on` when the office is reminded. `is_provisional`: no
    notice on days off decides about it yet."""

    key: str
    kind: DueKind
    nominal: date
    due: date
    remind_on: date
    is_provisional: bool


def usual_days(year: int) -> dict[str, date]:
    """Key → day, in the order of the year's dates."""
    days = {f"monthly-{month:02d}": date(year, month, MONTHLY_DAY) for month in range(1, 13)}
    for number, (month, day) in enumerate(PROGRESS_DAYS, start=1):
        days[f"progress-{number}"] = date(year, month, day)
    days["annual"] = date(year, *ANNUAL_DAY)
    return dict(sorted(days.items(), key=lambda one: (one[1], one[0])))


def number_of(year: int, key: str) -> int:
    """A date of a year's table as a number that stays the same, for who keeps numbers alone.
    Raises `ValueError` for a key no year has."""
    return year * 100 + _KEYS.index(key)


def read_number(number: int) -> tuple[int, str]:
    """Year and key, the inverse."""
    year, index = divmod(number, 100)
    return year, _KEYS[index]


def read_date(key: str, nominal: date, calendar: WorkCalendar) -> ReportDate:
    """When that is due and reminded of."""
    due = on_or_before(nominal, calendar)
    return ReportDate(
        key=key,
        kind=DueKind(key.partition("-")[0]),
        nominal=nominal,
        due=due,
        remind_on=working_days_before(due, REMIND_WORKING_DAYS, calendar),
        is_provisional=not calendar.is_settled(nominal),
    )


def working_days_before(day: date, count: int, calendar: WorkCalendar) -> date:
    """The working day from which `count` working days lead to `day`."""
    for _ in range(count):
        day = on_or_before(day - timedelta(days=1), calendar)
    return day


def state_of(one: ReportDate, today: date, *, is_done: bool, is_followed: bool = True) -> DueState:
    """What the office has to do about it today. `is_followed`: it is on record here that it was to
    come; where it is not, it is late for a month, then of the time before."""
    if is_done:
        return DueState.DONE
    if today > one.due:
        is_known = is_followed or one.due >= today - LOOKED_BACK
        return DueState.OVERDUE if is_known else DueState.BEFORE
    return DueState.DUE if today >= one.remind_on else DueState.LATER


def month_of(day: date) -> tuple[date, date]:
    """First and last day of its month."""
    first = day.replace(day=1)
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def month_before(day: date) -> tuple[date, date]:
    """First and last day of the last full month: 本月 of annex 2 (part 7 row 25)."""
    return month_of(day.replace(day=1) - timedelta(days=1))
