"""How a due date came about that no term counts forward: named by a person, counted in calendar
days, or moved ahead of a day off (R089, R096, R103–R105; part 7 row 26)."""

from dataclasses import dataclass
from datetime import date, timedelta

from domain.calendar import WorkCalendar
from domain.deadlines import DueDate, working_days_left
from domain.due_explained import RestDays, rest_runs


@dataclass(frozen=True, slots=True)
class DueNamed:
    """A day that a person named on `start`: the `days`-th day after it, 0 on that very day;
    `working_days` of them are no rest days."""

    due: date
    start: date
    days: int
    working_days: int


@dataclass(frozen=True, slots=True)
class DueAhead:
    """`due` is `nominal`, or the working day before where that is a day off; `rests` are the days
    off from then to `nominal`. `is_provisional`: no notice decides about `nominal` yet."""

    due: date
    nominal: date
    rests: tuple[RestDays, ...]
    is_provisional: bool

    @property
    def moved(self) -> int:
        """By how many days it came earlier."""
        return (self.nominal - self.due).days


def explain_named(start: date, due: date, calendar: WorkCalendar) -> DueNamed | None:
    """None where the day lies before that on which it was named."""
    if due < start:
        return None
    return DueNamed(due, start, (due - start).days, working_days_left(due, start, calendar))


def explain_ahead(nominal: date, due: date, calendar: WorkCalendar) -> DueAhead:
    """Of a day that `deadlines.on_or_before` found."""
    off = [due + timedelta(days=one) for one in range(1, (nominal - due).days + 1)]
    rests = tuple(rest_runs(off, calendar))
    return DueAhead(due, nominal, rests, not calendar.is_settled(nominal))


def calendar_days_back(start: date, due: date) -> DueDate | None:
    """The count behind a day that was kept without its term in calendar days, none of them passed
    over. None where it is no later than `start`."""
    days = (due - start).days
    return DueDate(due, False, (), start=start, days=days, counted=due) if days >= 1 else None
