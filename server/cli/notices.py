"""A notice on days off as a file: ``date,kind,name`` with kind ``holiday`` or ``makeup``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete

from domain.calendar import DayKind
from domain.deadlines import parse_date
from domain.errors import Fault, fault
from domain.plan_files import read_csv_rows
from server.db import unit_of_work
from server.deadlines.calendar import load_calendar
from server.deadlines.models import CalendarDay, CalendarYear
from server.followup.recounting import recount_cases

HEADER = ["date", "kind", "name"]
NATIONAL_DAY = (10, 1)


@dataclass(frozen=True, slots=True)
class NoticeDay:
    """One day that does not follow the week."""

    day: date
    kind: DayKind
    name: str


def read_notice(data: bytes) -> list[NoticeDay]:
    """All days, each once. Raises ``plan.malformed`` naming row and column."""
    table = read_csv_rows(data)
    if [cell.strip() for cell in table[0]] != HEADER:
        raise fault("plan.unknown_header", columns=table[0])
    days: dict[date, NoticeDay] = {}
    for number, cells in enumerate(table[1:], start=2):
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(HEADER):
            raise _malformed(number, "date", "plan.ragged", found=len(cells), expected=3)
        text, kind, name = (cell.strip() for cell in cells)
        try:
            day = parse_date(text)
        except Fault as refused:
            raise _malformed(number, "date", refused.code, **refused.details) from None
        if kind not in set(DayKind):
            raise _malformed(number, "kind", "checklist.unknown_value")
        if day in days:
            raise _malformed(number, "date", "checklist.repeated")
        days[day] = NoticeDay(day, DayKind(kind), name[:40])
    if not _years(list(days.values())):
        raise _malformed(2, "date", "plan.blank")
    return list(days.values())


def store_notice(days: list[NoticeDay], source: str) -> list[int]:
    """Replaces the announced years' days; answers those years. A make-up day or New Year's leave
    in the December before belongs to the notice too and is added to what that year has. Open
    follow-up cases are to be decided on by another day where their term passes one of them."""
    years = _years(days)
    with unit_of_work() as work:
        before = load_calendar()
        for year in years:
            first, last = date(year, 1, 1), date(year, 12, 31)
            work.execute(delete(CalendarDay).where(CalendarDay.day.between(first, last)))
            work.merge(CalendarYear(year=year, source=source[:80]))
        for entry in days:
            work.merge(CalendarDay(day=entry.day, kind=entry.kind.value, name=entry.name))
        work.flush()
        recount_cases(before, load_calendar())
    return years


def _years(days: list[NoticeDay]) -> list[int]:
    """A year is announced when its National Day is among the days off: every notice has it, and
    no other year's notice reaches it."""
    return sorted(
        entry.day.year
        for entry in days
        if entry.kind is DayKind.HOLIDAY and (entry.day.month, entry.day.day) == NATIONAL_DAY
    )


def _malformed(row: int, column: str, reason: str, **details: object) -> Fault:
    return fault("plan.malformed", row=row, column=column, reason=reason, **details)
