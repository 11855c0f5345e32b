"""Two classes of risk read as one, and when a change is a warning."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import Fault, message
from domain.risk import Combination, CombinationRule, combination, is_worse, rank
from domain.sampling import RiskTier

LOW, NORMAL, ELEVATED, HIGH = RiskTier
TIERS = st.sampled_from([None, *RiskTier])
RULES = st.sampled_from([CombinationRule.CREDIT_ONLY, CombinationRule.HIGHER])


def test_higher_of_the_two_decides_and_the_known_one_where_one_is_missing() -> None:
    found = combination(CombinationRule.HIGHER)
    assert found.tier_of(LOW, HIGH) is HIGH
    assert found.tier_of(ELEVATED, NORMAL) is ELEVATED
    assert found.tier_of(None, LOW) is LOW
    assert found.tier_of(ELEVATED, None) is ELEVATED
    assert found.tier_of(None, None) is None


def test_credit_class_alone_leaves_the_trade_out() -> None:
    found = combination(CombinationRule.CREDIT_ONLY)
    assert found.tier_of(LOW, HIGH) is LOW
    assert found.tier_of(None, HIGH) is None


def test_own_table_changes_the_cells_it_names_and_no_other() -> None:
    cells = {"low/normal": "low", "low/elevated": "normal", "normal/elevated": "normal"}
    found = combination(CombinationRule.TABLE, cells)
    assert found.tier_of(LOW, NORMAL) is LOW
    assert found.tier_of(NORMAL, ELEVATED) is NORMAL
    assert found.tier_of(NORMAL, HIGH) is HIGH


@pytest.mark.parametrize(
    "cells",
    [
        {"high/high": "low"},  # the riskiest firm spared
        {"elevated/low": "high"},  # and then high/low stays high, elevated/normal falls below
        {"low/low": "elevated"},
        {"low/none": "none"},
        {"low/sometimes": "low"},
        {"low/low": "whole"},
    ],
)
def test_table_in_which_worse_gives_better_is_refused(cells: dict[str, str]) -> None:
    with pytest.raises(Fault) as refused:
        combination(CombinationRule.TABLE, cells)
    assert refused.value.code == "risk.bad_table"


def test_the_refused_pair_is_named_in_words() -> None:
    with pytest.raises(Fault) as refused:
        combination(CombinationRule.TABLE, {"high/none": "low"})
    told = message(refused.value.code, "zh_CN", refused.value.details)
    assert "信用风险“高风险”、行业风险“未分类”" in told


@given(RULES, TIERS, TIERS, TIERS, TIERS)
def test_a_worse_class_never_gives_a_better_result(
    rule: CombinationRule,
    credit: RiskTier | None,
    worse_credit: RiskTier | None,
    industry: RiskTier | None,
    worse_industry: RiskTier | None,
) -> None:
    found: Combination = combination(rule)
    if None in (credit, worse_credit, industry, worse_industry):
        return
    if rank(worse_credit) >= rank(credit) and rank(worse_industry) >= rank(industry):
        better, worse = found.tier_of(credit, industry), found.tier_of(worse_credit, worse_industry)
        assert rank(worse) >= rank(better)


def test_only_a_rise_is_a_warning_and_no_class_stands_with_normal() -> None:
    assert is_worse(LOW, NORMAL)
    assert is_worse(None, ELEVATED)
    assert not is_worse(None, NORMAL)
    assert not is_worse(HIGH, ELEVATED)
    assert not is_worse(NORMAL, None)
