"""How many firms are drawn: the floor of three, rounding, shares that rise with the tier."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import Fault
from domain.sampling import DEFAULT_MULTIPLIERS, RiskTier, sample_size, tier_quotas

COUNTS = st.fixed_dictionaries({tier: st.integers(0, 400) for tier in RiskTier})
PERCENTS = st.decimals(min_value=Decimal("0.1"), max_value=100, places=1)
RISING = st.lists(st.decimals(min_value=0, max_value=20, places=2), min_size=4, max_size=4).map(
    lambda values: dict(zip(RiskTier, sorted(values), strict=True))
)


@pytest.mark.parametrize(
    ("pool", "percent", "drawn"),
    [
        (0, 50, 0),
        (1, 5, 1),
        (2, 5, 2),
        (3, 5, 3),
        (4, 5, 3),
        (60, 5, 3),
        (61, 5, 4),
        (23, 20, 5),
        (101, 10, 11),
        (110, 10, 11),
        (111, 10, 12),
        (7, 100, 7),
    ],
)
def test_sample_is_the_ratio_rounded_up_at_least_three_all_below_three(
    pool: int, percent: int, drawn: int
) -> None:
    assert sample_size(pool, percent) == drawn


def test_ratio_is_exact_where_floating_point_is_not() -> None:
    # 0.07 * 100 is 7.000000000000001 in binary and would be rounded up to 8.
    assert sample_size(100, 7) == 7
    assert sample_size(1000, Decimal("2.3")) == 23


@pytest.mark.parametrize("percent", [0, -5, 101, Decimal("NaN"), Decimal("Infinity")])
def test_impossible_ratio_is_refused(percent: Decimal) -> None:
    with pytest.raises(Fault) as refused:
        sample_size(10, percent)
    assert refused.value.code == "sampling.percent"


@given(counts=COUNTS, percent=PERCENTS, multipliers=st.one_of(st.just(DEFAULT_MULTIPLIERS), RISING))
def test_quotas_stay_in_bounds_reach_the_ratio_and_rise_with_the_tier(
    counts: dict[RiskTier, int], percent: Decimal, multipliers: dict[RiskTier, Decimal]
) -> None:
    quota = tier_quotas(counts, percent, multipliers)
    assert all(0 <= quota.by_tier[tier] <= counts[tier] for tier in RiskTier)
    assert quota.total >= sample_size(sum(counts.values()), percent) == quota.required
    shares = [Fraction(quota.by_tier[tier], counts[tier]) for tier in RiskTier if counts[tier]]
    assert shares == sorted(shares)


@given(counts=COUNTS, percent=PERCENTS)
def test_every_high_risk_firm_is_drawn_by_default(
    counts: dict[RiskTier, int], percent: Decimal
) -> None:
    assert tier_quotas(counts, percent).by_tier[RiskTier.HIGH] == counts[RiskTier.HIGH]


@given(counts=COUNTS, percent=PERCENTS, at_least=st.integers(0, 2000))
def test_fixed_number_of_the_plan_is_reached_as_far_as_the_pool_goes(
    counts: dict[RiskTier, int], percent: Decimal, at_least: int
) -> None:
    quota = tier_quotas(counts, percent, at_least=at_least)
    assert quota.total >= min(at_least, quota.pool)


def test_the_page_can_say_why_seven_of_twenty_three() -> None:
    counts = {
        RiskTier.LOW: 6,
        RiskTier.NORMAL: 13,
        RiskTier.ELEVATED: 3,
        RiskTier.HIGH: 1,
    }
    quota = tier_quotas(counts, 20)
    told = [
        (line.tier, line.available, str(line.share_percent), line.proportional, line.held_back,
         line.added, line.quota)
        for line in quota.lines
    ]  # fmt: skip
    assert told == [
        (RiskTier.HIGH, 1, "100.00", 1, 0, 0, 1),
        (RiskTier.ELEVATED, 3, "40.00", 2, 0, 0, 2),
        (RiskTier.NORMAL, 13, "20.00", 3, 0, 0, 3),
        (RiskTier.LOW, 6, "10.00", 1, 0, 0, 1),
    ]
    assert (quota.pool, quota.required, quota.total) == (23, 5, 7)


def test_one_low_risk_firm_is_not_visited_more_than_thirty_normal_ones() -> None:
    quota = tier_quotas({RiskTier.LOW: 1, RiskTier.NORMAL: 30}, 10)
    assert quota.by_tier[RiskTier.LOW] == 0
    # 31 firms at 10 % need four; the fourth comes from the higher tier.
    assert (quota.total, quota.by_tier[RiskTier.NORMAL]) == (4, 4)


def test_low_risk_alone_still_reaches_the_plan_ratio() -> None:
    quota = tier_quotas({RiskTier.LOW: 100}, 10)
    assert (quota.total, quota.lines[-1].proportional, quota.lines[-1].added) == (10, 5, 5)


def test_firms_without_a_tier_count_as_normal() -> None:
    quota = tier_quotas({None: 10, RiskTier.NORMAL: 10, RiskTier.HIGH: 1}, 20)
    assert quota.by_tier == {
        RiskTier.LOW: 0,
        RiskTier.NORMAL: 4,
        RiskTier.ELEVATED: 0,
        RiskTier.HIGH: 1,
    }


@pytest.mark.parametrize(
    "multipliers",
    [
        {**DEFAULT_MULTIPLIERS, RiskTier.LOW: Decimal(3)},
        {**DEFAULT_MULTIPLIERS, RiskTier.LOW: Decimal(-1)},
        {**DEFAULT_MULTIPLIERS, RiskTier.LOW: Decimal("NaN")},
    ],
)
def test_multipliers_that_fall_with_the_tier_are_refused(
    multipliers: dict[RiskTier, Decimal],
) -> None:
    with pytest.raises(Fault) as refused:
        tier_quotas({RiskTier.LOW: 10}, 10, multipliers)
    assert refused.value.code == "sampling.multipliers"


def test_negative_counts_are_refused() -> None:
    with pytest.raises(Fault):
        tier_quotas({RiskTier.LOW: -1}, 10)


@pytest.mark.parametrize(
    ("text", "tier"),
    [
        ("低风险", RiskTier.LOW),
        ("一般", RiskTier.NORMAL),
        ("较高风险企业", RiskTier.ELEVATED),
        (" 高风险 ", RiskTier.HIGH),
        ("A", RiskTier.LOW),
        ("d", RiskTier.HIGH),
        ("elevated", RiskTier.ELEVATED),
        ("", None),
        ("未分类", None),
    ],
)
def test_tier_is_read_from_the_registers_spellings(text: str, tier: RiskTier | None) -> None:
    assert RiskTier.parse(text) is tier
