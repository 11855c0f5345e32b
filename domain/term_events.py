"""What happens to a term, as events with the instant at which each happened (DESIGN §6).

One function, `advance`, says what is missing on record up to an instant. It reads no clock and
gives the same events whether it is asked every hour, once after a month or twice at the same time:
what time alone brings (a threshold passed, the due date over) happens at midnight in Asia/Shanghai,
what people bring at the instant they did it. Nothing on record is ever changed: a due date moves by
a further event, and thresholds then count anew.

Only instants of the server go in; a phone's clock has no part in it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from enum import StrEnum
from functools import lru_cache
from typing import Final

from domain.calendar import WorkCalendar
from domain.term_settings import Unit
from domain.terms import days_left

# China has kept UTC+8 without summer time since 1992: no table of zones is needed here.
SITE: Final = timezone(timedelta(hours=8), "Asia/Shanghai")
# Days left, in the unit of the term, that are worth an event; reminders choose among them.
STEPS: Final = (10, 5, 3, 1, 0)
OVERDUE_STEP: Final = -1
ONE_DAY: Final = timedelta(days=1)


class TermEventKind(StrEnum):
    """SET, MOVED, DROPPED, MET and REOPENED are changes made by people; WARNED and OVERDUE come
    with time. DROPPED: there is nothing to meet any more, because the visit was taken back or the
    case is void. REOPENED: what met it was declared void."""

    SET = "set"
    MOVED = "moved"
    DROPPED = "dropped"
    MET = "met"
    REOPENED = "reopened"
    WARNED = "warned"
    OVERDUE = "overdue"


BY_TIME: Final = frozenset({TermEventKind.WARNED, TermEventKind.OVERDUE})
ANEW: Final = frozenset({TermEventKind.SET, TermEventKind.REOPENED})


@dataclass(frozen=True, slots=True)
class TermEvent:
    """`turn` counts the changes of the term, the first is 1; what comes with time bears the turn it
    fell into, so that (turn, kind, step) names an event of a term for good. `step`: the days that
    were left, of WARNED alone. `met_on`: the day that counts, of MET alone; it was late where that
    lies after `due`."""

    kind: TermEventKind
    at: datetime
    due: date
    turn: int
    step: int = 0
    met_on: date | None = None

    @property
    def name(self) -> tuple[int, TermEventKind, int]:
        """Unique within its term."""
        return self.turn, self.kind, self.step


@dataclass(frozen=True, slots=True)
class Standing:
    """How a term stands as far as is known now. `due` None: nothing to meet. `since` and
    `met_since` are the instants from which that holds; None or one before the last change on
    record: it is not known better than now."""

    due: date | None
    since: datetime | None = None
    met_on: date | None = None
    met_since: datetime | None = None


def midnight(day: date) -> datetime:
    """The instant at which the day begins in Asia/Shanghai."""
    return datetime.combine(day, time(), SITE).astimezone(UTC)


def last_change(known: Iterable[TermEvent]) -> TermEvent | None:
    """The newest change; None for a term of which nothing is on record."""
    changes = [one for one in known if one.kind not in BY_TIME]
    return max(changes, key=lambda one: one.turn, default=None)


def advance(
    known: Sequence[TermEvent],
    standing: Standing,
    now: datetime,
    unit: Unit,
    calendar: WorkCalendar,
) -> list[TermEvent]:
    """The events that are missing, in order. `known`: all that is on record of the term. A term
    that is met keeps the due date it was met against, whatever is counted later."""
    named = {one.name for one in known}
    last, told = last_change(known), _told(known)
    found: list[TermEvent] = []
    for change in _changes(last, standing, now):
        if last is not None:
            passed = list(_passed(last, change.at, told, unit, calendar))
            found += passed
            told = _rank(passed[-1]) if passed else told
        if change.kind in ANEW:
            told = None
        last = change
        found.append(change)
    if last is not None:
        found += _passed(last, now, told, unit, calendar)
    return [one for one in found if one.name not in named]


def _rank(event: TermEvent) -> int:
    return OVERDUE_STEP if event.kind is TermEventKind.OVERDUE else event.step


def _told(known: Sequence[TermEvent]) -> int | None:
    """How far time had come, so that a move does not tell the same again."""
    began = max((one.turn for one in known if one.kind in ANEW), default=0)
    by_time = [one for one in known if one.kind in BY_TIME and one.turn >= began]
    newest = max(by_time, key=lambda one: (one.turn, one.at, -_rank(one)), default=None)
    return _rank(newest) if newest is not None else None


def _changes(last: TermEvent | None, standing: Standing, now: datetime) -> list[TermEvent]:
    """What people changed since `last`, in order."""
    made: list[TermEvent] = []

    def add(
        kind: TermEventKind, due: date, at: datetime | None, met_on: date | None = None
    ) -> None:
        newest = made[-1] if made else last
        if at is None or (newest is last and last is not None and at <= last.at):
            at = now  # nobody wrote down when
        at = min(at, now)
        if newest is not None:  # also where the clock was set back since
            at = max(at, newest.at)
        turn = newest.turn + 1 if newest is not None else 1
        made.append(TermEvent(kind, at, due, turn, met_on=met_on))

    kind = last.kind if last else TermEventKind.DROPPED
    if kind is TermEventKind.MET:
        if standing.due is None:
            add(TermEventKind.DROPPED, last.due if last else now.date(), standing.since)
        elif standing.met_on is None:
            assert last is not None
            add(TermEventKind.REOPENED, last.due, standing.met_since)
            if standing.due != last.due:
                add(TermEventKind.MOVED, standing.due, standing.since)
        return made
    if standing.due is None:
        if last is not None and kind is not TermEventKind.DROPPED:
            add(TermEventKind.DROPPED, last.due, standing.since)
        return made
    if kind is TermEventKind.DROPPED:
        add(TermEventKind.SET, standing.due, standing.since)
    elif last is not None and standing.due != last.due:
        add(TermEventKind.MOVED, standing.due, standing.since)
    if standing.met_on is not None:
        add(TermEventKind.MET, standing.due, standing.met_since, standing.met_on)
    return made


def _passed(
    change: TermEvent, until: datetime, told: int | None, unit: Unit, calendar: WorkCalendar
) -> Iterator[TermEvent]:
    """What time brought after `change` up to and including `until`. Of the thresholds that had
    passed before, only the last is told, at the change itself, and only where `told` had not come
    so far."""
    if change.kind in (TermEventKind.MET, TermEventKind.DROPPED):
        return
    before = [one for one in _thresholds(change.due, unit, calendar) if one[0] <= change.at]
    if before and (told is None or before[-1][1] < told):
        yield _at(change, change.at, before[-1][1])
    for at, step in _thresholds(change.due, unit, calendar):
        if change.at < at <= until:
            yield _at(change, at, step)


def _at(change: TermEvent, at: datetime, step: int) -> TermEvent:
    if step == OVERDUE_STEP:
        return replace(change, kind=TermEventKind.OVERDUE, at=at, step=0, met_on=None)
    return replace(change, kind=TermEventKind.WARNED, at=at, step=step, met_on=None)


@lru_cache(maxsize=2048)  # thousands of terms of a county end on the same few days
def _thresholds(due: date, unit: Unit, calendar: WorkCalendar) -> tuple[tuple[datetime, int], ...]:
    """Each step with the midnight at which it begins, in order."""
    found = [(midnight(due + ONE_DAY), OVERDUE_STEP), (midnight(due), 0)]
    day = due
    for step in sorted(step for step in STEPS if step > 0):
        while days_left(due, day - ONE_DAY, unit, calendar) <= step:
            day -= ONE_DAY
        if day < due:
            found.append((midnight(day), step))
    return tuple(found[::-1])
