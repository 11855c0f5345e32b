"""Lookup: what a month published, and how many items its draws were about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select

from domain.reports.annex2 import Channel
from server.db import db
from server.inspections.models import Sheet
from server.publication.models import Publication
from server.registry.models import CheckEntry


def list_channels(first: date, last: date) -> list[Channel]:
    """Results first published in these days, by where; what was taken back since is left out, a
    correction that was published again is the same result."""
    newest = (
        select(func.max(Publication.id))
        .group_by(Publication.sheet_id, Publication.version)
        .scalar_subquery()
    )
    standing = (
        select(
            Publication.sheet_id,
            func.min(Publication.published_on).label("day"),
            func.min(Publication.id).label("id"),
        )
        .where(Publication.id.in_(newest), Publication.is_void.is_(False))
        .group_by(Publication.sheet_id)
        .subquery()
    )
    query = (
        select(Publication.channel, Sheet.id)
        .join(standing, standing.c.id == Publication.id)
        .join(Sheet, Sheet.id == Publication.sheet_id)
        .where(standing.c.day.between(first, last))
        .order_by(Publication.channel, Sheet.inspection_id, Sheet.id)
    )
    found: dict[str, list[int]] = {}
    for channel, sheet in db.session.execute(query):
        found.setdefault(channel, []).append(sheet)
    return [Channel(name, sheets) for name, sheets in found.items()]


def list_items(visits: Sequence[int]) -> tuple[list[int], list[str]]:
    """大项 and 小项 of these visits, one of each draw: ids of inspection items, and codes of the
    entries of their checklists."""
    lists = db.session.scalars(select(Sheet.lists).where(Sheet.inspection_id.in_(visits)))
    codes = {code for told in lists for one in told for code in one["items"]}
    query = select(CheckEntry.inspection_item_id).where(CheckEntry.code.in_(codes)).distinct()
    return sorted(db.session.scalars(query)), sorted(codes)
