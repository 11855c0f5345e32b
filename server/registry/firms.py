"""监管对象库: lookups and counts of firms (R001, R009)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, case, func, or_, select

from domain.access import Actor
from domain.errors import fault
from server.db import db
from server.registry.models import Firm
from server.registry.owner import owner_of
from server.registry.paging import Page, like_pattern, page_of

# Written as in the plans: what a firm does, and the code of the checklist that fits.
CATEGORIES = {
    "passenger": "道路客运",
    "freight": "道路货运",
    "taxi": "巡游出租汽车",
    "driver_training": "驾驶员培训",
    "hazmat": "危险货物运输",
    "repair": "机动车维修",
    "ride_hailing": "网约车",
    "highway_works": "公路工程",
    "station": "运输站场",
    "vehicle_test": "机动车检验检测",
}
TIERS = {"low": "低风险", "normal": "一般风险", "elevated": "较高风险", "high": "高风险"}
NO_TIER = "none"


# What the register can be ordered by; tiers by risk, not by letter.
SORTS = {
    "name": Firm.name,
    "uscc": Firm.uscc,
    "category": Firm.category,
    "tier": case(
        {tier: rank for rank, tier in enumerate(TIERS, start=1)}, value=Firm.tier, else_=0
    ),
    "vehicles": Firm.vehicle_count,
}


def list_firms(
    actor: Actor | None,
    q: str = "",
    category: str = "",
    tier: str = "",
    page: int = 1,
    sort: str = "",
    is_descending: bool = False,
) -> Page[Firm]:
    """Active firms, by category and name unless ``sort`` names another of ``SORTS``. ``q`` looks
    in name, credit code and address; ``tier`` may be ``none`` for firms without a credit class."""
    query = _filtered(select(Firm), actor, q, category, tier)
    if (column := SORTS.get(sort)) is not None:
        query = query.order_by(column.desc() if is_descending else column.asc())
    return page_of(query.order_by(Firm.category, Firm.name, Firm.id), page)


def list_firm_ids(
    actor: Actor | None, q: str = "", category: str = "", tier: str = ""
) -> list[int]:
    """The same firms, all of them, as ids in the register's order."""
    query = _filtered(select(Firm.id), actor, q, category, tier)
    return list(db.session.scalars(query.order_by(Firm.category, Firm.name, Firm.id)))


def _filtered(
    query: Select[Any], actor: Actor | None, q: str, category: str, tier: str
) -> Select[Any]:
    query = query.where(Firm.jurisdiction_id == owner_of(actor), Firm.is_active)
    if q := q.strip():
        pattern = like_pattern(q)
        query = query.where(
            or_(
                Firm.name.ilike(pattern, escape="\\"),
                Firm.uscc.ilike(pattern, escape="\\"),
                Firm.address.ilike(pattern, escape="\\"),
            )
        )
    if category:
        query = query.where(Firm.category == category)
    if tier == NO_TIER:
        return query.where(Firm.tier.is_(None))
    return query.where(Firm.tier == tier) if tier else query


def get_firm(actor: Actor | None, firm_id: int) -> Firm:
    """Raises ``firm.not_found``, also for another county's firm."""
    firm = db.session.get(Firm, firm_id)
    if firm is None or firm.jurisdiction_id != owner_of(actor):
        raise fault("firm.not_found")
    return firm


def list_eligible_firms(actor: Actor | None, category: str) -> list[Firm]:
    """Who can be drawn for a task of this category: every active firm of it, by id."""
    query = select(Firm).where(
        Firm.jurisdiction_id == owner_of(actor), Firm.is_active, Firm.category == category
    )
    return list(db.session.scalars(query.order_by(Firm.id)))


def count_firms(actor: Actor | None) -> dict[str, dict[str, int]]:
    """Active firms per category and tier, ``none`` for those without a tier."""
    query = (
        select(Firm.category, Firm.tier, func.count())
        .where(Firm.jurisdiction_id == owner_of(actor), Firm.is_active)
        .group_by(Firm.category, Firm.tier)
    )
    counts: dict[str, dict[str, int]] = {}
    for category, tier, number in db.session.execute(query):
        counts.setdefault(category, {})[tier or NO_TIER] = number
    return counts


def list_firms_by_uscc(actor: Actor | None, usccs: list[str]) -> list[Firm]:
    """The firms with these credit codes, inactive ones too: a draw may be older than a closure."""
    query = select(Firm).where(Firm.jurisdiction_id == owner_of(actor), Firm.uscc.in_(usccs))
    return list(db.session.scalars(query.order_by(Firm.id)))
