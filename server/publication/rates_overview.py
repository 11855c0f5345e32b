"""Lookup: how far each part of a visit is, counted in the database (R083, R084): a county asks
about years with as many parts as it has visits.

What counts is decided by ``domain.publication_rates``; here a part is only brought into one of the
few states the rules know.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Subquery,
    and_,
    case,
    exists,
    func,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from domain.access import Actor
from domain.publication_rates import Part
from server.accounts.models import Department
from server.db import db
from server.inspections.models import Inspection, Sheet, TeamMember
from server.inspections.overview import in_sight, sees_all
from server.planning.models import PlanTask
from server.publication.models import PlatformReceipt, Publication
from server.registry.models import Officer
from server.results.models import SheetVersion

ENDED, ENTERED, RECEIPTED, PUBLISHED = 1, 2, 4, 8
STATES = range(16)
FIRST_YEAR, LAST_YEAR = 1900, 9000
NAMED: dict[str, Any] = {"task": PlanTask, "department": Department, "officer": Officer}
Counted = dict[tuple[int, str], dict[Part, int]]


@dataclass(frozen=True, slots=True)
class Filter:
    """What the page is narrowed to; None for all. ``year`` is that of the visit's end, or, before
    it, of the planned day."""

    year: int | None = None
    task: int | None = None
    department: int | None = None
    officer: int | None = None


def part_in(state: int) -> Part:
    """The part such a number stands for: of its versions only whether the newest has each thing."""
    version = int(state & ENTERED > 0)
    return Part(
        is_ended=state & (ENDED | ENTERED) > 0,
        version=version,
        receipted=version * (state & RECEIPTED > 0),
        published=version * (state & PUBLISHED > 0),
    )


def has_parts(actor: Actor) -> bool:
    """Whether there is any in sight."""
    return db.session.scalar(_sheets(actor, Sheet.id).limit(1)) is not None


def count_parts(actor: Actor, wanted: Filter) -> dict[Part, int]:
    """How far → how many, of the parts in the actor's sight."""
    parts = _parts(actor, wanted)
    query = select(parts.c.state, func.count()).group_by(parts.c.state)
    return _weighed(db.session.execute(query).all())


def count_parts_by(actor: Actor, wanted: Filter, by: str) -> Counted:
    """(id, name) → the same, by ``task``, ``department`` or ``officer``: a part counts for each
    officer of its team."""
    parts = _parts(actor, wanted)
    key = _key_of(parts, by)
    query = select(key, parts.c.state, func.count()).group_by(key, parts.c.state)
    if by == "officer":
        query = query.join_from(parts, TeamMember, _on_team(parts))
    rows: dict[int, list[Any]] = {}
    for number, *rest in db.session.execute(query):
        rows.setdefault(number, []).append(rest)
    names = _names(by, rows)
    return {(number, names[number]): _weighed(found) for number, found in rows.items()}


def list_names(actor: Actor, by: str) -> list[tuple[int, str]]:
    """(id, name) of what parts in sight are of, by name. Who has a part has a team."""
    table = NAMED[by]
    teams = select(TeamMember).where(TeamMember.removed_at.is_(None))
    if not sees_all(actor):
        teams = teams.where(TeamMember.department_id == actor.department_id)
    if by == "task":
        ids = select(Inspection.task_id).where(
            Inspection.jurisdiction_id == actor.jurisdiction_id, Inspection.withdrawn_at.is_(None)
        )
        if not sees_all(actor):
            ids = ids.where(Inspection.id.in_(teams.with_only_columns(TeamMember.inspection_id)))
    elif by == "officer":
        ids = teams.with_only_columns(TeamMember.officer_id)
    else:
        ids = teams.with_only_columns(TeamMember.department_id)
    wanted = table.id.in_(ids)
    query = select(table.id, table.name).where(
        table.jurisdiction_id == actor.jurisdiction_id, wanted
    )
    return sorted(
        ((row.id, row.name) for row in db.session.execute(query)), key=lambda one: (one[1], one[0])
    )


def list_years(actor: Actor) -> list[int]:
    """With visits in sight, the newest first."""
    planned = func.coalesce(Inspection.ended_on, Inspection.planned_on)
    of_county = Sheet.jurisdiction_id == actor.jurisdiction_id
    found: list[date | None] = []
    for query in (
        select(func.min(Sheet.ended_on), func.max(Sheet.ended_on)).where(of_county),
        _sheets(actor, func.min(planned), func.max(planned)).where(Sheet.ended_on.is_(None)),
    ):
        found += db.session.execute(query).one()
    years = [one.year for one in found if one is not None]
    if not years:
        return []
    span = range(max(years), min(years) - 1, -1)
    return [
        year
        for year in span
        if db.session.scalar(_sheets(actor, Sheet.id).where(_in_year(actor, year)).limit(1))
    ]


