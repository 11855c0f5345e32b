"""Lookups of receipts and publications by sheet, without an actor: who may see them is the caller's
to ask. Every query is scoped to the county in sight."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from sqlalchemy import func, select

from server.db import db
from server.publication.models import PlatformReceipt, Publication

E = TypeVar("E", PlatformReceipt, Publication)
AT_ONCE = 10_000  # sheets; PostgreSQL takes 65,535 values in a statement


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands of one sheet: the newest version with a receipt and with a publication, 0 for
    none, and the day the platform first had a result of it."""

    receipted: int = 0
    published: int = 0
    receipt_on: date | None = None


def map_standing(sheet_ids: Collection[int]) -> dict[int, Standing]:
    """By sheet; sheets without an entry that stands are left out."""
    receipts: dict[int, list[PlatformReceipt]] = {}
    for one in _newest(PlatformReceipt, sheet_ids):
        receipts.setdefault(one.sheet_id, []).append(one)
    published: dict[int, int] = {}
    for entry in _newest(Publication, sheet_ids):
        published[entry.sheet_id] = max(entry.version, published.get(entry.sheet_id, 0))
    return {
        sheet: Standing(
            receipted=max((one.version for one in receipts.get(sheet, ())), default=0),
            published=published.get(sheet, 0),
            receipt_on=min((one.received_on for one in receipts.get(sheet, ())), default=None),
        )
        for sheet in receipts.keys() | published.keys()
    }


def map_receipt_days(sheet_ids: Collection[int]) -> dict[int, date]:
    """By sheet: the day the platform first had its result, as its receipts that stand say. A later
    receipt for a corrected version never makes a sheet late."""
    days: dict[int, date] = {}
    for one in _newest(PlatformReceipt, sheet_ids):
        days[one.sheet_id] = min(one.received_on, days.get(one.sheet_id, one.received_on))
    return days


def list_receipts(sheet_id: int) -> list[PlatformReceipt]:
    """Every entry, the newest first."""
    query = select(PlatformReceipt).where(PlatformReceipt.sheet_id == sheet_id)
    return list(db.session.scalars(query.order_by(PlatformReceipt.id.desc())))


def list_bearers(sheet_id: int, number: str) -> list[int]:
    """Ids of the other sheets for which a receipt of this number stands."""
    newest = (
        select(func.max(PlatformReceipt.id))
        .where(PlatformReceipt.sheet_id != sheet_id)
        .group_by(PlatformReceipt.sheet_id, PlatformReceipt.version)
    )
    query = select(PlatformReceipt.sheet_id).where(
        PlatformReceipt.number == number,
        PlatformReceipt.is_void.is_(False),
        PlatformReceipt.id.in_(newest),
    )
    return sorted(set(db.session.scalars(query)))


def list_publications(sheet_id: int) -> list[Publication]:
    """Every entry, the newest first."""
    query = select(Publication).where(Publication.sheet_id == sheet_id)
    return list(db.session.scalars(query.order_by(Publication.id.desc())))


def list_standing_publications(sheet_ids: Collection[int]) -> list[Publication]:
    """The one that stands of each published version, by sheet and version."""
    found = _newest(Publication, sheet_ids)
    return sorted(found, key=lambda one: (one.sheet_id, one.version))


def list_standing_receipts(sheet_ids: Collection[int]) -> list[PlatformReceipt]:
    """The one that stands of each version the platform has, by sheet and version."""
    found = _newest(PlatformReceipt, sheet_ids)
    return sorted(found, key=lambda one: (one.sheet_id, one.version))


def list_published_sheets() -> list[int]:
    """Ids of the sheets with a publication on record, standing or void."""
    query = select(Publication.sheet_id).distinct().order_by(Publication.sheet_id)
    return list(db.session.scalars(query))


def _newest(table: type[E], ids: Collection[int]) -> list[E]:
    """The newest entry of each version, without those that were declared void."""
    ordered, found = sorted(set(ids)), list[E]()
    for first in range(0, len(ordered), AT_ONCE):
        some = ordered[first : first + AT_ONCE]
        last = (
            select(func.max(table.id))
            .where(table.sheet_id.in_(some))
            .group_by(table.sheet_id, table.version)
        )
        query = select(table).where(table.id.in_(last), table.is_void.is_(False))
        found += db.session.scalars(query)
    return found
