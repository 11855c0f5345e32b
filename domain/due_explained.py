"""How a due date was counted, as data for a page, a paper or a tooltip (R074–R076).

Everything is derived from the due date and the calendar it was counted with, so that the words
beside a date can never tell another story than the date.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain.calendar import DayKind, WorkCalendar, notice_year
from domain.deadlines import ONE_DAY, DueDate
from domain.term_settings import Unit


class RestReason(StrEnum):
    """Why a day was passed over."""

    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    PAUSE = "pause"


@dataclass(frozen=True, slots=True)
class RestDays:
    """Days passed over, one after the other, for one reason; `name` of the holiday, empty for a
    weekend and where the notice gave none."""

    first: date
    last: date
    reason: RestReason
    name: str

    @property
    def count(self) -> int:
        """How many days."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class DueExplained:
    """`start` is the day the inspection ended, `day_one` the first working day after it, `days`
    the term, `rests` what was passed over, `makeup_days` the weekend days that counted. `counted`
    is the `days`-th day in the `unit` of the term, or the working day after it; `cap` the earlier
    day that ended the term instead. Of `unknown_years` no notice has been imported: the date is
    provisional. `is_kept`: met before a later notice, and counted by the calendar of then; nothing
    else is told of it."""

    due: date
    start: date
    day_one: date
    days: int
    rests: tuple[RestDays, ...]
    makeup_days: tuple[date, ...]
    counted: date
    cap: date | None
    unknown_years: tuple[int, ...]
    is_kept: bool
    unit: Unit = Unit.WORKING

    @property
    def is_provisional(self) -> bool:
        """Whether a notice to come may move it."""
        return bool(self.unknown_years)

    @property
    def skipped(self) -> int:
        """How many rest days were passed over."""
        return sum(one.count for one in self.rests if one.reason is not RestReason.PAUSE)

    @property
    def paused(self) -> int:
        """How many days of a pause were, rest days within it included."""
        return sum(one.count for one in self.rests if one.reason is RestReason.PAUSE)


def explain(found: DueDate, calendar: WorkCalendar, unit: Unit = Unit.WORKING) -> DueExplained:
    """The count behind `found`, which `due_date` made with this calendar, or `terms.count_due` in
    this unit."""
    assert found.start is not None and found.counted is not None, "made by due_date"
    # A cap may lie on or before the inspection's own end: then nothing was counted at all.
    until = found.due if found.cap else found.counted
    resting = calendar.resting(found.paused)
    is_working = unit is Unit.WORKING
    day_one = _next_working_day(found.start, resting) if is_working else found.start + ONE_DAY
    makeup = [day for day in _days(found.start, until) if day in resting.makeup_days]
    days = _days(found.start, found.counted)
    unknown = sorted({notice_year(day) for day in days if not calendar.is_settled(day)})
    return DueExplained(
        due=found.due,
        start=found.start,
        day_one=day_one,
        days=found.days,
        rests=tuple(rest_runs(found.skipped, calendar, found.paused)),
        makeup_days=() if found.is_kept or not is_working else tuple(makeup),
        counted=found.counted,
        cap=found.cap,
        unknown_years=tuple(unknown) if found.provisional else (),
        is_kept=found.is_kept,
        unit=unit,
    )


def rest_reason(day: date, calendar: WorkCalendar) -> RestReason:
    """Why a rest day is one; a weekend inside an announced block belongs to the holiday."""
    kind = calendar.kind_of(day)
    return RestReason.HOLIDAY if kind is DayKind.HOLIDAY else RestReason.WEEKEND


def rest_runs(
    days: Iterable[date], calendar: WorkCalendar, paused: frozenset[date] = frozenset()
) -> Iterator[RestDays]:
    """Days off in order, those put together that follow each other for one reason."""
    run: RestDays | None = None
    for day in days:
        reason = RestReason.PAUSE if day in paused else rest_reason(day, calendar)
        name = calendar.names.get(day, "")
        name = name if reason is RestReason.HOLIDAY else ""
        if run and (run.reason, run.name) == (reason, name) and day == run.last + ONE_DAY:
            run = RestDays(run.first, day, reason, name)
            continue
        if run:
            yield run
        run = RestDays(day, day, reason, name)
    if run:
        yield run


def _days(after: date, until: date) -> Iterator[date]:
    day = after + ONE_DAY
    while day <= until:
        yield day
        day += ONE_DAY


def _next_working_day(after: date, calendar: WorkCalendar) -> date:
    day = after + ONE_DAY
    while not calendar.is_working_day(day):
        day += ONE_DAY
    return day
