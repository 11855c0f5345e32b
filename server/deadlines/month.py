"""Lookup: one month of the calendar, with what falls due on its days."""

from __future__ import annotations

import calendar as weeks_of
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from domain.calendar import SATURDAY, DayKind, WorkCalendar
from domain.calendar_notices import FIRST_YEAR, LAST_YEAR
from domain.deadlines import on_or_before
from server.planning.models import Plan


@dataclass(frozen=True, slots=True)
class MonthDay:
    """``open`` sheets have their due date on this day and are not entered yet, ``done`` are."""

    day: date
    is_inside: bool
    is_today: bool
    is_working: bool
    is_provisional: bool
    kind: DayKind | None
    name: str
    open: int
    done: int

    @property
    def is_weekend(self) -> bool:
        """Saturday or Sunday."""
        return self.day.weekday() >= SATURDAY


@dataclass(frozen=True, slots=True)
class MonthView:
    """Weeks begin on Monday. ``is_known``: the year has a notice. ``before`` and ``after`` are the
    first days of the months beside it, None at the ends."""

    first: date
    weeks: list[list[MonthDay]]
    is_known: bool
    before: date | None
    after: date | None

    @property
    def working_days(self) -> int:
        """In this month."""
        return sum(one.is_working for week in self.weeks for one in week if one.is_inside)

    @property
    def is_settled(self) -> bool:
        """Whether no notice to come decides about a day of it; the last days of December wait for
        the next year's."""
        days = (one for week in self.weeks for one in week if one.is_inside)
        return not any(one.is_provisional for one in days)


@dataclass(frozen=True, slots=True)
class PhaseLine:
    """A phase of a campaign; ``latest`` is the last working day in it, where ``ends_on`` is a rest
    day the one before (part 7 row 26)."""

    plan: str
    name: str
    starts_on: date
    ends_on: date
    latest: date

    @property
    def ends_at_rest(self) -> bool:
        """Whether its last day is a rest day."""
        return self.latest != self.ends_on


def list_phases(plans: Iterable[Plan], first: date, calendar: WorkCalendar) -> list[PhaseLine]:
    """Those of campaigns that touch the month, in their order (R122–R126)."""
    found = []
    for plan in plans:
        for one in plan.phases:
            starts_on, ends_on = (date.fromisoformat(one[key]) for key in ("starts_on", "ends_on"))
            if starts_on < (month_beside(first, 1) or date.max) and ends_on >= first:
                latest = on_or_before(ends_on, calendar)
                found.append(PhaseLine(plan.title, one["name"], starts_on, ends_on, latest))
    return sorted(found, key=lambda one: (one.starts_on, one.ends_on))


def build_month(
    first: date, calendar: WorkCalendar, today: date, counts: Mapping[tuple[date, bool], int]
) -> MonthView:
    """``counts``: (due date, whether met) → how many parts the reader may know of."""
    days = weeks_of.Calendar(weeks_of.MONDAY).monthdatescalendar(first.year, first.month)
    return MonthView(
        first=first,
        weeks=[
            [
                MonthDay(
                    day=day,
                    is_inside=day.month == first.month,
                    is_today=day == today,
                    is_working=calendar.is_working_day(day),
                    is_provisional=not calendar.is_settled(day),
                    kind=calendar.kind_of(day),
                    name=calendar.names.get(day, ""),
                    open=counts.get((day, False), 0),
                    done=counts.get((day, True), 0),
                )
                for day in week
            ]
            for week in days
        ],
        is_known=calendar.is_known_year(first.year),
        before=month_beside(first, -1),
        after=month_beside(first, 1),
    )


def count_working_days(year: int, calendar: WorkCalendar) -> int:
    """Of the whole year."""
    return sum(
        calendar.is_working_day(date(year, month, day))
        for month in range(1, 13)
        for day in range(1, weeks_of.monthrange(year, month)[1] + 1)
    )


def parse_month(text: str) -> date | None:
    """The first day of ``2026-10``; None for anything else."""
    try:
        found = date.fromisoformat(f"{text}-01") if len(text) == len("2026-10") else None
    except ValueError:
        return None
    return found if found and FIRST_YEAR <= found.year <= LAST_YEAR else None


def last_day_of(first: date) -> date:
    """Of the month that begins with it."""
    return first.replace(day=weeks_of.monthrange(first.year, first.month)[1])


def month_beside(first: date, step: int) -> date | None:
    """The first day of the month so many months on; None beyond the years of a calendar."""
    place = first.year * 12 + first.month - 1 + step
    year, month = divmod(place, 12)
    return date(year, month + 1, 1) if FIRST_YEAR <= year <= LAST_YEAR else None
