"""Lookup: the shares the county has reached by what it drew in a year, and the lists behind them
(R034, R109–R112)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, datetime, time, timedelta
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
from server.inspections.drawn_overview import (
    DrawnFirm,
    DrawnKind,
    count_drawn_by_trade,
    count_drawn_firms,
    count_drawn_kinds,
    count_drawn_visits,
    list_drawn_firms,
)
from server.registry import service as registry
from server.registry.paging import Page
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
        return self.made.firms

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
class ReachedYear:
    """``lines`` in order of drawing; ``again`` counts the firms drawn more than once, ``by_trade``
    the different ones drawn by tasks of each trade."""

    year: int
    reached: Reached
    lines: tuple[DrawLine, ...]
    again: int
    by_trade: dict[str, int]


def view_reached(actor: Actor, year: int) -> ReachedYear:
    """Draws made in the calendar year that stand, ours and those of the official platform; nothing
    superseded, no visit taken back, and no draw of which no visit is left."""
    lines = list_lines(actor, year)
    ids = [one.draw.id for one in lines]
    firms = count_drawn_firms(actor, ids)
    settings = get_jurisdiction(actor.jurisdiction_id).settings
    return ReachedYear(
        year=year,
        reached=reach(
            (one.made for one in lines),
            drawn=firms.firms,
            register=sum(registry.count_firms_by_tier(actor).values()),
            left=firms.closed,
            minima=Minima(
                drawn=Decimal(read_setting(settings, "kpi.drawn_share_min")),
                joint_count=Decimal(read_setting(settings, "kpi.joint_count_min")),
                joint_firms=Decimal(read_setting(settings, "kpi.joint_firms_min")),
                classes=Decimal(read_setting(settings, "kpi.credit_use_min")),
            ),
        ),
        lines=lines,
        again=firms.again,
        by_trade=count_drawn_by_trade(actor, ids),
    )


def list_lines(actor: Actor, year: int) -> tuple[DrawLine, ...]:
    """The draws ``view_reached`` counts."""
    draws = _draws_of(actor, year)
    kinds: dict[int, list[DrawnKind]] = {}
    for one in count_drawn_kinds(actor, [draw.id for draw in draws]):
        kinds.setdefault(one.draw_id, []).append(one)
    weighed = list_weighed(draws)
    return tuple(
        DrawLine(draw, _made(draw, found, weighed))
        for draw in draws
        if (found := kinds.get(draw.id))
    )


def list_firms(
    actor: Actor, year: int, number: int, size: int, *, only_again: bool = False
) -> Page[DrawnFirm]:
    """A page of the different firms drawn in the year, by how often, then by name; or of those
    drawn more than once."""
    draws = [one.id for one in _draws_of(actor, year)]
    return list_drawn_firms(actor, draws, number, size, only_again=only_again)


def map_task_names(actor: Actor, year: int) -> dict[int, str]:
    """Draw of the year → its task."""
    return {one.id: one.task.name for one in _draws_of(actor, year)}


def count_visits(actor: Actor, year: int, last: date) -> int:
    """What the year's draws until ``last`` gave, a firm once with each draw."""
    end = datetime.combine(last + timedelta(days=1), time(), SITE_ZONE)
    drawn = [one.id for one in _draws_of(actor, year) if one.drawn_at and one.drawn_at < end]
    return count_drawn_visits(actor, drawn)


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


def _made(draw: Draw, kinds: Sequence[DrawnKind], weighed: set[int]) -> MadeDraw:
    """An official draw used the classes where its task asks for it and they are known here."""
    if draw.origin == OFFICIAL:
        used = draw.task.uses_risk and any(one.classed for one in kinds)
    else:
        used = draw.id in weighed
    return MadeDraw(
        id=draw.id,
        is_joint=draw.task.plan.kind != PlanKind.INTERNAL,
        firms=sum(one.firms for one in kinds),
        has_market_entity=any(is_market_entity(one.uscc) for one in kinds),
        used_classes=used,
    )
