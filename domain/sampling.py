"""How many firms are drawn, and how many of each credit-risk tier (R033–R036, R039).

The plan's ratio is a floor for the whole; the share drawn rises with the tier (part 7 rows 11, 14).
No law and no plan gives numbers for "rising", so the multipliers are a setting with a default.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Final

from domain.errors import fault

SMALLEST_SAMPLE_FIRMS = 3


class RiskTier(StrEnum):
    """企业信用风险分类, lowest first."""

    LOW = "low"
    NORMAL = "normal"
    ELEVATED = "elevated"
    HIGH = "high"

    @classmethod
    def parse(cls, text: str) -> "RiskTier | None":
        """From the registers' spellings (低, 低风险, 低风险企业, A, `low`); None when empty or
        unknown, which counts as normal in a draw."""
        word = text.strip().removesuffix("企业").removesuffix("风险")
        return _SPELLINGS.get(word.lower())


_SPELLINGS: Final = {
    "低": RiskTier.LOW, "a": RiskTier.LOW, "low": RiskTier.LOW,
    "一般": RiskTier.NORMAL, "b": RiskTier.NORMAL, "normal": RiskTier.NORMAL,
    "较高": RiskTier.ELEVATED, "c": RiskTier.ELEVATED, "elevated": RiskTier.ELEVATED,
    "高": RiskTier.HIGH, "d": RiskTier.HIGH, "high": RiskTier.HIGH,
}  # fmt: skip

# Infinity times any ratio is "all of them": the whole tier, whatever the plan says.
WHOLE_TIER: Final = Decimal("Infinity")
DEFAULT_MULTIPLIERS: Final[Mapping[RiskTier, Decimal]] = {
    RiskTier.LOW: Decimal("0.5"),
    RiskTier.NORMAL: Decimal(1),
    RiskTier.ELEVATED: Decimal(2),
    RiskTier.HIGH: WHOLE_TIER,
}


# Two mappings, because Mapping is invariant in its key; None is a firm without a tier.
TierCounts = Mapping[RiskTier | None, int] | Mapping[RiskTier, int]


@dataclass(frozen=True, slots=True)
class TierLine:
    """Why a tier got its number: `proportional` firms by ratio × multiplier rounded up, minus
    `held_back` so that no lower tier has a greater share than a higher one, plus `added` to reach
    the required total. `share_percent` is the aimed-at share, at most 100,
    to two decimals."""

    tier: RiskTier
    available: int
    share_percent: Decimal
    proportional: int
    held_back: int
    added: int

    @property
    def quota(self) -> int:
        return self.proportional - self.held_back + self.added


@dataclass(frozen=True, slots=True)
class Quota:
    """`required` firms of `pool` by the plain rule; `total` ≥ `required` after the tiers.
    `lines` run from the highest tier to the lowest and list all four."""

    pool: int
    percent: Decimal
    required: int
    lines: tuple[TierLine, ...]

    @property
    def by_tier(self) -> dict[RiskTier, int]:
        return {line.tier: line.quota for line in self.lines}

    @property
    def total(self) -> int:
        return sum(line.quota for line in self.lines)


def sample_size(pool: int, percent: Decimal | int) -> int:
    """Firms to draw from `pool` firms at `percent`: none of none; fewer than three all; otherwise
    the ratio rounded up and at least three (R036, part 7 row 14)."""
    ratio = _ratio(percent)
    if pool < 0:
        raise fault("sampling.counts")
    if pool < SMALLEST_SAMPLE_FIRMS:
        return pool
    return max(SMALLEST_SAMPLE_FIRMS, _ceil(pool * ratio))


def tier_quotas(
    counts: TierCounts,
    percent: Decimal | int,
    multipliers: Mapping[RiskTier, Decimal] = DEFAULT_MULTIPLIERS,
    at_least: int = 0,
) -> Quota:
    """How many of each tier. `counts` may have the key None for firms without a tier: they count
    as normal. `at_least` is a fixed number named in the plan (R039), as far as the pool goes.

    Guarantees: 0 ≤ quota ≤ available per tier; total ≥ sample_size(pool, percent); the share drawn
    never falls as the tier rises. Raises `sampling.percent|counts|multipliers`.
    """
    available = _available(counts)
    pool = sum(available.values())
    required = min(pool, max(sample_size(pool, percent), at_least))
    shares = _shares(_ratio(percent), multipliers)
    wanted = {tier: _ceil(available[tier] * shares[tier]) for tier in RiskTier}
    allowed = _hold_back(wanted, available)
    missing = max(0, required - sum(allowed.values()))
    lines = []
    for tier in reversed(RiskTier):
        # Filling the highest tier to the brim before the next keeps the shares monotone.
        added = min(missing, available[tier] - allowed[tier])
        missing -= added
        lines.append(
            TierLine(
                tier=tier,
                available=available[tier],
                share_percent=_percent(shares[tier]),
                proportional=wanted[tier],
                held_back=wanted[tier] - allowed[tier],
                added=added,
            )
        )
    return Quota(pool=pool, percent=Decimal(percent), required=required, lines=tuple(lines))


def _available(counts: TierCounts) -> dict[RiskTier, int]:
    available = dict.fromkeys(RiskTier, 0)
    for tier, count in counts.items():
        if count < 0:
            raise fault("sampling.counts")
        available[tier or RiskTier.NORMAL] += count
    return available


def _hold_back(wanted: dict[RiskTier, int], available: dict[RiskTier, int]) -> dict[RiskTier, int]:
    """Rounding up favours small tiers: one firm of one is 100 %. A lower tier is cut down to the
    share of the tier above it, or few low-risk firms would be visited more than risky ones."""
    allowed: dict[RiskTier, int] = {}
    ceiling = Fraction(1)
    for tier in reversed(RiskTier):
        allowed[tier] = min(wanted[tier], int(available[tier] * ceiling))
        if available[tier]:
            ceiling = Fraction(allowed[tier], available[tier])
    return allowed


def _shares(ratio: Fraction, multipliers: Mapping[RiskTier, Decimal]) -> dict[RiskTier, Fraction]:
    in_order = [multipliers.get(tier, DEFAULT_MULTIPLIERS[tier]) for tier in RiskTier]
    if any(m.is_nan() or m < 0 for m in in_order) or in_order != sorted(in_order):
        raise fault("sampling.multipliers")
    return {
        tier: min(Fraction(1), ratio * Fraction(m)) if m.is_finite() else Fraction(1)
        for tier, m in zip(RiskTier, in_order, strict=True)
    }


def _ratio(percent: Decimal | int) -> Fraction:
    exact = Decimal(percent)
    if not exact.is_finite() or not 0 < exact <= 100:
        raise fault("sampling.percent")
    return Fraction(exact) / 100


def _ceil(value: Fraction) -> int:
    return -(-value.numerator // value.denominator)


def _percent(share: Fraction) -> Decimal:
    hundredths = Decimal(share.numerator) * 100 / Decimal(share.denominator)
    return hundredths.quantize(Decimal("0.01"))
