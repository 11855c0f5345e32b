"""监管对象库: lookups and counts of firms (R001, R009)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, Text, and_, case, cast, func, or_, select

from domain.access import Actor
from domain.errors import fault
from domain.risk import STALE_AFTER_DAYS
from server.db import db
from server.registry.models import Firm
from server.registry.owner import owner_of
from server.registry.paging import like_pattern

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
MAX_AREAS = 200
MISTAKEN = "mistaken"  # entered by mistake: only the undoing of an import says so
# Only open firms are drawn; a firm is never deleted.
STATUSES = {
    "open": "正常经营",
    "suspended": "暂停经营",
    "moved": "迁出本县",
    "closed": "已停业",
    "deregistered": "已注销",
    MISTAKEN: "误录移出",
}
# 应纳尽纳: what an entry lacks, and how the table says so.
LACKS: dict[str, ColumnElement[bool]] = {
    "tier": Firm.tier.is_(None),
    "place": Firm.lat_e7.is_(None),
    "licence": Firm.licence_no == "",
    "contact": Firm.contact_phone == "",
}


class EligibleFirm(NamedTuple):
    """What a draw asks of a firm, as plain columns: a pool of 20,000 is read whole."""

    id: int
    uscc: str
    name: str
    area: str
    tier: str | None
    industry_tier: str | None


@dataclass(frozen=True, slots=True)
class FirmGaps:
    """Open firms, and how many of them lack what ``LACKS`` names."""

    total: int
    lacking: dict[str, int]


def has_old_class(on: date) -> ColumnElement[bool]:
    """Firms whose credit class is older than a year on this day, or undated."""
    oldest = on - timedelta(days=STALE_AFTER_DAYS)
    return and_(Firm.tier.is_not(None), or_(Firm.tier_as_of.is_(None), Firm.tier_as_of < oldest))


def has_code(column: ColumnElement[list[str]], code: str) -> ColumnElement[bool]:
    """Whether a JSON list of codes holds this one; codes hold no quotation marks."""
    return cast(column, Text).like(like_pattern(f'"{code}"'), escape="\\")


def is_of_trade(category: str) -> ColumnElement[bool]:
    """Firms whose main or further trade this is."""
    return Firm.trades.contains(f"|{category}|", autoescape=True)


def get_firm(actor: Actor | None, firm_id: int) -> Firm:
    """Raises ``firm.not_found``, also for another county's firm."""
    firm = db.session.get(Firm, firm_id)
    if firm is None or firm.jurisdiction_id != owner_of(actor):
        raise fault("firm.not_found")
    return firm


def find_firm_by_uscc(actor: Actor | None, uscc: str) -> Firm | None:
    """By the code it has now, whatever its status."""
    query = select(Firm).where(Firm.jurisdiction_id == owner_of(actor), Firm.uscc == uscc)
    return db.session.scalar(query)


def list_eligible_firms(actor: Actor | None, category: str) -> list[EligibleFirm]:
    """Who can be drawn for a task of this category: every open firm with that trade, by id."""
    columns = (Firm.id, Firm.uscc, Firm.name, Firm.area, Firm.tier, Firm.industry_tier)
    query = select(*columns).where(
        Firm.jurisdiction_id == owner_of(actor), Firm.is_active, is_of_trade(category)
    )
    return [EligibleFirm(*row) for row in db.session.execute(query.order_by(Firm.id))]


def count_firms(actor: Actor | None) -> dict[str, dict[str, int]]:
    """Open firms per trade and tier, ``none`` for those without a tier; a firm of two trades
    counts in both, as it can be drawn in both."""
    counts: dict[str, dict[str, int]] = {}
    for trades, tier, number in _grouped(actor):
        for trade in trades:
            tiers = counts.setdefault(trade, {})
            tiers[tier or NO_TIER] = tiers.get(tier or NO_TIER, 0) + number
    return counts


def count_firms_by_tier(actor: Actor | None) -> dict[str, int]:
    """Open firms per tier, each once."""
    counts: Counter[str] = Counter()
    for _trades, tier, number in _grouped(actor):
        counts[tier or NO_TIER] += number
    return dict(counts)


def count_gaps(actor: Actor | None) -> FirmGaps:
    """What open firms lack (R009)."""
    sums = [func.sum(case((lacks, 1), else_=0)) for lacks in LACKS.values()]
    query = select(func.count(), *sums).where(
        Firm.jurisdiction_id == owner_of(actor), Firm.is_active
    )
    total, *found = db.session.execute(query).one()
    return FirmGaps(total, {name: n or 0 for name, n in zip(LACKS, found, strict=True)})


def list_areas(actor: Actor | None) -> list[str]:
    """The areas firms are in, for the filter. One look into the index for each: DISTINCT reads
    all of it, which every search would wait for."""
    found: list[str] = []
    while len(found) < MAX_AREAS:
        query = select(func.min(Firm.area)).where(
            Firm.jurisdiction_id == owner_of(actor), Firm.area > (found[-1] if found else "")
        )
        if (area := db.session.scalar(query)) is None:
            break
        found.append(area)
    return found


def list_firms_by_id(actor: Actor | None, firm_ids: list[int]) -> list[Firm]:
    """The firms with these ids, whatever their status."""
    query = select(Firm).where(Firm.jurisdiction_id == owner_of(actor), Firm.id.in_(firm_ids))
    return list(db.session.scalars(query.order_by(Firm.id)))


def list_firms_by_uscc(actor: Actor | None, usccs: list[str]) -> list[Firm]:
    """The firms with these credit codes, inactive ones too: a draw may be older than a closure."""
    query = select(Firm).where(Firm.jurisdiction_id == owner_of(actor), Firm.uscc.in_(usccs))
    return list(db.session.scalars(query.order_by(Firm.id)))


def map_firms_by_uscc(actor: Actor | None, usccs: list[str]) -> dict[str, Firm]:
    """The same by the code that was asked for, which may be a former one: a draw may be older
    than a new code, and its record names the firm by the old."""
    found = {firm.uscc: firm for firm in list_firms_by_uscc(actor, usccs)}
    for missing in set(usccs) - found.keys():
        query = select(Firm).where(
            Firm.jurisdiction_id == owner_of(actor),
            has_code(Firm.former_usccs, missing),  # type: ignore[arg-type]
        )
        if (firm := db.session.scalar(query.order_by(Firm.id.desc()))) is not None:
            found[missing] = firm
    return found


def _grouped(actor: Actor | None) -> list[tuple[list[str], str | None, int]]:
    """(trades, tier, open firms); read from an index alone."""
    query = (
        select(Firm.trades, Firm.tier, func.count())
        .where(Firm.jurisdiction_id == owner_of(actor), Firm.is_active)
        .group_by(Firm.trades, Firm.tier)
    )
    return [
        (trades.strip("|").split("|"), tier, number)
        for trades, tier, number in db.session.execute(query)
    ]
