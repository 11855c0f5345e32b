"""Lookups over other subjects' tables (docs/decisions/0003): who leads a joint task, and which
parts of its visits were handed over to them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import select

from domain.materials import lead_of
from server.accounts.service import list_departments
from server.db import db
from server.deadlines.material_models import MaterialHandover, MaterialSheet, MaterialWithdrawal
from server.planning.models import PlanTask


def map_leads(jurisdiction_id: int) -> dict[int, int | None]:
    """Task → the department that leads it, of the county in sight."""
    named: dict[str, int] = {}
    departments = list_departments()
    for one in departments:
        for name in (one.name, one.code, *one.alias_names):
            named.setdefault(name, one.id)
    home = next((one.id for one in departments if one.is_home), None)
    query = select(PlanTask.id, PlanTask.initiators)
    rows = db.session.execute(query.where(PlanTask.jurisdiction_id == jurisdiction_id))
    return {task: lead_of(initiators or (), named, home) for task, initiators in rows}


def map_handed_over(
    jurisdiction_id: int, sheet_ids: Collection[int] | None = None
) -> dict[int, tuple[date, datetime]]:
    """Sheet → the day its materials were handed over, and when that was recorded; nothing of what
    was taken back."""
    query = (
        select(MaterialSheet.sheet_id, MaterialHandover.handed_on, MaterialHandover.recorded_at)
        .join(MaterialHandover, MaterialHandover.id == MaterialSheet.handover_id)
        .where(
            MaterialSheet.jurisdiction_id == jurisdiction_id,
            MaterialSheet.handover_id.not_in(select(MaterialWithdrawal.handover_id)),
        )
    )
    if sheet_ids is not None:
        query = query.where(MaterialSheet.sheet_id.in_(sheet_ids))
    return {sheet: (on, at) for sheet, on, at in db.session.execute(query)}
