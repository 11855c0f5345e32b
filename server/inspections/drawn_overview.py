"""Lookup: the firms that draws gave and that still stand, counted in the database: a county draws
tens of thousands in a year. Visits taken back are left out; nothing of what was found."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, select

from domain.access import Actor
from server.db import db
from server.inspections.models import Inspection
from server.planning.models import PlanTask
from server.registry.models import Firm
from server.registry.paging import Page


@dataclass(frozen=True, slots=True)
class DrawnKind:
    """``firms`` of one draw whose codes are of one form, that of ``uscc``; ``classed`` of them have
    a credit class today."""

    draw_id: int
    uscc: str
    firms: int
    classed: int


@dataclass(frozen=True, slots=True)
class DrawnFirms:
    """Different firms: ``again`` of them drawn more than once, ``closed`` not in the register any
    more."""

    firms: int
    again: int
    closed: int


@dataclass(frozen=True, slots=True)
class DrawnVisit:
    """The visit a draw gave a firm."""

    draw_id: int
    inspection_id: int
    number: str


@dataclass(frozen=True, slots=True)
class DrawnFirm:
    """A firm with the visits it was drawn for, in their order."""

    firm_id: int
    name: str
    uscc: str
    is_open: bool
    visits: tuple[DrawnVisit, ...]


def count_drawn_kinds(actor: Actor, draw_ids: Sequence[int]) -> list[DrawnKind]:
    """By draw and form of the credit code: its first place and its length."""
    form = func.substr(Firm.uscc, 1, 1), func.length(Firm.uscc)
    query = (
        select(Inspection.draw_id, func.min(Firm.uscc), func.count(), func.count(Firm.tier))
        .join(Firm, Inspection.firm_id == Firm.id)
        .where(_stands(actor, draw_ids))
        .group_by(Inspection.draw_id, *form)
        .order_by(Inspection.draw_id, *form)
    )
    return [DrawnKind(*row) for row in db.session.execute(query)]


def count_drawn_visits(actor: Actor, draw_ids: Sequence[int]) -> int:
    """How many visits these draws gave, a firm once with each draw."""
    query = select(func.count()).select_from(Inspection).where(_stands(actor, draw_ids))
    return db.session.scalar(query) or 0


def count_drawn_firms(actor: Actor, draw_ids: Sequence[int]) -> DrawnFirms:
    """Of all these draws together."""
    times = (
        select(Inspection.firm_id, func.count().label("times"))
        .where(_stands(actor, draw_ids))
        .group_by(Inspection.firm_id)
        .subquery()
    )
    query = select(
        func.count(),
        func.count().filter(times.c.times > 1),
        func.count().filter(Firm.is_active.is_(False)),
    ).select_from(times.join(Firm, Firm.id == times.c.firm_id))
    return DrawnFirms(*db.session.execute(query).one())


def count_drawn_by_trade(actor: Actor, draw_ids: Sequence[int]) -> dict[str, int]:
    """Trade of the task, "" for none → different firms."""
    drawn = (
        select(PlanTask.category.label("trade"), Inspection.firm_id)
        .join(PlanTask, Inspection.task_id == PlanTask.id)
        .where(_stands(actor, draw_ids))
        .distinct()
        .subquery()
    )
    query = select(drawn.c.trade, func.count()).group_by(drawn.c.trade)
    return {trade or "": count for trade, count in db.session.execute(query)}


def list_drawn_firms(
    actor: Actor, draw_ids: Sequence[int], number: int, size: int, *, only_again: bool = False
) -> Page[DrawnFirm]:
    """One page: by how often they were drawn, then by name; or those drawn more than once."""
    counted = count_drawn_firms(actor, draw_ids)
    total = counted.again if only_again else counted.firms
    number = min(max(1, number), max(1, -(-total // size)))
    times = func.count()
    query = (
        select(Firm.id, Firm.name, Firm.uscc, Firm.is_active)
        .join(Inspection, Inspection.firm_id == Firm.id)
        .where(_stands(actor, draw_ids))
        .group_by(Firm.id, Firm.name, Firm.uscc, Firm.is_active)
        .having(times > (1 if only_again else 0))
        .order_by(times.desc(), Firm.name, Firm.id)
        .limit(size)
        .offset((number - 1) * size)
    )
    rows = db.session.execute(query).all()
    visits = _visits_of(actor, draw_ids, [row.id for row in rows])
    firms = [DrawnFirm(*row, tuple(visits[row.id])) for row in rows]
    return Page(firms, number, total, size)


def _visits_of(
    actor: Actor, draw_ids: Sequence[int], firm_ids: Collection[int]
) -> dict[int, list[DrawnVisit]]:
    query = (
        select(Inspection.firm_id, Inspection.draw_id, Inspection.id, Inspection.number)
        .where(_stands(actor, draw_ids), Inspection.firm_id.in_(set(firm_ids)))
        .order_by(Inspection.draw_id, Inspection.id)
    )
    found: dict[int, list[DrawnVisit]] = {}
    for row in db.session.execute(query):
        found.setdefault(row.firm_id, []).append(DrawnVisit(row.draw_id, row.id, row.number))
    return found


def _stands(actor: Actor, draw_ids: Sequence[int]) -> ColumnElement[bool]:
    return and_(
        Inspection.jurisdiction_id == actor.jurisdiction_id,
        Inspection.draw_id.in_(draw_ids),
        Inspection.withdrawn_at.is_(None),
    )
