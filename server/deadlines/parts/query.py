"""The parts of visits in somebody's sight under a filter, with their terms (R083, R088): the query
that counting, listing and grouping start from."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from functools import cached_property
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Integer,
    and_,
    case,
    func,
    literal_column,
    null,
    or_,
    select,
    true,
)
from sqlalchemy.orm import aliased

from domain.access import Actor
from domain.board import COUNTING, FILTERS, Bucket
from domain.deadlines import MetBy
from server.deadlines.models import KeptDueDate
from server.deadlines.parts.term_ends import TermEnd, TermRule, build_ends, build_kept_ends
from server.deadlines.parts.wanted import ENDED, AnySelect, Wanted, narrow
from server.inspections.models import Inspection, Sheet
from server.inspections.overview import sees_all
from server.publication.models import PlatformReceipt

PUBLISHED: Final = "published"


class Parts:
    """``ends`` are those of the pairs that ``listing.list_terms`` tells; ``paused`` visits have one
    of their own. ``kept``: the days that met parts keep where a later notice would count another.
    """

    def __init__(
        self,
        actor: Actor,
        rule: TermRule,
        wanted: Wanted,
        ends: Sequence[TermEnd] = (),
        paused: Collection[int] = (),
        kept: Collection[date] = (),
    ) -> None:
        self.actor, self.rule, self.wanted, self.paused = actor, rule, wanted, set(paused)
        self.ends = build_ends(ends)
        self._kept_ends = build_kept_ends(kept) if kept else None

    @property
    def query(self) -> AnySelect:
        """Every part under the filter but its ``state``: id, bucket, due."""
        ends = self.ends
        bucket = case(
            (and_(self.is_met, ~self._in_time), Bucket.MET_LATE.value),
            (self.is_met, Bucket.MET.value),  # also before its term began: the task has not ended
            else_=func.coalesce(ends.c.bucket, Bucket.NOT_ENDED.value),
        )
        query = (
            select(Sheet.id, bucket.label("bucket"), self._due.label("due"))
            .select_from(Sheet)
            .join(Sheet.inspection)
            .outerjoin(
                ends,
                and_(
                    ends.c.start == self.start,
                    ends.c.term == self.term,
                    ends.c.visit == self.visit,
                ),
            )
            .where(*self.sight)
        )
        if self._kept_ends is not None:
            kept = self._kept_ends
            query = query.outerjoin(KeptDueDate, KeptDueDate.sheet_id == Sheet.id)
            query = query.outerjoin(kept, and_(kept.c.due == KeptDueDate.due_on, self.is_met))
        if self.wanted.due is not None:
            query = query.where(self._due == self.wanted.due)
            if not self.wanted.with_met:
                query = query.where(~self.is_met)
        return narrow(query, self.wanted)

    @property
    def has_state(self) -> ColumnElement[bool]:
        """The filter's state, as a condition on ``query``."""
        if not self.wanted.state:
            return true() if self.wanted.with_met else Sheet.state != PUBLISHED
        buckets, ends = FILTERS[self.wanted.state], self.ends
        told: list[ColumnElement[bool]] = []
        if running := [one.value for one in buckets if one in COUNTING]:
            told.append(and_(~self.is_met, ends.c.bucket.in_(running)))
        if Bucket.NOT_ENDED in buckets:
            told.append(and_(~self.is_met, ends.c.due.is_(None)))
        if Bucket.MET in buckets:
            told.append(and_(self.is_met, or_(self._due.is_(None), self._in_time)))
        if Bucket.MET_LATE in buckets:
            told.append(and_(self.is_met, ~self._in_time))
        return or_(*told)

    @property
    def sight(self) -> list[ColumnElement[bool]]:
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
    def is_met(self) -> ColumnElement[bool]:
        """Whether what meets the term in this county is on record."""
        entered = Sheet.entered_at.is_not(None)
        if self.rule.met_by is MetBy.ENTERED:
            return entered
        return and_(entered, self._receipt_day.is_not(None))

    @property
    def met_day(self) -> Any:
        """The receipt's day, where that is what meets a term."""
        return self._receipt_day if self.rule.met_by is MetBy.RECEIPT else null()

    @property
    def start(self) -> Any:
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
    def visit(self) -> ColumnElement[int]:
        """The visit's id where it is paused, else 0."""
        none = literal_column("0", Integer)
        if not self.paused:
            return none
        return case((Inspection.id.in_(self.paused), Inspection.id), else_=none)

    @property
    def term(self) -> ColumnElement[int]:
        """Of a joint visit the shortest of its departments (part 7, row 2)."""
        if not self.rule.own:
            return literal_column(str(int(self.rule.usual)), Integer)
        sibling = aliased(Sheet)
        own = case(dict(self.rule.own), value=sibling.code, else_=self.rule.usual)
        shortest = select(func.min(own)).where(sibling.inspection_id == Inspection.id)
        return shortest.correlate(Inspection).scalar_subquery()

    @property
    def _due(self) -> Any:
        kept = self._kept_ends
        return self.ends.c.due if kept is None else func.coalesce(kept.c.due, self.ends.c.due)

    @property
    def _in_time(self) -> ColumnElement[bool]:
        if self.rule.met_by is MetBy.RECEIPT:
            return self._receipt_day <= self._due
        closes_at: Any = self.ends.c.closes_at
        if self._kept_ends is not None:
            closes_at = func.coalesce(self._kept_ends.c.closes_at, closes_at)
        return Sheet.entered_at < closes_at

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
