"""Lookup: every department's part in the visits of one task, for its summary table."""

from __future__ import annotations

from sqlalchemy import func, select

from domain.reports.task_summary import VisitPart
from server.accounts.models import Department
from server.db import db
from server.followup.models import FollowUp
from server.inspections.models import Inspection, Sheet
from server.publication.service import map_standing
from server.results.models import SheetVersion

DECIDED = ("decided", "done")


def list_parts(task_id: int) -> list[VisitPart]:
    """As they are now, the home department's first; visits taken back are left out."""
    newest = (
        select(SheetVersion.sheet_id, func.max(SheetVersion.version).label("version"))
        .group_by(SheetVersion.sheet_id)
        .subquery()
    )
    query = (
        select(
            Sheet.id, Sheet.inspection_id, Department.name, Sheet.ended_on,
            SheetVersion.version, SheetVersion.result_code,
        )
        .join(Inspection, Sheet.inspection_id == Inspection.id)
        .join(Department, Sheet.department_id == Department.id)
        .outerjoin(newest, newest.c.sheet_id == Sheet.id)
        .outerjoin(
            SheetVersion,
            (SheetVersion.sheet_id == Sheet.id) & (SheetVersion.version == newest.c.version),
        )
        .where(Inspection.task_id == task_id, Inspection.withdrawn_at.is_(None))
        .order_by(Department.is_home.desc(), Department.id, Sheet.inspection_id)
    )  # fmt: skip
    rows = db.session.execute(query).all()
    standing = map_standing([row[0] for row in rows])
    disposals = _disposals_of(task_id)
    return [
        VisitPart(
            visit=visit,
            department=department,
            is_done=ended is not None,
            result=result,
            is_published=version is not None
            and sheet in standing
            and standing[sheet].published >= version,
            disposals=frozenset(disposals.get(sheet, ())),
        )
        for sheet, visit, department, ended, version, result in rows
    ]


def _disposals_of(task_id: int) -> dict[int, set[str]]:
    query = (
        select(FollowUp.sheet_id, FollowUp.disposal)
        .join(Inspection, FollowUp.inspection_id == Inspection.id)
        .where(Inspection.task_id == task_id, FollowUp.state.in_(DECIDED))
    )
    found: dict[int, set[str]] = {}
    for sheet, disposal in db.session.execute(query):
        found.setdefault(sheet, set()).add(disposal)
    return found
