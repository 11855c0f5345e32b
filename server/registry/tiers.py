"""A firm's classes of risk over time, and the one a draw goes by (R033–R035, R040, R097)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import joinedload

from domain.access import Actor
from domain.county_settings import read_setting
from domain.risk import Combination, CombinationRule, combination, is_worse
from domain.sampling import RiskTier
from server.accounts.directory import get_jurisdiction
from server.db import db
from server.registry.firms import EligibleFirm, has_old_class
from server.registry.models import Firm, RegisterChange
from server.registry.owner import owner_of
from server.registry.tier_models import FirmTier
from server.runtime import now, today

WARNING_DAYS = 90
PAST = "past/"  # before the source of a class that was past when it was recorded
# kind → the firm's columns for the class and for the day it was given
KINDS = {"credit": ("tier", "tier_as_of"), "industry": ("industry_tier", "industry_tier_as_of")}


@dataclass(frozen=True, slots=True)
class RiskSummary:
    """``by_tier`` counts active firms by the class a draw goes by, ``none`` for those without;
    ``stale`` those whose credit class is older than a year or undated."""

    by_tier: Mapping[str, int]
    unclassified: int
    stale: int
    total: int


def combination_of(jurisdiction_id: int) -> Combination:
    """The county's stated table (setting ``risk.combination``)."""
    stated = read_setting(get_jurisdiction(jurisdiction_id).settings, "risk.combination")
    return combination(CombinationRule(stated["rule"]), stated.get("cells"))


def draw_tier(firm: Firm | EligibleFirm, table: Combination) -> RiskTier | None:
    """The tier a draw goes by: credit and industry class combined."""
    return table.tier_of(_tier(firm.tier), _tier(firm.industry_tier))


def note_tiers(firm: Firm, change: RegisterChange) -> None:
    """Keeps each class that a change of the register brought, in the same unit of work."""
    for values in tier_values(change.changes, lambda day: getattr(firm, day)):
        db.session.add(
            FirmTier(
                jurisdiction_id=change.jurisdiction_id,
                firm_id=firm.id,
                source=change.source,
                recorded_at=change.changed_at,
                **values,
            )
        )


def tier_values(
    changes: Mapping[str, Any], day_of: Callable[[str], date | None]
) -> Iterator[dict[str, Any]]:
    """The row of ``FirmTier`` for each class among the changes; ``day_of`` answers a column with
    the day of a class."""
    for kind, (column, day) in KINDS.items():
        if column not in changes:
            continue
        old, new = changes[column]
        yield {
            "kind": kind,
            "old": old,
            "tier": new,
            "as_of": day_of(day) or today(),
            # A firm's first class is no change for the worse, whatever it is.
            "is_worse": old is not None and is_worse(_tier(old), _tier(new)),
        }


def list_tiers(actor: Actor | None, firm_id: int) -> list[FirmTier]:
    """One firm's classes, the newest first."""
    query = select(FirmTier).where(
        FirmTier.jurisdiction_id == owner_of(actor), FirmTier.firm_id == firm_id
    )
    return list(db.session.scalars(query.order_by(FirmTier.as_of.desc(), FirmTier.id.desc())))


def list_known_tiers(actor: Actor | None) -> set[tuple[int, str, str | None, str]]:
    """Firm, kind, class and day of every class on record."""
    query = select(FirmTier.firm_id, FirmTier.kind, FirmTier.tier, FirmTier.as_of).where(
        FirmTier.jurisdiction_id == owner_of(actor)
    )
    return {
        (firm, kind, tier, day.isoformat()) for firm, kind, tier, day in db.session.execute(query)
    }


def add_past_tiers(
    actor: Actor | None, wanted: Sequence[tuple[int, Sequence[Sequence[str]]]], source: str
) -> None:
    """Classes older than the one on record, each ``(kind, class, ISO day)``: kept, and no change
    of the firm. They warn of nothing."""
    same = {
        "jurisdiction_id": owner_of(actor),
        "old": None,
        "is_worse": False,
        "source": f"{PAST}{source}",
        "recorded_at": now(),
    }
    rows = [
        {**same, "firm_id": firm_id, "kind": kind, "tier": tier, "as_of": date.fromisoformat(day)}
        for firm_id, classes in wanted
        for kind, tier, day in classes
    ]
    if rows:
        db.session.execute(insert(FirmTier.__table__), rows)


