"""Who can be drawn, frozen before any randomness exists (DESIGN §7.1; R010, R044, R045).

The pool carries the rules of the draw too: percentage, multipliers, officers per department, and
the version of the algorithm. Had they stayed outside the published digest, an operator could still
choose them after the seed. Ids are text, unique in their kind, and public: they appear in the
published record. docs/draw.md says the same precisely enough to write it again.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from domain.canonical import canonical_sha256
from domain.draw_versions import ALGORITHM, SEPARATOR, V1
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
    firms this officer must never inspect (回避). `load` counts the visits given to this officer
    before the freeze, from which balancing goes on; suicha-draw-1 started from nothing."""

    id: str
    department: str
    labels: tuple[str, ...] = ()
    area: str | None = None
    recused_firms: tuple[str, ...] = ()
    load: int = 0


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
    algorithm: str = ALGORITHM

    def quota(self) -> Quota:
        """How many firms of each tier these rules ask for, with the reasons."""
        counts: dict[RiskTier | None, int] = {}
        for firm in self.firms:
            counts[firm.tier] = counts.get(firm.tier, 0) + 1
        rules = self.rules
        return tier_quotas(counts, rules.percent, rules.multipliers, rules.at_least)


def build_pool(
    firms: Sequence[PoolFirm],
    officers: Sequence[Officer],
    rules: DrawRules,
    algorithm: str = ALGORITHM,
) -> Pool:
    """A pool ready to freeze, its texts in NFC. Raises `draw.team_too_small` for fewer than two
    officers per department (R048, and the law), `draw.bad_text` for an id no ticket can be drawn
    for, and `draw.duplicate` when an id or a department stands twice."""
    if rules.per_department < OFFICERS_PER_DEPARTMENT:
        raise fault("draw.team_too_small", needed=OFFICERS_PER_DEPARTMENT)
    pool = Pool(tuple(firms), tuple(officers), rules, algorithm)
    departments: list[str] = []
    if algorithm == V1:  # knows no load, and its records are compared as they were written
        pool = replace(pool, officers=tuple(replace(one, load=0) for one in pool.officers))
    else:
        pool = _composed(pool)
        departments = list(pool.rules.departments)
    firm_ids = [firm.id for firm in pool.firms]
    officer_ids = [officer.id for officer in pool.officers]
    for one in (*firm_ids, *officer_ids):
        if not one or SEPARATOR in one:
            raise fault("draw.bad_text", field=one)
    for ids in (firm_ids, officer_ids, departments):
        seen: set[str] = set()
        for one in ids:
            if one in seen:
                raise fault("draw.duplicate", id=one)
            seen.add(one)
    return pool


def canonical_pool(pool: Pool) -> dict[str, object]:
    """The pool as it is published and hashed: JSON-ready, lists sorted by id, quotas included."""
    rules = pool.rules
    multipliers = rules.multipliers
    if pool.algorithm != V1:
        multipliers = {**DEFAULT_MULTIPLIERS, **multipliers}
    whole: dict[str, object] = {
        "firms": [
            {"id": firm.id, "tier": _tier(firm.tier), "area": firm.area}
            for firm in sorted(pool.firms, key=lambda firm: firm.id)
        ],
        "officers": [
            _officer(officer, pool.algorithm)
            for officer in sorted(pool.officers, key=lambda officer: officer.id)
        ],
        "rules": {
            "percent": _plain(rules.percent),
            "at_least": rules.at_least,
            "multipliers": {tier.value: _plain(m) for tier, m in sorted(multipliers.items())},
            "departments": list(rules.departments),
            "per_department": rules.per_department,
            "required_labels": dict(rules.required_labels),
        },
        "quotas": quotas_as_json(pool.quota().by_tier),
    }
    return whole if pool.algorithm == V1 else {"algorithm": pool.algorithm} | whole


def pool_digest(pool: Pool | Mapping[str, object]) -> str:
    """SHA-256 (hex) of the canonical pool: what is published before the seed exists."""
    return canonical_sha256(canonical_pool(pool) if isinstance(pool, Pool) else pool)


def quotas_as_json(by_tier: Mapping[RiskTier, int]) -> dict[str, int]:
    """All four tiers by their code."""
    return {tier.value: by_tier.get(tier, 0) for tier in RiskTier}


def _officer(officer: Officer, algorithm: str) -> dict[str, object]:
    entry: dict[str, object] = {
        "id": officer.id,
        "department": officer.department,
        "labels": sorted(set(officer.labels)),
        "area": officer.area,
        "recused_firms": sorted(set(officer.recused_firms)),
    }
    return entry if algorithm == V1 else entry | {"load": officer.load}


def _composed(pool: Pool) -> Pool:
    """Every text in NFC: what looks alike is alike, in the pool as in its digest."""
    rules = pool.rules
    return replace(
        pool,
        firms=tuple(
            replace(firm, id=_nfc(firm.id), area=_nfc_or_none(firm.area)) for firm in pool.firms
        ),
        officers=tuple(
            replace(
                officer,
                id=_nfc(officer.id),
                department=_nfc(officer.department),
                labels=tuple(map(_nfc, officer.labels)),
                area=_nfc_or_none(officer.area),
                recused_firms=tuple(map(_nfc, officer.recused_firms)),
            )
            for officer in pool.officers
        ),
        rules=replace(
            rules,
            departments=tuple(map(_nfc, rules.departments)),
            required_labels={_nfc(k): _nfc(v) for k, v in rules.required_labels.items()},
        ),
    )


def _nfc(text: str) -> str:
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _nfc_or_none(text: str | None) -> str | None:
    return None if text is None else _nfc(text)


def _tier(tier: RiskTier | None) -> str | None:
    return None if tier is None else tier.value


def _plain(number: Decimal) -> str:
    """5, 0.5, whole: without exponent and without trailing zeros, so that 5.0 hashes like 5."""
    if number.is_infinite():
        return "whole"
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
