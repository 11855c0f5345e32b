"""Use cases: one page of the board, its counts, its groups and its pictures (R083, R088)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from domain.access import Actor
from domain.board import UNMET, Bucket, bucket_of, count_filters
from domain.burn_down import DayCell, Point, burn_down, month_weeks
from domain.calendar import WorkCalendar
from domain.deadlines import DueDate, deadline_state, working_days_left
from domain.term_settings import Start
from domain.terms import Term, read_rule
from server.accounts.service import get_jurisdiction
from server.deadlines.calendar import load_calendar
from server.deadlines.parts import counting, grouping, listing
from server.deadlines.parts.grouping import Line
from server.deadlines.parts.query import PUBLISHED, Parts
from server.deadlines.parts.term_ends import TermEnd, TermRule
from server.deadlines.parts.wanted import Wanted
from server.deadlines.service import (
    BoardRow,
    build_rows,
    due_after,
    entry_working_days,
    list_kept_days,
    met_rule,
)
from server.deadlines.terms import NO_PAUSE, map_visit_times
from server.inspections.overview import SheetOverview, list_sheet_overviews
from server.registry.paging import Page
from server.runtime import SITE_ZONE, today

PER_PAGE = 50
LOOKED_BACK_DAYS = 40  # calendar days that hold fifteen working days, festivals in between


@dataclass(frozen=True, slots=True)
class BoardView:
    """``counts`` by filter of ``domain.board``, under all of the filter but its state;
    ``unfinished`` is everything that is not published yet."""

    page: Page[BoardRow]
    counts: Mapping[str, int]
    unfinished: int


@dataclass(frozen=True, slots=True)
class Pictures:
    """``weeks`` of the month, ``points`` of the burn-down, ``due`` by day, ``provisional`` where a
    due date rests on a year without a notice."""

    weeks: list[list[DayCell | None]]
    points: list[Point]
    due: Mapping[date, int]
    overdue: int


class Board:
    """What one actor sees, today. ``since``: of what is met and published visits from that day on,
    else those of this year. ``is_task_end``: the county counts from the task's end."""

    def __init__(self, actor: Actor, wanted: Wanted, since: date | None = None) -> None:
        county = get_jurisdiction(actor.jurisdiction_id)
        self.actor, self.wanted = actor, wanted
        self.today, self.calendar = today(), load_calendar()
        self._settings: Mapping[str, Any] = county.settings
        own = self._settings.get("entry.working_days_by_department", {})
        usual = entry_working_days(self._settings, [])
        rule = TermRule(
            usual=usual,
            own={code: entry_working_days(self._settings, [code]) for code in own},
            met_by=met_rule(actor.jurisdiction_id),
            since=since or self.today.replace(month=1, day=1),
            is_task_end=read_rule(self._settings, Term.ENTRY).start is Start.TASK_END,
        )
        self._times = map_visit_times(actor.jurisdiction_id)
        paused = [visit for visit, one in self._times.items() if one.paused]
        self._dues = {
            told: due_after(
                told[0], told[1], self._settings, self.calendar,
                self._times.get(told[2], NO_PAUSE).paused,
            )
            for told in listing.list_terms(Parts(actor, rule, Wanted(), paused=paused))
        }  # fmt: skip
        ends = [_end(told, due, self.today, self.calendar) for told, due in self._dues.items()]
        self.is_task_end = rule.is_task_end
        kept = list_kept_days()
        self._parts = Parts(actor, rule, wanted, ends, paused, kept)
        self._anywhere = Parts(actor, rule, Wanted(), ends, paused, kept)

    def view(self, number: int, size: int = PER_PAGE) -> BoardView:
        """One page; a number beyond the end gives the last page."""
        counted = counting.count_buckets(self._parts)
        counts = count_filters(_by_bucket(counted))
        unfinished = sum(n for (_bucket, state), n in counted.items() if state != PUBLISHED)
        total = counts[self.wanted.state] if self.wanted.state else unfinished
        if self.wanted.with_met:
            total = counted.total()
        number = min(max(1, number), max(1, -(-total // size)))
        page = Page(self.list_rows(number, size), number, total, size)
        return BoardView(page, counts, unfinished)

    def list_rows(self, number: int, size: int) -> list[BoardRow]:
        """The rows of one page, the most urgent first."""
        return self._rows(listing.list_page(self._parts, number, size))

    def find_rows(self, sheet_ids: Collection[int]) -> list[BoardRow]:
        """Of these sheets, as far as they are in sight and not published."""
        return self._rows(listing.find_parts(self._parts, sheet_ids))

    def _rows(self, asked: Sequence[tuple[int, int]]) -> list[BoardRow]:
        found = {
            one.sheet_id: one
            for one in list_sheet_overviews(self.actor, [sheet for sheet, _term in asked])
        }
        sheets = [found[sheet] for sheet, _term in asked if sheet in found]
        terms = dict(asked)
        dues = {one.sheet_id: self._due(one, terms[one.sheet_id]) for one in sheets}
        return build_rows(self.actor, sheets, dues, self.calendar, after_entry=True)

    def _due(self, one: SheetOverview, term: int) -> DueDate | None:
        time = self._times.get(one.inspection_id, NO_PAUSE)
        start = time.task_ended if self.is_task_end else one.ended_on
        visit = one.inspection_id if time.paused else 0
        return self._dues.get((start, term, visit)) if start and one.ended_on else None

    def count(self) -> Counter[Bucket]:
        """By bucket, under all of the filter but its state."""
        return _by_bucket(counting.count_buckets(self._parts))

    def count_days(self, first: date, last: date) -> Mapping[tuple[date, bool], int]:
        """(due date, whether met) → how many parts, of these due dates."""
        return counting.count_days_of(self._parts, first, last)

    def list_lines(self, by: str) -> list[Line]:
        """Unmet parts by officer, team, department or task."""
        return grouping.list_lines(self._parts, by)

    def name_of(self, by: str, key: int) -> str:
        """Of an officer, team or task with unmet parts; its number where there is none."""
        lines = grouping.list_lines(self._anywhere, by)
        return next((one.name for one in lines if one.key == key and one.name), str(key))

    def draw(self, month: date) -> Pictures:
        """The month's due dates and the burn-down, of unmet parts under the filter."""
        due = counting.count_due_days(self._parts)
        since = self.today - timedelta(days=LOOKED_BACK_DAYS)
        points = burn_down(
            due,
            counting.count_began(self._parts, since),
            self._met_days(since),
            self.today,
            self.calendar,
        )
        weeks = month_weeks(month, due, self.today, self.calendar)
        overdue = sum(number for day, number in due.items() if day < self.today)
        return Pictures(weeks, points, due, overdue)

    def _met_days(self, since: date) -> Counter[date]:
        began = datetime.combine(since, time(), SITE_ZONE)
        return Counter(
            receipt or entered.astimezone(SITE_ZONE).date()
            for entered, receipt in counting.list_met(self._parts, began)
        )


def count_states(actor: Actor) -> dict[str, int]:
    """How many parts are overdue, due today, due soon …, for the start page."""
    counts = Board(actor, Wanted()).count()
    return {name: number for name, number in count_filters(counts).items() if number}


def totals(lines: Sequence[Line]) -> dict[Bucket, int]:
    """The sum of all lines."""
    return {one: sum(line.counts.get(one, 0) for line in lines) for one in UNMET}


def _end(told: tuple[date, int, int], due: DueDate, on: date, calendar: WorkCalendar) -> TermEnd:
    state = deadline_state(due.due, on, None, calendar)
    bucket = bucket_of(state, working_days_left(due.due, on, calendar))
    return TermEnd(*told, due.due, bucket)


def _by_bucket(counted: Mapping[tuple[Bucket, str], int]) -> Counter[Bucket]:
    found: Counter[Bucket] = Counter()
    for (bucket, _state), number in counted.items():
        found[bucket] += number
    return found
