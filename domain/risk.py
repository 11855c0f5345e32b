"""Credit risk and industry risk read together, and a tier that got worse (R033–R035, R040, R097).

The sources ask for both classes "combined" and give no table. Ours is stated, published and a
setting: by default the higher of the two. Whatever the table, a worse class never gives a better
result, or an operator could spare a firm by marking it down.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from domain.errors import fault
from domain.sampling import RiskTier

NO_TIER: Final = "none"
# A class older than this is shown as old: dynamic assessment (R040) is a yearly matter at least.
STALE_AFTER_DAYS: Final = 365


class CombinationRule(StrEnum):
    """How the two classes become one: the credit class alone, the higher one, or a table."""

    CREDIT_ONLY = "credit_only"
    HIGHER = "higher"
    TABLE = "table"


Table = Mapping[tuple[RiskTier | None, RiskTier | None], RiskTier | None]


@dataclass(frozen=True, slots=True)
class Combination:
    """`table` maps (credit, industry) to the tier of the draw; every pair is there."""

    rule: CombinationRule
    table: Table

    def tier_of(self, credit: RiskTier | None, industry: RiskTier | None) -> RiskTier | None:
        """None where neither class is known: the draw counts it as normal."""
        return self.table[credit, industry]


def rank(tier: RiskTier | None) -> int:
    """1 low … 4 high; a firm without a class stands with the normal ones (part 7 row 10)."""
    return list(RiskTier).index(tier or RiskTier.NORMAL) + 1


def is_worse(old: RiskTier | None, new: RiskTier | None) -> bool:
    """Whether a change of class is a reason to warn (R040, R097)."""
    return rank(new) > rank(old)


def combination(rule: CombinationRule, cells: Mapping[str, str] | None = None) -> Combination:
    """`cells` for `table`: "credit/industry" → tier, each by its code or `none`; a pair that is
    missing takes the higher of the two. Raises `risk.bad_table` for an unknown code, for no tier
    where one of the two is known, and where a worse class would give a better result."""
    table = {
        (credit, industry): _by_rule(rule, credit, industry) for credit in _ALL for industry in _ALL
    }
    if rule is CombinationRule.TABLE:
        for pair, text in (cells or {}).items():
            credit, _, industry = pair.partition("/")
            table[_read(credit), _read(industry)] = _read(text)
    _refuse_falling(table)
    return Combination(rule, table)


_ALL: Final = (None, *RiskTier)


def _by_rule(
    rule: CombinationRule, credit: RiskTier | None, industry: RiskTier | None
) -> RiskTier | None:
    if rule is CombinationRule.CREDIT_ONLY:
        return credit
    if credit is None or industry is None:
        return credit or industry
    return max(credit, industry, key=rank)


def _refuse_falling(table: Table) -> None:
    for (credit, industry), tier in table.items():
        if tier is None and credit is not None:
            raise fault("risk.bad_table", credit=_word(credit), industry=_word(industry))
        for other, worse in table.items():
            is_above = _at_least(other[0], credit) and _at_least(other[1], industry)
            if is_above and rank(worse) < rank(tier):
                raise fault("risk.bad_table", credit=_word(other[0]), industry=_word(other[1]))


def _at_least(one: RiskTier | None, other: RiskTier | None) -> bool:
    """An unknown class is compared with nothing but itself: it may stand for any."""
    if one is None or other is None:
        return one is other
    return rank(one) >= rank(other)


def _read(code: str) -> RiskTier | None:
    if code == NO_TIER:
        return None
    if code not in set(RiskTier):
        raise fault("risk.bad_table", credit=code, industry=code)
    return RiskTier(code)


def _word(tier: RiskTier | None) -> str:
    """A code of the catalogue, which says it in the reader's language."""
    return f"risk.tier_{NO_TIER if tier is None else tier.value}"
