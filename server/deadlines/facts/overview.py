"""Lookups over other subjects' tables (docs/decisions/0003): how each term stands, in plain
columns, for the events of a whole county."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from domain.terms import Term
from server.db import db
from server.deadlines.models import TermEventRow
from server.followup.models import FollowUp, FollowUpStep, Revisit, RevisitDraw
from server.inspections.models import Inspection, Sheet
from server.publication.models import PlatformReceipt, Publication


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """A department's sheet as far as its terms go. ``ended_at``: when the server heard of it."""

    sheet_id: int
    inspection_id: int
    task_id: int
    department_id: int
    ended_on: date | None
    ended_at: datetime | None
    entered_at: datetime | None
    is_withdrawn: bool
    codes: tuple[str, ...]


def list_sheet_facts(
    jurisdiction_id: int,
    sheet_ids: Collection[int] | None = None,
    task_id: int | None = None,
) -> list[SheetFacts]:
    """Of all sheets of the county, of one task, or of these; a visit that has not ended is left out
    unless its sheets or its task are asked for."""
    query = (
        select(
            Sheet.id, Sheet.inspection_id, Inspection.task_id, Sheet.department_id, Sheet.code,
            Sheet.ended_on, Inspection.ended_on.label("visit_ended_on"),
            Sheet.submitted_at, Sheet.entered_at, Inspection.withdrawn_at,
        )
        .join(Inspection, Sheet.inspection_id == Inspection.id)
        .where(Sheet.jurisdiction_id == jurisdiction_id)
        .order_by(Sheet.inspection_id, Sheet.id)
    )  # fmt: skip
    if sheet_ids is not None:
        theirs = select(Sheet.inspection_id).where(Sheet.id.in_(sheet_ids))
        query = query.where(Sheet.inspection_id.in_(theirs))
    if task_id is not None:
        query = query.where(Inspection.task_id == task_id)
    visits: dict[int, list[Any]] = {}
    for row in db.session.execute(query):
        visits.setdefault(row.inspection_id, []).append(row)
    found = []
    for rows in visits.values():
        codes = tuple(one.code for one in rows)
        heard = max((one.submitted_at for one in rows if one.submitted_at), default=None)
        for row in rows:
            ended = row.ended_on or row.visit_ended_on
            if sheet_ids is None and task_id is None and ended is None:
                continue
            found.append(
                SheetFacts(
                    sheet_id=row.id,
                    inspection_id=row.inspection_id,
                    task_id=row.task_id,
                    department_id=row.department_id,
                    ended_on=ended,
                    ended_at=row.submitted_at or heard,
                    entered_at=row.entered_at,
                    is_withdrawn=row.withdrawn_at is not None,
                    codes=codes,
                )
            )
    wanted = None if sheet_ids is None else set(sheet_ids)
    return [one for one in found if wanted is None or one.sheet_id in wanted]


def list_followed(term: Term) -> set[int]:
    """Sheets, or whatever the term is of, of which something is on record, of the county in
    sight."""
    query = select(TermEventRow.subject_id).where(TermEventRow.term == term.value)
    return set(db.session.scalars(query.distinct()))


def list_sheet_ids(inspection_id: int) -> list[int]:
    """The sheets of one visit."""
    query = select(Sheet.id).where(Sheet.inspection_id == inspection_id).order_by(Sheet.id)
    return list(db.session.scalars(query))


def map_first_receipts(
    jurisdiction_id: int, sheet_ids: Collection[int] | None = None
) -> dict[int, tuple[date, datetime]]:
    """Sheet → the earliest day the platform had its result, as its receipts that stand say, and
    when that was recorded."""
    return _first(PlatformReceipt, PlatformReceipt.received_on, jurisdiction_id, sheet_ids)


def map_first_publications(
    jurisdiction_id: int, sheet_ids: Collection[int] | None = None
) -> dict[int, tuple[date, datetime]]:
    """The same of publications."""
    return _first(Publication, Publication.published_on, jurisdiction_id, sheet_ids)


def map_task_ends(jurisdiction_id: int) -> dict[int, date]:
    """Visit → the day the last visit of its draw ended; without the visits of draws of which one
    has not ended yet."""
    ends = (
        select(Inspection.draw_id, func.max(Inspection.ended_on).label("last"))
        .where(Inspection.jurisdiction_id == jurisdiction_id, Inspection.withdrawn_at.is_(None))
        .group_by(Inspection.draw_id)
        .having(func.count() == func.count(Inspection.ended_on))
        .subquery()
    )
    query = select(Inspection.id, ends.c.last).join(ends, ends.c.draw_id == Inspection.draw_id)
    return {visit: last for visit, last in db.session.execute(query) if last is not None}


def list_cases(jurisdiction_id: int, case_ids: Collection[int] | None = None) -> list[Any]:
    """Follow-up cases: id, visit, department, state, ``decide_by``, ``decided_at``, and ``since``,
    when its last step was made."""
    since = (
        select(func.max(FollowUpStep.at))
        .where(FollowUpStep.follow_up_id == FollowUp.id)
        .scalar_subquery()
    )
    query = select(
        FollowUp.id, FollowUp.inspection_id, FollowUp.department_id, FollowUp.state,
        FollowUp.decide_by, FollowUp.decided_at, FollowUp.opened_at, since.label("since"),
    ).where(FollowUp.jurisdiction_id == jurisdiction_id)  # fmt: skip
    return _of(query, FollowUp.id, case_ids)


def list_revisits(jurisdiction_id: int, revisit_ids: Collection[int] | None = None) -> list[Any]:
    """Revisits: id, visit, ``due_on``, ``drawn_at``, ``visited_on``, ``recorded_at``, and the
    department whose problems are looked at again first."""
    query = (
        select(
            Revisit.id, Revisit.inspection_id, Revisit.due_on, Revisit.visited_on,
            Revisit.recorded_at, RevisitDraw.made_at.label("drawn_at"),
            func.min(Sheet.department_id).label("department_id"),
        )
        .join(RevisitDraw, Revisit.draw_id == RevisitDraw.id)
        .join(Sheet, Sheet.inspection_id == Revisit.inspection_id)
        .where(Revisit.jurisdiction_id == jurisdiction_id)
        .group_by(
            Revisit.id, Revisit.inspection_id, Revisit.due_on, Revisit.visited_on,
            Revisit.recorded_at, RevisitDraw.made_at,
        )
    )  # fmt: skip
    return _of(query, Revisit.id, revisit_ids)


def _of(query: Any, column: Any, ids: Collection[int] | None) -> list[Any]:
    return list(db.session.execute(query if ids is None else query.where(column.in_(ids))))


def _first(
    table: type[PlatformReceipt] | type[Publication],
    day: Any,
    jurisdiction_id: int,
    sheet_ids: Collection[int] | None,
) -> dict[int, tuple[date, datetime]]:
    newest = select(func.max(table.id)).where(table.jurisdiction_id == jurisdiction_id)
    if sheet_ids is not None:
        newest = newest.where(table.sheet_id.in_(sheet_ids))
    newest = newest.group_by(table.sheet_id, table.version)
    query = select(table.sheet_id, day, table.recorded_at).where(
        table.id.in_(newest), table.is_void.is_(False)
    )
    found: dict[int, tuple[date, datetime]] = {}
    for sheet, on, at in db.session.execute(query):
        found[sheet] = min((on, at), found.get(sheet, (on, at)))
    return found
