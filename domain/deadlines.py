"""Entry deadlines counted in working days (R074, R075, R076; 民法典 art. 201, 203).

All dates are calendar dates in Asia/Shanghai. A deadline is met until 24:00 of its due date, so
comparing dates is enough. Nothing here reads a clock: `today` is always passed in.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from domain.calendar import WorkCalendar
from domain.errors import fault

DUE_SOON_WORKING_DAYS = 5
# Ten years: longer terms are typing errors, and counting them would only take time.
MAX_TERM_WORKING_DAYS = 2500
ONE_DAY = timedelta(days=1)


class DeadlineState(StrEnum):
    """Where a deadline stands on a given day."""

    RUNNING = "running"
    DUE_SOON = "due_soon"
    DUE_TODAY = "due_today"
    OVERDUE = "overdue"
    MET = "met"
    MET_LATE = "met_late"


class MetBy(StrEnum):
    """What meets the deadline (part 7 row 21): the entry that locks here, or the official
    platform's receipt."""

    ENTERED = "entered"
    RECEIPT = "receipt"


@dataclass(frozen=True, slots=True)
class DueDate:
    """`due` is a working day unless a cap shortened the term. `skipped` lists, in order, the rest
    days passed over from day 1 to `due`, so that a page can show the count (`due_explained`).
    `provisional`: no notice has fixed a day in between yet (late December waits for the next
    year's), and the date must be computed again when it comes. `start` never counts; `days` is the
    term; `counted` the date before any cap, `cap` the day that was earlier than it. `is_kept`: the
    deadline was met, and a later notice has moved nothing of it. `paused`: which of `skipped` are
    no rest days but days of a pause."""

    due: date
    provisional: bool
    skipped: tuple[date, ...]
    start: date | None = None
    days: int = 0
    counted: date | None = None
    cap: date | None = None
    is_kept: bool = False
    paused: frozenset[date] = frozenset()


def due_date(end: date, days: int, calendar: WorkCalendar) -> DueDate:
    """The `days`-th working day after `end`. Day 1 is looked for from the day after; `end` itself
    never counts, also when it is a rest day. Raises `date.days_below_one` for days < 1 and
    `date.out_of_range` beyond 2,500 days or year 9999."""
    if days < 1:
        raise fault("date.days_below_one")
    if days > MAX_TERM_WORKING_DAYS:
        raise fault("date.out_of_range")
    skipped: list[date] = []
    provisional = False
    day, counted = end, 0
    while counted < days:
        day = _next(day)
        provisional = provisional or not calendar.is_settled(day)
        if calendar.is_working_day(day):
            counted += 1
        else:
            skipped.append(day)
    return DueDate(day, provisional, tuple(skipped), start=end, days=days, counted=day)


def working_days_left(due: date, today: date, calendar: WorkCalendar) -> int:
    """Working days after `today` up to and including `due`; 0 on the due date itself; negative
    when past: minus the working days since. A rest day right after `due` is already overdue, but
    no working day has passed yet, so it gives 0 as well; ask `deadline_state` for the state."""
    if today <= due:
        return _working_days_between(today, due, calendar)
    return -_working_days_between(due, today, calendar)


def counted_back(start: date, due: date, calendar: WorkCalendar) -> DueDate | None:
    """The count behind a day in working days that was kept without its term: as many days as lie
    between. None where no count comes to it, as it is a day off or no later than `start`."""
    days = working_days_left(due, start, calendar)
    found = due_date(start, days, calendar) if days >= 1 else None
    return found if found is not None and found.due == due else None


def deadline_state(
    due: date, today: date, met_on: date | None, calendar: WorkCalendar
) -> DeadlineState:
    """The state on `today`. `met_on` is the day of entry (or of the platform receipt, by setting),
    None while open. Due soon means at most five working days left."""
    if met_on is not None:
        return DeadlineState.MET if met_on <= due else DeadlineState.MET_LATE
    if today > due:
        return DeadlineState.OVERDUE
    if today == due:
        return DeadlineState.DUE_TODAY
    if working_days_left(due, today, calendar) <= DUE_SOON_WORKING_DAYS:
        return DeadlineState.DUE_SOON
    return DeadlineState.RUNNING


def met_day(rule: MetBy, entered_on: date | None, receipt_on: date | None) -> date | None:
    """The day for `deadline_state`; None while the deadline is not met. A receipt without an entry
    here meets nothing: there is no result it could be about."""
    if entered_on is None or rule is MetBy.ENTERED:
        return entered_on
    return receipt_on


def shortest_term(days: Iterable[int]) -> int:
    """A joint task takes the shortest term of its departments (part 7 row 2). Raises
    `date.days_below_one` if there is none or one is below 1."""
    term = min(days, default=0)
    if term < 1:
        raise fault("date.days_below_one")
    return term


def cap(due: date, cap_date: date | None) -> date:
    """The earlier of the computed date and the campaign's own end (part 7 row 4)."""
    return due if cap_date is None else min(due, cap_date)


def capped(found: DueDate, cap_date: date | None) -> DueDate:
    """The same, ended by the campaign's own end where that is earlier."""
    latest = cap(found.due, cap_date)
    if latest == found.due:
        return found
    skipped = tuple(day for day in found.skipped if day <= latest)
    return replace(found, due=latest, skipped=skipped, cap=latest)


def kept(found: DueDate, met_against: date | None) -> DueDate:
    """Of a met deadline: what it was met against, whatever the calendar says by now. None: it
    still says the same. Nothing that is met is provisional."""
    found = replace(found, provisional=False)
    if met_against is None:
        return found
    skipped = tuple(day for day in found.skipped if day <= met_against)
    return replace(found, due=met_against, skipped=skipped, is_kept=True)


def on_or_before(day: date, calendar: WorkCalendar) -> date:
    """日前 (part 7 row 26): the day itself counts; a rest day means the working day before it."""
    while not calendar.is_working_day(day):
        day -= ONE_DAY
    return day


def parse_date(text: str) -> date:
    """A date written `2024-09-05`, nothing else. Raises `date.malformed`."""
    try:
        parsed = date.fromisoformat(text)
    except ValueError:
        raise fault("date.malformed", text=text) from None
    # fromisoformat also takes 20240905 and 2024-W36-4, which nobody types on purpose here.
    if parsed.isoformat() != text:
        raise fault("date.malformed", text=text)
    return parsed


def _next(day: date) -> date:
    try:
        return day + ONE_DAY
    except OverflowError:
        raise fault("date.out_of_range") from None


def _working_days_between(after: date, until: date, calendar: WorkCalendar) -> int:
    span = (until - after).days
    return sum(
        calendar.is_working_day(after + timedelta(days=offset)) for offset in range(1, span + 1)
    )
