"""Lookups over entered sheets as they hold now, corrections counted: what is on record of firms
from earlier visits, and how the same check entry was judged elsewhere."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, String, case, cast, exists, or_, select
from sqlalchemy.orm import aliased

from domain.access import Action, Actor, Target, may
from domain.past import PastSheet
from domain.results import is_problem
from server.accounts.models import Department
from server.db import db
from server.inspections.models import Inspection, Sheet
from server.planning.models import PlanTask
from server.registry.models import Firm
from server.results.models import SheetVersion


@dataclass(frozen=True, slots=True)
class EnteredSheet:
    """One department's sheet of an earlier visit, in the version in force."""

    inspection_id: int
    number: str
    task: str
    code: str
    department: str
    ended_on: date | None
    result: int
    items: list[dict[str, Any]]

    def as_past(self) -> PastSheet:
        return PastSheet(self.ended_on.isoformat() if self.ended_on else None, self.items)


def read_past(firm_ids: Collection[int]) -> dict[int, list[EnteredSheet]]:
    """Firm → its entered sheets, the newest visit first; firms without any are left out."""
    query = (
        select(
            Inspection.firm_id,
            Inspection.id,
            Inspection.number,
            PlanTask.name.label("task"),
            Sheet.code,
            Department.name.label("department"),
            Sheet.ended_on,
            SheetVersion.result_code,
            SheetVersion.snapshot,
        )
        .join(Sheet, Sheet.inspection_id == Inspection.id)
        .join(Department, Department.id == Sheet.department_id)
        .join(PlanTask, PlanTask.id == Inspection.task_id)
        .join(SheetVersion, (SheetVersion.sheet_id == Sheet.id) & _is_in_force())
        .where(Inspection.firm_id.in_(set(firm_ids)))
        .order_by(Sheet.ended_on.desc(), Inspection.id.desc(), Sheet.id)
    )
    found: dict[int, list[EnteredSheet]] = {}
    for row in db.session.execute(query):
        sheet = EnteredSheet(
            inspection_id=row.id,
            number=row.number,
            task=row.task,
            code=row.code,
            department=row.department,
            ended_on=row.ended_on,
            result=row.result_code,
            items=row.snapshot["items"],
        )
        found.setdefault(row.firm_id, []).append(sheet)
    return found


@dataclass(frozen=True, slots=True)
class EnteredVersion:
    """That a sheet was entered, or corrected (``version`` > 1), and with which worst result."""

    sheet_id: int
    version: int
    result: int
    entered_at: datetime
    by: int


def list_versions_of(sheet_ids: Collection[int]) -> list[EnteredVersion]:
    """Of these sheets, the oldest first."""
    query = (
        select(
            SheetVersion.sheet_id, SheetVersion.version, SheetVersion.result_code,
            SheetVersion.entered_at, SheetVersion.entered_by,
        )
        .where(SheetVersion.sheet_id.in_(sheet_ids))
        .order_by(SheetVersion.entered_at, SheetVersion.id)
    )  # fmt: skip
    return [EnteredVersion(*row) for row in db.session.execute(query)]


RECENT = 3


@dataclass(frozen=True, slots=True)
class JudgedVisit:
    """One visit at which the entry was judged, with its national code."""

    inspection_id: int
    number: str
    firm: str
    code: str
    result: int


@dataclass(slots=True)
class Judged:
    """How one check entry was judged this year (R070): sheets per national code in the county and
    in the reader's department; the last visits, of those the reader may read."""

    county: Counter[int] = field(default_factory=Counter)
    own: Counter[int] = field(default_factory=Counter)
    recent: list[JudgedVisit] = field(default_factory=list)

    @property
    def problems(self) -> int:
        """Sheets of the county with a problem at this entry."""
        return sum(n for code, n in self.county.items() if is_problem(code))


def map_judged(actor: Actor, lists: Collection[str], year: int) -> dict[tuple[str, str], Judged]:
    """(kind of checklist, entry) → how it was judged at visits that ended in that year. ``lists``
    are references (``passenger@1``); all versions of a list count together. One query."""
    kinds = {one.partition("@")[0] for one in lists}
    found: dict[tuple[str, str], Judged] = {}
    if not kinds:
        return found
    readable: dict[int, bool] = {}
    for row in _judged_sheets(kinds, year):
        if row.department_id not in readable:
            target = Target(actor.jurisdiction_id, row.department_id)
            readable[row.department_id] = may(actor, Action.SHEET_READ, target)
        results = json.loads(row.content)["results"] if row.content else row.results
        for kind, item in _entries(row.lists, kinds):
            if (result := results.get(item)) is None:
                continue
            judged = found.setdefault((kind, item), Judged())
            judged.county[result] += 1
            if row.department_id == actor.department_id:
                judged.own[result] += 1
            if readable[row.department_id] and len(judged.recent) < RECENT:
                judged.recent.append(
                    JudgedVisit(row.inspection_id, row.number, row.firm, row.code, result)
                )
    return found


def _is_in_force() -> ColumnElement[bool]:
    """Of the version a query joins; asked row by row, as all versions of a county are many."""
    newer = aliased(SheetVersion)
    return ~exists().where(
        newer.sheet_id == SheetVersion.sheet_id, newer.version > SheetVersion.version
    )


def _judged_sheets(kinds: Collection[str], year: int) -> Any:
    """The newest visit first; ``content`` of a corrected sheet only, whose own results are those
    of its first version."""
    names = [cast(Sheet.lists, String).contains(f'"{kind}@', autoescape=True) for kind in kinds]
    query = (
        select(
            Inspection.id.label("inspection_id"),
            Inspection.number,
            Firm.name.label("firm"),
            Sheet.code,
            Sheet.department_id,
            Sheet.lists,
            Sheet.results,
            case((SheetVersion.version > 1, SheetVersion.content)).label("content"),
        )
        .join(Sheet, Sheet.inspection_id == Inspection.id)
        .join(Firm, Firm.id == Inspection.firm_id)
        .join(SheetVersion, (SheetVersion.sheet_id == Sheet.id) & _is_in_force())
        .where(Sheet.ended_on.between(date(year, 1, 1), date(year, 12, 31)), or_(*names))
        .order_by(Sheet.ended_on.desc(), Sheet.id.desc())
    )
    return db.session.execute(query)


def _entries(lists: list[Mapping[str, Any]], kinds: Collection[str]) -> list[tuple[str, str]]:
    return [
        (kind, item)
        for one in lists
        if (kind := one["list"].partition("@")[0]) in kinds
        for item in one["items"]
    ]
