"""Who can be drawn, frozen before any randomness exists (DESIGN §7.1; R010, R044, R045).

The pool carries the rules of the draw too: percentage, multipliers, officers per department. Had
they stayed outside the published digest, an operator could still choose them after the seed.
Ids are text, unique in their kind, and public: they appear in the published record.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from domain.canonical import canonical_sha256
from domain.errors import fault
from domain.sampling import DEFAULT_MULTIPLIERS, Quota, RiskTier, tier_quotas

OFFICERS_PER_DEPARTMENT = 2


@dataclass(frozen=True, slots=True)
class PoolFirm:
    """A firm that can be drawn. No tier counts as normal; `area` narrows the officers."""

    id: str
    tier: RiskTier | None = None
    area: str | None = None


@dataclass(frozen=True, slots=True)
class Officer:
    """An officer who can be matched. `area` None means everywhere. `recused_firms` are ids of
    firms this officer must never inspect (回避)."""

    id: str
    department: str
    labels: tuple[str, ...] = ()
    area: str | None = None
    recused_firms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DrawRules:
    """How the draw is made. `departments` are matched in this order; `required_labels` maps a
    department to the label its officers must carry. `at_least` is a number fixed by the plan."""

    percent: Decimal
    departments: tuple[str, ...]
    per_department: int = OFFICERS_PER_DEPARTMENT
    required_labels: Mapping[str, str] = field(default_factory=dict)
    multipliers: Mapping[RiskTier, Decimal] = field(default_factory=lambda: DEFAULT_MULTIPLIERS)
    at_least: int = 0


@dataclass(frozen=True, slots=True)
class Pool:
    """The frozen pool. Order of entry does not matter: the canonical form sorts."""

    firms: tuple[PoolFirm, ...]
    officers: tuple[Officer, ...]
    rules: DrawRules

    def quota(self) -> Quota:
        """How many firms of each tier these rules ask for, with the reasons."""
        counts: dict[RiskTier | None, int] = {}
        for firm in self.firms:
            counts[firm.tier] = counts.get(firm.tier, 0) + 1
        rules = self.rules
        return tier_quotas(counts, rules.percent, rules.multipliers, rules.at_least)


def build_pool(firms: Sequence[PoolFirm], officers: Sequence[Officer], rules: DrawRules) -> Pool:
    """A pool ready to freeze. Raises `draw.duplicate` when an id stands twice and
    `draw.team_too_small` for fewer than two officers per department (R048, and the law)."""
    if rules.per_department < OFFICERS_PER_DEPARTMENT:
        raise fault("draw.team_too_small", needed=OFFICERS_PER_DEPARTMENT)
    for ids in ([firm.id for firm in firms], [officer.id for officer in officers]):
        seen: set[str] = set()
        for one in ids:
            if one in seen:
                raise fault("draw.duplicate", id=one)
            seen.add(one)
    return Pool(tuple(firms), tuple(officers), rules)


def canonical_pool(pool: Pool) -> dict[str, object]:
    """The pool as it is published and hashed: JSON-ready, lists sorted by id, quotas included."""
    rules = pool.rules
    return {
        "firms": [
            {"id": firm.id, "tier": _tier(firm.tier), "area": firm.area}
            for firm in sorted(pool.firms, key=lambda firm: firm.id)
        ],
        "officers": [
            {
                "id": officer.id,
                "department": officer.department,
                "labels": sorted(set(officer.labels)),
                "area": officer.area,
                "recused_firms": sorted(set(officer.recused_firms)),
            }
            for officer in sorted(pool.officers, key=lambda officer: officer.id)
        ],
        "rules": {
            "percent": _plain(rules.percent),
            "at_least": rules.at_least,
            "multipliers": {tier.value: _plain(m) for tier, m in sorted(rules.multipliers.items())},
            "departments": list(rules.departments),
            "per_department": rules.per_department,
            "required_labels": dict(rules.required_labels),
        },
        "quotas": quotas_as_json(pool.quota().by_tier),
    }


def pool_digest(pool: Pool | Mapping[str, object]) -> str:
    """SHA-256 (hex) of the canonical pool: what is published before the seed exists."""
    return canonical_sha256(canonical_pool(pool) if isinstance(pool, Pool) else pool)


def quotas_as_json(by_tier: Mapping[RiskTier, int]) -> dict[str, int]:
    """All four tiers by their code."""
    return {tier.value: by_tier.get(tier, 0) for tier in RiskTier}


def _tier(tier: RiskTier | None) -> str | None:
    return None if tier is None else tier.value


def _plain(number: Decimal) -> str:
    """5, 0.5, whole: without exponent and without trailing zeros, so that 5.0 hashes like 5."""
    if number.is_infinite():
        return "whole"
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
