"""The board's two pictures as numbers: due dates per day, and open parts against days left (R088).

A part is open from the day its visit ended (the term runs) until its deadline is met. All days are
calendar dates in Asia/Shanghai; `today` is passed in.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from domain.calendar import WorkCalendar

ONE_DAY: Final = timedelta(days=1)
WEEK: Final = 7


@dataclass(frozen=True, slots=True)
class DayCell:
    """One day of a month; `due` parts not yet met fall due on it."""

    day: date
    due: int
    is_working: bool
    is_today: bool
    is_past: bool


@dataclass(frozen=True, slots=True)
class Point:
    """`still_open` parts at the end of `day`. Up to today it is what was; from tomorrow on
    (`is_ahead`) what may be left so that everything is met in time."""

    day: date
    still_open: int
    is_ahead: bool


def month_weeks(
    month: date, due: Mapping[date, int], today: date, calendar: WorkCalendar
) -> list[list[DayCell | None]]:
    """The month of the day `month` in weeks from Monday to Sunday; None beside its ends."""
    first = month.replace(day=1)
    cells: list[DayCell | None] = [None] * first.weekday()
    day = first
    while day.month == first.month:
        cells.append(
            DayCell(day, due.get(day, 0), calendar.is_working_day(day), day == today, day < today)
        )
        day += ONE_DAY
    cells += [None] * (-len(cells) % WEEK)
    return [cells[at : at + WEEK] for at in range(0, len(cells), WEEK)]


def burn_down(
    due: Mapping[date, int],
    ended: Mapping[date, int],
    met: Mapping[date, int],
    today: date,
    calendar: WorkCalendar,
    *,
    back: int = 15,
    ahead: int = 20,
) -> list[Point]:
    """The last `back` working days, today, and working days ahead until nothing may be left, at
    most `ahead` of them. `due` are the open parts by due date; `ended` and `met` how many terms
    began and were met on each day, of the days looked back on."""
    days = [today]
    while len(days) <= back:
        days.insert(0, _working_day(days[0], -ONE_DAY, calendar))
    still_open, past, day = sum(due.values()), [], today
    while day >= days[0]:
        if day in days:
            past.append(Point(day, still_open, is_ahead=False))
        still_open += met.get(day, 0) - ended.get(day, 0)
        day -= ONE_DAY
    return [*reversed(past), *_what_may_be_left(due, today, calendar, ahead)]


def _what_may_be_left(
    due: Mapping[date, int], today: date, calendar: WorkCalendar, ahead: int
) -> list[Point]:
    points: list[Point] = []
    day = today
    while len(points) < ahead:
        day = _working_day(day, ONE_DAY, calendar)
        left = sum(number for one, number in due.items() if one > day)
        points.append(Point(day, left, is_ahead=True))
        if not left:
            break
    return points


def _working_day(day: date, step: timedelta, calendar: WorkCalendar) -> date:
    day += step
    while not calendar.is_working_day(day):
        day += step
    return day
