"""Lookup: what is on record of firms from earlier visits: entered sheets, corrections counted."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select

from domain.past import PastSheet
from server.accounts.models import Department
from server.db import db
from server.inspections.models import Inspection, Sheet
from server.planning.models import PlanTask
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
    newest = (
        select(SheetVersion.sheet_id, func.max(SheetVersion.version).label("version"))
        .group_by(SheetVersion.sheet_id)
        .subquery()
    )
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
        .join(newest, newest.c.sheet_id == Sheet.id)
        .join(
            SheetVersion,
            (SheetVersion.sheet_id == Sheet.id) & (SheetVersion.version == newest.c.version),
        )
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
