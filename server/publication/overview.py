"""Lookup: how many results of a department wait for the platform or the public, counted in the
database: the start page asks, and a year has as many results as it has visits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Subquery, case, func, select

from domain.access import Actor
from domain.publication_rates import Step
from server.db import db
from server.inspections.models import Inspection, Sheet
from server.publication.models import PlatformReceipt, Publication
from server.results.models import SheetVersion


def count_own(actor: Actor) -> Mapping[Step, int]:
    """Of the actor's department: entered sheets whose next step (``domain.publication_rates``) is
    the receipt or the publication of the version in force."""
    version = _newest(SheetVersion, actor)
    receipted, published = _standing(PlatformReceipt, actor), _standing(Publication, actor)
    step = case(
        (func.coalesce(receipted.c.version, 0) < version.c.version, Step.RECEIPT.value),
        (func.coalesce(published.c.version, 0) < version.c.version, Step.PUBLICATION.value),
        else_=Step.DONE.value,
    )
    query = (
        select(step, func.count())
        .select_from(Sheet)
        .join(Sheet.inspection)
        .join(version, version.c.sheet_id == Sheet.id)
        .outerjoin(receipted, receipted.c.sheet_id == Sheet.id)
        .outerjoin(published, published.c.sheet_id == Sheet.id)
        .where(
            Sheet.jurisdiction_id == actor.jurisdiction_id,
            Sheet.department_id == actor.department_id,
            Sheet.entered_at.is_not(None),
            Inspection.withdrawn_at.is_(None),
        )
        .group_by(step)
    )
    counts = {Step(row[0]): row[1] for row in db.session.execute(query)}
    return {one: counts.get(one, 0) for one in (Step.RECEIPT, Step.PUBLICATION)}


def _newest(table: Any, actor: Actor) -> Subquery:
    query = select(table.sheet_id, func.max(table.version).label("version"))
    query = query.where(table.jurisdiction_id == actor.jurisdiction_id)
    return query.group_by(table.sheet_id).subquery()


def _standing(table: Any, actor: Actor) -> Subquery:
    """The newest version with an entry that stands: of a version the last entry counts."""
    last = select(func.max(table.id)).where(table.jurisdiction_id == actor.jurisdiction_id)
    last = last.group_by(table.sheet_id, table.version)
    query = select(table.sheet_id, func.max(table.version).label("version"))
    query = query.where(table.id.in_(last), table.is_void.is_(False))
    return query.group_by(table.sheet_id).subquery()