def list_parts(actor: Actor, wanted: Filter, states: Collection[int]) -> dict[int, int]:
    """Sheet → its state, of those in one of ``states``."""
    parts = _parts(actor, wanted)
    query = select(parts.c.sheet_id, parts.c.state).where(parts.c.state.in_(states))
    return {row.sheet_id: row.state for row in db.session.execute(query)}


def _weighed(rows: Any) -> dict[Part, int]:
    found: dict[Part, int] = {}
    for state, count in rows:
        part = part_in(state)
        found[part] = found.get(part, 0) + count
    return found


def _parts(actor: Actor, wanted: Filter) -> Subquery:
    """One row for each part under the filter."""
    query = _sheets(
        actor,
        Sheet.id.label("sheet_id"),
        Sheet.inspection_id,
        Sheet.department_id,
        Inspection.task_id,
        _ended().is_not(None).label("is_ended"),
    )
    if wanted.year is not None:
        query = query.where(_in_year(actor, wanted.year))
    if wanted.task is not None:
        query = query.where(Inspection.task_id == wanted.task)
    if wanted.department is not None:
        query = query.where(Sheet.department_id == wanted.department)
    if wanted.officer is not None:
        query = query.where(
            exists().where(_on_team_of_sheet(), TeamMember.officer_id == wanted.officer)
        )
    version = (
        select(func.max(SheetVersion.version))
        .where(SheetVersion.sheet_id == Sheet.id)
        .correlate(Sheet)
        .scalar_subquery()
    )
    inner = query.add_columns(
        func.coalesce(version, 0).label("version"),
        func.coalesce(_standing(PlatformReceipt), 0).label("receipted"),
        func.coalesce(_standing(Publication), 0).label("published"),
    )
    # Materialised: SQLite would look the versions up again at each mention of them.
    one = inner.cte("part").prefix_with("MATERIALIZED").c
    has_version = one.version > 0
    state = (
        case((or_(one.is_ended, has_version), ENDED), else_=0)
        + case((has_version, ENTERED), else_=0)
        + case((and_(has_version, one.receipted >= one.version), RECEIPTED), else_=0)
        + case((and_(has_version, one.published >= one.version), PUBLISHED), else_=0)
    )
    return select(
        one.sheet_id, one.inspection_id, one.department_id, one.task_id, state.label("state")
    ).subquery()


def _standing(table: Any) -> ColumnElement[int]:
    """Of a sheet the newest version with an entry that stands: of a version the last counts."""
    later = aliased(table)
    is_last = ~exists().where(
        later.sheet_id == table.sheet_id, later.version == table.version, later.id > table.id
    )
    query = select(func.max(table.version)).where(
        table.sheet_id == Sheet.id, table.is_void.is_(False), is_last
    )
    return query.correlate(Sheet).scalar_subquery()


def _sheets(actor: Actor, *columns: Any) -> Select[Any]:
    query = select(*columns).select_from(Sheet)
    return query.join(Inspection, Sheet.inspection_id == Inspection.id).where(*in_sight(actor))


def _ended() -> ColumnElement[Any]:
    return func.coalesce(Sheet.ended_on, Inspection.ended_on)


def _in_year(actor: Actor, year: int) -> ColumnElement[bool]:
    """By the index of the sheets' days; of those without one, which are few, the visit's day."""
    if not FIRST_YEAR < year < LAST_YEAR:
        return Sheet.id.is_(None)
    first, last = date(year, 1, 1), date(year, 12, 31)
    sheet, visit = aliased(Sheet), aliased(Inspection)
    of_county = sheet.jurisdiction_id == actor.jurisdiction_id
    ended = select(sheet.id).where(of_county, sheet.ended_on.between(first, last))
    planned = func.coalesce(visit.ended_on, visit.planned_on)
    others = select(sheet.id).join(visit, sheet.inspection_id == visit.id)
    others = others.where(of_county, sheet.ended_on.is_(None), planned.between(first, last))
    return Sheet.id.in_(union_all(ended, others))


def _key_of(parts: Subquery, by: str) -> ColumnElement[int]:
    if by == "officer":
        return TeamMember.__table__.c.officer_id
    return parts.c.task_id if by == "task" else parts.c.department_id


def _on_team(parts: Subquery) -> ColumnElement[bool]:
    return and_(
        TeamMember.inspection_id == parts.c.inspection_id,
        TeamMember.department_id == parts.c.department_id,
        TeamMember.removed_at.is_(None),
    )


def _on_team_of_sheet() -> ColumnElement[bool]:
    return and_(
        TeamMember.inspection_id == Sheet.inspection_id,
        TeamMember.department_id == Sheet.department_id,
        TeamMember.removed_at.is_(None),
    )


def _names(by: str, ids: Collection[int]) -> dict[int, str]:
    table = NAMED[by]
    query = select(table.id, table.name).where(table.id.in_(set(ids)))
    return {row.id: row.name for row in db.session.execute(query)}
