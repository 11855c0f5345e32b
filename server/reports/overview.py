"""Lookup: draws and visits of a time as reports count them, in a few statements that group them in
the database: a county has hundreds of thousands of visits and hundreds of draws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, Integer, Select, String, case, cast, func, or_, select
from sqlalchemy.orm import contains_eager

from domain.plans import Ownership, PlanKind
from domain.reached_shares import MARKET_OFFICE, OLD_NUMBER_LENGTH
from domain.reports.annex1 import CountedDraw, Visit, is_market_office
from domain.result_codes import RESULTS
from server.db import db
from server.draws.models import OFFICIAL, Draw, DrawState
from server.draws.service import list_weighed
from server.inspections.models import Inspection, Sheet
from server.planning.models import PlanTask
from server.registry.models import Firm
from server.reports.models import ProvinceTask
from server.results.models import SheetVersion
from server.runtime import SITE_ZONE

PROBLEMS = [code for code, result in RESULTS.items() if result.is_problem]
OWN = (Ownership.INITIATING, Ownership.COOPERATING)
# A draw that was made again counts where visits of it still stood on the day.
MADE = (DrawState.DRAWN, DrawState.SUPERSEDED)


@dataclass(frozen=True, slots=True)
class DrawOfReport:
    """A draw with what is counted of it."""

    draw: Draw
    counted: CountedDraw

    @property
    def visits(self) -> list[int]:
        """All its visits that stand."""
        return sorted(one for ids in self.counted.visits.values() for one in ids)


def begin_of(day: date) -> datetime:
    """Midnight at the site."""
    return datetime.combine(day, time(), SITE_ZONE)


def end_of(day: date) -> datetime:
    """The midnight that ends it."""
    return begin_of(day + timedelta(days=1))


def list_draws_of(
    county: int, first: date, last: date, *, own_on_platform: bool, with_province: bool = False
) -> list[DrawOfReport]:
    """The bureau's own draws made from ``first`` to ``last``, as they stood when ``last`` ended:
    without other bodies' rows of a plan and, unless asked for, without what the province assigned.
    Draws of which no visit stood are left out."""
    query = (
        select(Draw)
        .join(Draw.task)
        .join(PlanTask.plan)
        .options(contains_eager(Draw.task).contains_eager(PlanTask.plan))
        .where(
            Draw.jurisdiction_id == county,
            Draw.state.in_(MADE),
            Draw.drawn_at >= begin_of(first),
            Draw.drawn_at < end_of(last),
            PlanTask.ownership.in_([one.value for one in OWN]),
        )
        .order_by(Draw.drawn_at, Draw.id)
    )
    if not with_province:
        query = query.where(Draw.task_id.not_in(select(ProvinceTask.task_id)))
    draws = list(db.session.scalars(query))
    visits, classed = _visits_of(county, [one.id for one in draws], last)
    weighed = list_weighed(draws)
    return [
        DrawOfReport(draw, _count(draw, visits[draw.id], weighed, classed, own_on_platform))
        for draw in draws
        if draw.id in visits
    ]


def list_problem_visits(county: int, first: date, last: date, until: date) -> list[int]:
    """Visits that ended from ``first`` to ``last`` and in which a problem was entered by the end of
    ``until``."""
    parts = _parts_of(county, until, _ended().between(first, last)).subquery()
    query = select(parts.c.inspection_id).where(parts.c.problem == 1)
    return sorted(db.session.scalars(query))


def _count(
    draw: Draw,
    visits: dict[Visit, Sequence[int]],
    weighed: set[int],
    classed: set[int],
    own_on_platform: bool,
) -> CountedDraw:
    task = draw.task
    is_official = draw.origin == OFFICIAL
    bodies = (*task.initiators, *task.cooperators, *task.inspecting_bodies, *task.lead_units)
    return CountedDraw(
        id=draw.id,
        is_joint=task.plan.kind != PlanKind.INTERNAL,
        on_platform=is_official or own_on_platform,
        with_market_office=any(is_market_office(one) for one in bodies),
        used_classes=(task.uses_risk and draw.id in classed) if is_official else draw.id in weighed,
        visits=visits,
    )


def _visits_of(
    county: int, draws: Sequence[int], until: date
) -> tuple[dict[int, dict[Visit, Sequence[int]]], set[int]]:
    """Draw → visits by what is known of them, and the draws one of whose firms has a class."""
    if not draws:
        return {}, set()
    parts = _parts_of(county, until, Inspection.draw_id.in_(draws)).subquery()
    is_market = or_(
        Firm.uscc.like(f"{MARKET_OFFICE}%"), func.length(Firm.uscc) == OLD_NUMBER_LENGTH
    )
    known = (
        _flag(is_market, Visit.MARKET)
        + func.coalesce(parts.c.done, 0) * int(Visit.DONE)
        + func.coalesce(parts.c.problem, 0) * int(Visit.PROBLEM)
    )
    query = (
        select(
            Inspection.draw_id,
            known.label("known"),
            func.aggregate_strings(cast(Inspection.id, String), ","),
            func.max(_flag(Firm.tier.is_not(None), 1)),
        )
        .join(Firm, Inspection.firm_id == Firm.id)
        .outerjoin(parts, parts.c.inspection_id == Inspection.id)
        .where(
            Inspection.jurisdiction_id == county,
            Inspection.draw_id.in_(draws),
            or_(Inspection.withdrawn_at.is_(None), Inspection.withdrawn_at >= end_of(until)),
        )
        .group_by(Inspection.draw_id, known)
    )
    visits: dict[int, dict[Visit, Sequence[int]]] = {}
    classed = set()
    for draw_id, flags, ids, has_class in db.session.execute(query):
        found = sorted(int(one) for one in ids.split(","))
        visits.setdefault(draw_id, {})[Visit(flags)] = found
        if has_class:
            classed.add(draw_id)
    return visits, classed


def _parts_of(county: int, until: date, wanted: ColumnElement[bool]) -> Select[int, int, int]:
    """By visit: whether every part had ended by ``until``, whether a problem stood in one."""
    newest = (
        select(SheetVersion.sheet_id, func.max(SheetVersion.version).label("version"))
        .where(SheetVersion.entered_at < end_of(until))
        .group_by(SheetVersion.sheet_id)
        .subquery()
    )
    return (
        select(
            Sheet.inspection_id,
            # Not the visit's own day: the first department to leave sets that, too.
            func.min(_flag(Sheet.ended_on <= until, 1)).label("done"),
            func.max(_flag(SheetVersion.result_code.in_(PROBLEMS), 1)).label("problem"),
        )
        .join(Inspection, Sheet.inspection_id == Inspection.id)
        .outerjoin(newest, newest.c.sheet_id == Sheet.id)
        .outerjoin(
            SheetVersion,
            (SheetVersion.sheet_id == Sheet.id) & (SheetVersion.version == newest.c.version),
        )
        .where(Inspection.jurisdiction_id == county, wanted)
        .group_by(Sheet.inspection_id)
    )


def _ended() -> ColumnElement[date]:
    return func.coalesce(Sheet.ended_on, Inspection.ended_on)


def _flag(holds: ColumnElement[bool], value: int) -> ColumnElement[int]:
    return case((holds, int(value)), else_=0).cast(Integer)
