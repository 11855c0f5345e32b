"""The board's questions to the database: counted, grouped, ordered and paged there (R083, R088).

A due date is no column: it follows from the day a visit ended, the term and the calendar. The few
pairs of day and term that occur are worked out outside and joined as a table of constants.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any, Final

from sqlalchemy import (
    CTE,
    ColumnElement,
    Date,
    Integer,
    Select,
    String,
    and_,
    case,
    column,
    func,
    literal_column,
    null,
    or_,
    select,
    values,
)
from sqlalchemy.orm import aliased

from domain.access import Actor
from domain.board import COUNTING, FILTERS, UNMET, Bucket
from domain.deadlines import MetBy
from server.accounts.models import Department
from server.db import UtcDateTime, db
from server.inspections.models import Inspection, Sheet, TeamMember
from server.inspections.overview import sees_all
from server.organisation.models import Team, TeamOfficer
from server.planning.models import PlanTask
from server.publication.models import PlatformReceipt
from server.registry.models import Firm, Officer
from server.registry.paging import like_pattern

ENDED: Final = func.coalesce(Sheet.ended_on, Inspection.ended_on)
AnySelect = Select[*tuple[Any, ...]]
PUBLISHED: Final = "published"
OVER: Final = ("done", "met", "met_late")
# Where a part is, as far as its state says; what exactly it waits for is told per row.
STEPS: Final[Mapping[str, ColumnElement[bool]]] = {
    "visit": and_(Sheet.state == "open", ENDED.is_(None)),
    "record": or_(Sheet.state == "returned", and_(Sheet.state == "open", ENDED.is_not(None))),
    "review": Sheet.state == "submitted",
    "entry": Sheet.state == "accepted",
    "platform": Sheet.state == "entered",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the board is narrowed to: ``state`` one of ``domain.board.FILTERS`` or empty for
    everything that is not published yet, ``step`` one of ``STEPS``, ``department`` a code, ``team``
    0 for officers of no team, the others row ids."""

    state: str = ""
    step: str = ""
    department: str = ""
    task: int | None = None
    officer: int | None = None
    team: int | None = None
    due: date | None = None
    q: str = ""


@dataclass(frozen=True, slots=True)
class TermRule:
    """Terms in working days: the usual one and what departments have of their own; of a visit the
    shortest counts. ``since``: of what is met and published only this day's and later visits.
    ``is_task_end``: counted from the day the last visit of the draw ended."""

    usual: int
    own: Mapping[str, int]
    met_by: MetBy
    since: date
    is_task_end: bool = False


@dataclass(frozen=True, slots=True)
class TermEnd:
    """When the term of a visit is over that is counted from ``start``: ``closes_at`` is 24:00 of
    ``due``, an instant; ``bucket`` where an unmet part lies today. ``visit``: the one visit it is
    of, because of its pauses; 0 for all others."""

    start: date
    term: int
    visit: int
    due: date
    closes_at: datetime
    bucket: Bucket