def drop_past_tiers(actor: Actor | None, source: str) -> int:
    """What ``add_past_tiers`` kept of an import that is taken back; answers of how many firms."""
    mine = (FirmTier.jurisdiction_id == owner_of(actor), FirmTier.source == f"{PAST}{source}")
    firms = set(db.session.scalars(select(FirmTier.firm_id).where(*mine)))
    db.session.execute(delete(FirmTier).where(*mine))
    return len(firms)


def list_worsened(actor: Actor | None, days: int = WARNING_DAYS) -> list[FirmTier]:
    """Active firms whose class got worse within the last ``days``, the newest first; of several
    steps of one kind the last. A firm that was classed down again since is not among them."""
    query = _worsened(actor, days).options(joinedload(FirmTier.firm)).order_by(FirmTier.id.desc())
    return list(db.session.scalars(query))


def count_worsened(actor: Actor | None, days: int = WARNING_DAYS) -> int:
    """How many of them."""
    query = _worsened(actor, days).subquery()
    return db.session.scalar(select(func.count()).select_from(query)) or 0


def summarise(actor: Actor | None) -> RiskSummary:
    """How the active firms stand today."""
    table = combination_of(owner_of(actor))
    own = (Firm.jurisdiction_id == owner_of(actor), Firm.is_active)
    counted = select(Firm.tier, Firm.industry_tier, func.count()).where(*own)
    by_tier = dict.fromkeys([*(str(one) for one in RiskTier), "none"], 0)
    unclassified = 0
    for credit, industry, number in db.session.execute(
        counted.group_by(Firm.tier, Firm.industry_tier)
    ):
        tier = table.tier_of(_tier(credit), _tier(industry))
        by_tier[str(tier) if tier else "none"] += number
        unclassified += number if credit is None else 0
    stale = select(func.count()).where(*own, has_old_class(today()))
    return RiskSummary(
        by_tier=by_tier,
        unclassified=unclassified,
        stale=db.session.scalar(stale) or 0,
        total=sum(by_tier.values()),
    )


def count_draw_tiers(
    firms: Sequence[EligibleFirm], table: Combination
) -> dict[RiskTier | None, int]:
    """As ``domain.sampling.tier_quotas`` counts them."""
    counts: dict[RiskTier | None, int] = {}
    for firm in firms:
        tier = draw_tier(firm, table)
        counts[tier] = counts.get(tier, 0) + 1
    return counts


def count_trade_tiers(actor: Actor | None) -> dict[str, dict[RiskTier | None, int]]:
    """Open firms per trade and the tier a draw goes by; a firm of two trades counts in both."""
    table = combination_of(owner_of(actor))
    query = (
        select(Firm.trades, Firm.tier, Firm.industry_tier, func.count())
        .where(Firm.jurisdiction_id == owner_of(actor), Firm.is_active)
        .group_by(Firm.trades, Firm.tier, Firm.industry_tier)
    )
    counts: dict[str, dict[RiskTier | None, int]] = {}
    for trades, credit, industry, number in db.session.execute(query):
        tier = table.tier_of(_tier(credit), _tier(industry))
        for trade in trades.strip("|").split("|"):
            tiers = counts.setdefault(trade, {})
            tiers[tier] = tiers.get(tier, 0) + number
    return counts


def _worsened(actor: Actor | None, days: int) -> Any:
    newest = select(func.max(FirmTier.id)).where(FirmTier.source.not_like(f"{PAST}%"))
    newest = newest.group_by(FirmTier.firm_id, FirmTier.kind)
    return (
        select(FirmTier)
        .join(Firm, Firm.id == FirmTier.firm_id)
        .where(
            FirmTier.jurisdiction_id == owner_of(actor),
            FirmTier.is_worse,
            FirmTier.recorded_at >= now() - timedelta(days=days),
            FirmTier.id.in_(newest),
            Firm.is_active,
        )
    )


@cache  # of four words, for each firm of a pool
def _tier(text: str | None) -> RiskTier | None:
    return RiskTier.parse(text or "")
