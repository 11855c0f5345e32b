"""Lookup: the shares the county has reached by what it drew in a year, and the lists behind them
(R034, R109–R112)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, datetime
from decimal import Decimal

from sqlalchemy import or_, select
from sqlalchemy.orm import contains_eager

from domain.access import Actor
from domain.county_settings import read_setting
from domain.plans import PlanKind
from domain.reached_shares import MadeDraw, Minima, Reached, is_market_entity, reach
from domain.sampling import RiskTier
from server.accounts.service import get_jurisdiction
from server.db import db
from server.draws.models import OFFICIAL, Draw, DrawState
from server.inspections.service import DrawnVisit, list_drawn_visits
from server.registry import service as registry
from server.runtime import SITE_ZONE

KINDS = ("joint", "internal", "market", "classes", "no_classes")


@dataclass(frozen=True, slots=True)
class DrawLine:
    """A draw that counts."""

    draw: Draw
    made: MadeDraw

    @property
    def size(self) -> int:
        """How many firms of it stand."""
        return len(self.made.firms)

    def fits(self, kind: str) -> bool:
        """Whether it is behind the number of this kind (``KINDS``); all are behind none."""
        made = self.made
        return {
            "joint": made.is_joint,
            "internal": not made.is_joint,
            "market": made.has_market_entity,
            "classes": made.has_market_entity and made.used_classes,
            "no_classes": made.has_market_entity and not made.used_classes,
        }.get(kind, True)


@dataclass(frozen=True, slots=True)
class DrawnFirm:
    """A firm with the visits it was drawn for."""

    firm_id: int
    name: str
    uscc: str
    is_open: bool
    visits: tuple[DrawnVisit, ...]


@dataclass(frozen=True, slots=True)
class ReachedYear:
    """``lines`` in order of drawing, ``firms`` by how often they were drawn, then by name."""

    year: int
    reached: Reached
    lines: tuple[DrawLine, ...]
    firms: tuple[DrawnFirm, ...]


def view_reached(actor: Actor, year: int) -> ReachedYear:
    """Draws made in the calendar year that stand, ours and those of the official platform; nothing
    superseded, no visit taken back, and no draw of which no visit is left."""
    draws = _draws_of(actor, year)
    visits: dict[int, list[DrawnVisit]] = {}
    for visit in list_drawn_visits(actor, [draw.id for draw in draws]):
        visits.setdefault(visit.draw_id, []).append(visit)
    weighed = list_weighed(draws)
    lines = [
        DrawLine(draw, _made(draw, found, weighed))
        for draw in draws
        if (found := visits.get(draw.id))
    ]
    firms = _firms_of([one for found in visits.values() for one in found])
    settings = get_jurisdiction(actor.jurisdiction_id).settings
    return ReachedYear(
        year=year,
        reached=reach(
            (one.made for one in lines),
            register=sum(registry.count_firms_by_tier(actor).values()),
            left=[one.firm_id for one in firms if not one.is_open],
            minima=Minima(
                drawn=Decimal(read_setting(settings, "kpi.drawn_share_min")),
                joint_count=Decimal(read_setting(settings, "kpi.joint_count_min")),
                joint_firms=Decimal(read_setting(settings, "kpi.joint_firms_min")),
                classes=Decimal(read_setting(settings, "kpi.credit_use_min")),
            ),
        ),
        lines=tuple(lines),
        firms=tuple(firms),
    )


def _draws_of(actor: Actor, year: int) -> list[Draw]:
    if not MINYEAR < year < MAXYEAR:
        return []
    begin, end = (datetime(one, 1, 1, tzinfo=SITE_ZONE) for one in (year, year + 1))
    query = (
        select(Draw)
        .join(Draw.task)
        .options(contains_eager(Draw.task))
        .where(
            Draw.jurisdiction_id == actor.jurisdiction_id,
            Draw.state == DrawState.DRAWN,
            Draw.drawn_at >= begin,
            Draw.drawn_at < end,
        )
        .order_by(Draw.drawn_at, Draw.id)
    )
    return list(db.session.scalars(query))


def list_weighed(draws: Sequence[Draw]) -> set[int]:
    """Ids of our own draws whose frozen pool knew a class. The pools are megabytes: the database
    looks into their canonical text, in which nothing else is written like this."""
    own = [draw.id for draw in draws if draw.origin != OFFICIAL]
    known = or_(*(Draw.pool.contains(f'"tier":"{tier.value}"') for tier in RiskTier))
    return set(db.session.scalars(select(Draw.id).where(Draw.id.in_(own), known)))


def _made(draw: Draw, visits: Sequence[DrawnVisit], weighed: set[int]) -> MadeDraw:
    """An official draw used the classes where its task asks for it and they are known here."""
    if draw.origin == OFFICIAL:
        used = draw.task.uses_risk and any(one.tier for one in visits)
    else:
        used = draw.id in weighed
    return MadeDraw(
        id=draw.id,
        is_joint=draw.task.plan.kind != PlanKind.INTERNAL,
        firms=frozenset(one.firm_id for one in visits),
        has_market_entity=any(is_market_entity(one.uscc) for one in visits),
        used_classes=used,
    )


def _firms_of(visits: Sequence[DrawnVisit]) -> list[DrawnFirm]:
    by_firm: dict[int, list[DrawnVisit]] = {}
    for visit in visits:
        by_firm.setdefault(visit.firm_id, []).append(visit)
    firms = [
        DrawnFirm(number, found[0].firm_name, found[0].uscc, found[0].is_open, tuple(found))
        for number, found in by_firm.items()
    ]
    return sorted(firms, key=lambda one: (-len(one.visits), one.name, one.firm_id))
