"""Lookup over other subjects' tables (docs/decisions/0003): since when each result in force waits
to be told to the firm, and when it was."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from domain.telling import Way, effective_on
from server.db import db
from server.results.models import SheetVersion
from server.telling.models import NoticeDelivery


@dataclass(frozen=True, slots=True)
class Told:
    """The version of a sheet that is in force: ``told_on`` is the day on which it counts as
    delivered, ``recorded_at`` when that was written down; None while it was not."""

    entered_at: datetime
    told_on: date | None
    recorded_at: datetime | None


def map_told(jurisdiction_id: int, sheet_ids: Collection[int] | None = None) -> dict[int, Told]:
    """By sheet, of those that are entered."""
    newest = (
        select(SheetVersion.sheet_id, func.max(SheetVersion.version).label("version"))
        .where(SheetVersion.jurisdiction_id == jurisdiction_id)
        .group_by(SheetVersion.sheet_id)
    )
    if sheet_ids is not None:
        newest = newest.where(SheetVersion.sheet_id.in_(sheet_ids))
    in_force = newest.subquery()
    query = select(SheetVersion.sheet_id, SheetVersion.version, SheetVersion.entered_at).join(
        in_force,
        (SheetVersion.sheet_id == in_force.c.sheet_id)
        & (SheetVersion.version == in_force.c.version),
    )
    told = _deliveries(jurisdiction_id, sheet_ids)
    return {
        sheet: Told(entered_at, *told.get((sheet, version), (None, None)))
        for sheet, version, entered_at in db.session.execute(query)
    }


def _deliveries(
    jurisdiction_id: int, sheet_ids: Collection[int] | None
) -> dict[tuple[int, int], tuple[date, datetime]]:
    """(sheet, version) → the first that stands: of a notice the newest counts."""
    newest = select(func.max(NoticeDelivery.id)).group_by(NoticeDelivery.notice_id)
    newest = newest.where(NoticeDelivery.jurisdiction_id == jurisdiction_id)
    if sheet_ids is not None:
        newest = newest.where(NoticeDelivery.sheet_id.in_(sheet_ids))
    query = select(
        NoticeDelivery.sheet_id, NoticeDelivery.version, NoticeDelivery.way,
        NoticeDelivery.delivered_on, NoticeDelivery.recorded_at,
    ).where(NoticeDelivery.id.in_(newest), NoticeDelivery.is_void.is_(False))  # fmt: skip
    found: dict[tuple[int, int], tuple[date, datetime]] = {}
    for sheet, version, way, day, at in db.session.execute(query):
        told = effective_on(Way(way), day), at
        found[sheet, version] = min(told, found.get((sheet, version), told))
    return found
