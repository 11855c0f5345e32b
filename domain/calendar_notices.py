"""The State Council's notice on days off as days, and what it makes of the calendar."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from domain.calendar import DayKind, notice_year
from domain.deadlines import parse_date
from domain.errors import Fault, fault
from domain.plan_files import read_csv_rows

HEADER = ["date", "kind", "name"]
NATIONAL_DAY = (10, 1)
MAX_NAME_CHARACTERS = 40
FIRST_YEAR, LAST_YEAR = 2004, 2099  # before and after them no notice, and no inspection of ours


@dataclass(frozen=True, slots=True)
class NoticeDay:
    """One day that does not follow the week."""

    day: date
    kind: DayKind
    name: str


@dataclass(frozen=True, slots=True)
class DayChange:
    """What a day was before a notice and is with it; None: it follows the week."""

    day: date
    old: DayKind | None
    new: DayKind | None
    name: str

    @property
    def is_changed(self) -> bool:
        """Whether the notice says anything new about the day."""
        return self.old is not self.new


def read_notice_file(data: bytes) -> list[NoticeDay]:
    """All days of ``date,kind,name``, each once. Raises ``plan.malformed`` naming row and column,
    ``plan.unknown_header`` for another table."""
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
        days[day] = NoticeDay(day, DayKind(kind), name[:MAX_NAME_CHARACTERS])
    if not days:
        raise _malformed(2, "date", "plan.blank")
    return list(days.values())


def dump_notice_file(days: Iterable[NoticeDay]) -> str:
    """The days as ``read_notice_file`` reads them."""
    lines = [f"{one.day.isoformat()},{one.kind.value},{_plain(one.name)}" for one in days]
    return "\n".join([",".join(HEADER), *lines]) + "\n"


def announced_years(days: Iterable[NoticeDay]) -> list[int]:
    """A year is announced when its National Day is among the days off: every notice has it, and
    no other year's notice reaches it."""
    return sorted(
        one.day.year
        for one in days
        if one.kind is DayKind.HOLIDAY and (one.day.month, one.day.day) == NATIONAL_DAY
    )


def lay_over(
    present: Mapping[date, DayKind], known_years: Iterable[int], days: Iterable[NoticeDay]
) -> list[DayChange]:
    """What the notice makes of the calendar, day by day: first of all days it names, and of those
    it takes back, because a year's notice replaces whatever was said of that year before.

    Days of a year that the notice does not announce amend what is known of it (the longer Spring
    Festival of 2020); raises ``calendar.year_not_announced`` where nothing is known of it yet,
    ``calendar.bad_day`` for a year nobody means."""
    days = list(days)
    for one in days:
        if not FIRST_YEAR <= one.day.year <= LAST_YEAR:
            raise fault("calendar.bad_day", text=one.day.isoformat())
    announced = set(announced_years(days))
    unknown = {notice_year(one.day) for one in days} - announced - set(known_years)
    if unknown:
        raise fault("calendar.year_not_announced", year=min(unknown))
    told = {one.day: DayChange(one.day, present.get(one.day), one.kind, one.name) for one in days}
    for day, kind in present.items():
        if day not in told and notice_year(day) in announced:
            told[day] = DayChange(day, kind, None, "")
    return [told[day] for day in sorted(told)]


def _plain(name: str) -> str:
    return name.replace(",", "、").replace('"', "").replace("\n", " ")


def _malformed(row: int, column: str, reason: str, **details: object) -> Fault:
    return fault("plan.malformed", row=row, column=column, reason=reason, **details)