@dataclass(frozen=True, slots=True)
class Line:
    """An officer's, team's, department's or task's unmet parts; ``key`` is its id in filters."""

    key: int
    name: str
    counts: Mapping[Bucket, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


_KEYS: Final[Mapping[str, Any]] = {
    "officer": Officer,
    "team": Team,
    "department": Department,
    "task": PlanTask,
}
BY: Final = tuple(_KEYS)


class Parts:
    """The parts of visits in somebody's sight under a filter. ``ends`` are those of the pairs that
    ``list_terms`` tells; ``paused`` visits have one of their own; ``kept``: whether it was met in
    time, by sheet, where a later notice on days off would count another day."""

    def __init__(
        self,
        actor: Actor,
        rule: TermRule,
        wanted: Wanted,
        ends: Sequence[TermEnd] = (),
        paused: Collection[int] = (),
        kept: Mapping[int, bool] | None = None,
    ) -> None:
        self.actor, self.rule, self.wanted, self.paused = actor, rule, wanted, set(paused)
        self._kept = kept or {}
        self._ends = _constants(ends)

    def list_terms(self) -> list[tuple[date, int, int]]:
        """The days terms are counted from, their length, and the visit where it is paused (else
        0): each once, whatever the filter."""
        told = (self._start, self._term, self._visit)
        query = select(*told).select_from(Sheet).join(Sheet.inspection).distinct()
        query = query.where(ENDED.is_not(None), *self._sight)
        return [(row[0], row[1], row[2]) for row in db.session.execute(query) if row[0]]

    def count(self) -> Counter[tuple[Bucket, str]]:
        """By bucket and state of the sheet, under all of the filter but its ``state``."""
        inner = self._query.add_columns(Sheet.state.label("state")).subquery()
        key = (inner.c.bucket, inner.c.state)
        query = select(*key, func.count()).group_by(*key)
        return Counter({(Bucket(one[0]), one[1]): one[2] for one in db.session.execute(query)})

    def count_due_days(self) -> dict[date, int]:
        """Due date → how many unmet parts fall due on it."""
        inner = self._query.where(~self._is_met, ENDED.is_not(None)).subquery()
        query = select(inner.c.due, func.count()).group_by(inner.c.due)
        return {row[0]: row[1] for row in db.session.execute(query)}

    def count_began(self, since: date) -> Counter[date]:
        """How many terms began on each day from ``since`` on: the visit ended on it."""
        began = select(ENDED, func.count()).select_from(Sheet).join(Sheet.inspection)
        query = self._narrow(began.where(*self._sight, since <= ENDED)).group_by(ENDED)
        return Counter({row[0]: row[1] for row in db.session.execute(query)})

    def list_met(self, since: datetime) -> list[tuple[datetime, date | None]]:
        """Of what was entered since then and is met: the instant of the entry, and the receipt's
        day where that is what meets a term."""
        day = self._receipt_day if self.rule.met_by is MetBy.RECEIPT else null()
        query = select(Sheet.entered_at, day).select_from(Sheet).join(Sheet.inspection)
        query = query.where(*self._sight, self._is_met, Sheet.entered_at >= since)
        return [(row[0], row[1]) for row in db.session.execute(self._narrow(query))]

    def list_page(self, number: int, size: int) -> list[tuple[int, int]]:
        """(sheet, term) of one page, the most urgent first: what is late or will be, by due date;
        then visits not ended, by planned day; then what is met and waits for the platform or the
        public. Of what is over the latest first."""
        query = self._query.add_columns(self._term.label("term")).where(self._has_state)
        if self.wanted.state in OVER:
            query = query.order_by(Sheet.entered_at.desc(), Sheet.id.desc())
        else:
            rank = case((self._is_met, 2), (ENDED.is_(None), 1), else_=0)
            planned = func.coalesce(Inspection.planned_on, date.max)
            query = query.order_by(
                rank, self._ends.c.due, planned, Sheet.entered_at, Inspection.id, Sheet.id
            )
        query = query.limit(size).offset((number - 1) * size)
        return [(row.id, row.term) for row in db.session.execute(query)]

    def find(self, sheet_ids: Collection[int]) -> list[tuple[int, int]]:
        """(sheet, term) of these, as far as they are in sight and not published."""
        query = self._query.add_columns(self._term.label("term"))
        query = query.where(Sheet.id.in_(set(sheet_ids)), Sheet.state != PUBLISHED)
        return [(row.id, row.term) for row in db.session.execute(query.order_by(Sheet.id))]

    def list_lines(self, by: str) -> list[Line]:
        """Unmet parts by officer, team, department or task, the most urgent first. A part counts
        for each officer of its team, and once for each team they belong to."""
        query, key = self._query, _KEYS[by]
        if by in ("officer", "team"):
            query = query.join(TeamMember, _is_on_it()).join(Officer)
            if by == "team":
                query = query.outerjoin(TeamOfficer, TeamOfficer.officer_id == Officer.id)
                query = query.outerjoin(Team, Team.id == TeamOfficer.team_id)
        elif by == "task":
            query = query.join(PlanTask, PlanTask.id == Inspection.task_id)
        else:
            query = query.join(Department, Department.id == Sheet.department_id)
        query = query.where(~self._is_met, self._has_state)
        named = query.add_columns(key.id.label("key"), key.name.label("name")).distinct()
        inner = named.subquery()
        columns = (inner.c.key, inner.c.name, inner.c.bucket)
        found: dict[tuple[int, str], Counter[Bucket]] = {}
        for row in db.session.execute(select(*columns, func.count()).group_by(*columns)):
            line = found.setdefault((row[0] or 0, row[1] or ""), Counter())
            line[Bucket(row[2])] += row[3]
        lines = [Line(one, name, counts) for (one, name), counts in found.items()]
        return sorted(lines, key=lambda one: ([-one.counts[b] for b in UNMET], one.name, one.key))

    @property
    def _query(self) -> AnySelect:
        """Every part under the filter but its ``state``: id, bucket, due."""
        ends = self._ends
        bucket = case(
            (and_(self._is_met, self._in_time), Bucket.MET.value),
            (self._is_met, Bucket.MET_LATE.value),
            else_=func.coalesce(ends.c.bucket, Bucket.NOT_ENDED.value),
        )
        query = (
            select(Sheet.id, bucket.label("bucket"), ends.c.due.label("due"))
            .select_from(Sheet)
            .join(Sheet.inspection)
            .outerjoin(
                ends,
                and_(
                    ends.c.start == self._start,
                    ends.c.term == self._term,
                    ends.c.visit == self._visit,
                ),
            )
            .where(*self._sight)
        )
        if self.wanted.due is not None:
            query = query.where(ends.c.due == self.wanted.due, ~self._is_met)
        return self._narrow(query)

    @property
    def _has_state(self) -> ColumnElement[bool]:
        if not self.wanted.state:
            return Sheet.state != PUBLISHED
        buckets, ends = FILTERS[self.wanted.state], self._ends
        told: list[ColumnElement[bool]] = []
        if running := [one.value for one in buckets if one in COUNTING]:
            told.append(and_(~self._is_met, ends.c.bucket.in_(running)))
        if Bucket.NOT_ENDED in buckets:
            told.append(and_(~self._is_met, ENDED.is_(None)))
        if Bucket.MET in buckets:
            told.append(and_(self._is_met, self._in_time))
        if Bucket.MET_LATE in buckets:
            told.append(and_(self._is_met, or_(ends.c.due.is_(None), ~self._in_time)))
        return or_(*told)

    @property
    def _sight(self) -> list[ColumnElement[bool]]:
        """As ``server.inspections.overview``: a lead sees the own department's sheets. What is
        published stays on the board for its year."""
        found: list[ColumnElement[bool]] = [
            Sheet.jurisdiction_id == self.actor.jurisdiction_id,
            Inspection.withdrawn_at.is_(None),
            or_(Sheet.state != PUBLISHED, self.rule.since <= ENDED),
        ]
        if not sees_all(self.actor):
            found.append(Sheet.department_id == self.actor.department_id)
        return found

    @cached_property
    def _is_met(self) -> ColumnElement[bool]:
        entered = Sheet.entered_at.is_not(None)
        if self.rule.met_by is MetBy.ENTERED:
            return entered
        return and_(entered, self._receipt_day.is_not(None))

    @property
    def _in_time(self) -> ColumnElement[bool]:
        if self.rule.met_by is MetBy.ENTERED:
            by_now: ColumnElement[bool] = Sheet.entered_at < self._ends.c.closes_at
        else:
            by_now = self._receipt_day <= self._ends.c.due
        if not self._kept:
            return by_now
        return case(dict(self._kept), value=Sheet.id, else_=by_now)

    @cached_property
    def _receipt_day(self) -> Any:
        """The day the platform first had the result, by its receipts that stand."""
        newest = (
            select(func.max(PlatformReceipt.id))
            .where(PlatformReceipt.sheet_id == Sheet.id)
            .group_by(PlatformReceipt.version)
            .correlate(Sheet)
        )
        return (
            select(func.min(PlatformReceipt.received_on))
            .where(PlatformReceipt.id.in_(newest), PlatformReceipt.is_void.is_(False))
            .correlate(Sheet)
            .scalar_subquery()
        )

    @property
    def _start(self) -> Any:
        """What a term is counted from (part 7, row 3); null while the task has not ended."""
        if not self.rule.is_task_end:
            return ENDED
        sibling = aliased(Inspection)
        is_over = func.count() == func.count(sibling.ended_on)
        return (
            select(case((is_over, func.max(sibling.ended_on))))
            .where(sibling.draw_id == Inspection.draw_id, sibling.withdrawn_at.is_(None))
            .correlate(Inspection)
            .scalar_subquery()
        )

    @property
    def _visit(self) -> ColumnElement[int]:
        none = literal_column("0", Integer)
        if not self.paused:
            return none
        return case((Inspection.id.in_(self.paused), Inspection.id), else_=none)

    @property
    def _term(self) -> ColumnElement[int]:
        """Of a joint visit the shortest of its departments (part 7, row 2)."""
        if not self.rule.own:
            return literal_column(str(int(self.rule.usual)), Integer)
        sibling = aliased(Sheet)
        own = case(dict(self.rule.own), value=sibling.code, else_=self.rule.usual)
        shortest = select(func.min(own)).where(sibling.inspection_id == Inspection.id)
        return shortest.correlate(Inspection).scalar_subquery()

    def _narrow(self, query: AnySelect) -> AnySelect:
        wanted = self.wanted
        if wanted.step:
            query = query.where(STEPS[wanted.step])
        if wanted.department:
            query = query.where(Sheet.code == wanted.department)
        if wanted.task is not None:
            query = query.where(Inspection.task_id == wanted.task)
        if wanted.officer is not None:
            query = query.where(_has_member(TeamMember.officer_id == wanted.officer))
        if wanted.team is not None:
            seats = select(TeamOfficer.officer_id)
            if wanted.team:
                seated = TeamMember.officer_id.in_(seats.where(TeamOfficer.team_id == wanted.team))
            else:
                seated = TeamMember.officer_id.not_in(seats)
            query = query.where(_has_member(seated))
        for word in wanted.q.split():
            query = query.where(_mentions(like_pattern(word)))
        return query


def _mentions(pattern: str) -> ColumnElement[bool]:
    firms = select(Firm.id).where(Firm.name.ilike(pattern, escape="\\"))
    tasks = select(PlanTask.id).where(PlanTask.name.ilike(pattern, escape="\\"))
    officers = select(Officer.id).where(Officer.name.ilike(pattern, escape="\\"))
    return or_(
        Inspection.number.ilike(pattern, escape="\\"),
        Inspection.firm_id.in_(firms),
        Inspection.task_id.in_(tasks),
        _has_member(TeamMember.officer_id.in_(officers)),
    )


def _has_member(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return select(TeamMember.officer_id).where(_is_on_it(), condition).correlate(Sheet).exists()


def _is_on_it() -> ColumnElement[bool]:
    return and_(
        TeamMember.inspection_id == Sheet.inspection_id,
        TeamMember.department_id == Sheet.department_id,
        TeamMember.removed_at.is_(None),
    )


def _constants(ends: Sequence[TermEnd]) -> CTE:
    columns = (
        column("start", Date),
        column("term", Integer),
        column("visit", Integer),
        column("due", Date),
        column("closes_at", UtcDateTime),
        column("bucket", String),
    )
    rows = [(e.start, e.term, e.visit, e.due, e.closes_at, e.bucket.value) for e in ends]
    none = (date.min, 0, 0, date.min, datetime.min.replace(tzinfo=UTC), "")
    return values(*columns, name="term_ends").data(rows or [none]).cte("term_ends")
