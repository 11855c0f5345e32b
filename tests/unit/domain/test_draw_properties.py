"""What holds of every draw, whatever the pool: size, tiers, eligibility, balance, and that nothing
in a record can be changed unnoticed."""

from __future__ import annotations

import json
import random
from collections import Counter
from dataclasses import replace
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from domain.canonical import canonical_json
from domain.draw import (
    DrawRules,
    Matched,
    Officer,
    Pool,
    PoolFirm,
    build_pool,
    build_record,
    find_differences,
    match_officers,
    pool_digest,
)
from domain.draw_versions import V2
from domain.errors import Fault
from domain.sampling import RiskTier, sample_size
from tests.unit.domain.draw_cases import named_records, random_pool

SEEDS = st.integers(0, 10**8 - 1).map(lambda n: f"{n:08d}")
DRAW = "CQ20260105-7KMPQRST"
RANDOMS = st.randoms(use_true_random=False)


def drawn_of(source: random.Random, seed: str) -> tuple[Pool, dict[str, Any]]:
    """A pool and what was drawn of it; pools without enough officers are another test's."""
    pool = random_pool(source, V2)
    try:
        return pool, build_record(pool, seed, DRAW)
    except Fault as refused:
        assert refused.code == "draw.too_few_officers"
        assume(False)
        raise


@given(source=RANDOMS, seed=SEEDS)
@settings(max_examples=60)
def test_as_many_are_drawn_as_the_rules_ask_and_risk_is_visited_more(
    source: random.Random, seed: str
) -> None:
    pool, record = drawn_of(source, seed)
    tiers = Counter(firm.tier or RiskTier.NORMAL for firm in pool.firms)
    drawn = Counter(firm["tier"] for firm in record["firms"])
    assert {tier.value: drawn[tier] for tier in RiskTier} == record["quotas"]
    wanted = max(sample_size(len(pool.firms), pool.rules.percent), pool.rules.at_least)
    assert len(record["firms"]) >= min(len(pool.firms), wanted)
    shares = [drawn[tier] / tiers[tier] for tier in RiskTier if tiers[tier]]
    assert shares == sorted(shares)
    assert [firm["ticket"] for firm in record["firms"]] == sorted(
        firm["ticket"] for firm in record["firms"]
    )
    assert find_differences(record) == []


@given(source=RANDOMS, seed=SEEDS)
@settings(max_examples=60)
def test_nothing_depends_on_the_order_of_entry(source: random.Random, seed: str) -> None:
    pool, record = drawn_of(source, seed)
    firms, officers = list(pool.firms), list(pool.officers)
    source.shuffle(firms)
    source.shuffle(officers)
    mixed = [replace(one, labels=one.labels[::-1]) for one in officers]
    other = build_pool(firms, mixed, pool.rules)
    assert pool_digest(other) == record["pool_sha256"]
    assert build_record(other, seed, DRAW) == record


@given(source=RANDOMS, seed=SEEDS)
@settings(max_examples=120)
def test_every_team_is_whole_and_everybody_in_it_may_go_there(
    source: random.Random, seed: str
) -> None:
    pool, record = drawn_of(source, seed)
    firms = {firm.id: firm for firm in pool.firms}
    officers = {officer.id: officer for officer in pool.officers}
    rules = pool.rules
    teams = [(one["firm"], one["department"]) for one in record["assignments"]]
    assert teams == [
        (firm["id"], department) for firm in record["firms"] for department in rules.departments
    ]
    for one in record["assignments"]:
        assert len(one["officers"]) == len(set(one["officers"])) == rules.per_department
        for officer in map(officers.__getitem__, one["officers"]):
            label = rules.required_labels.get(one["department"])
            assert officer.department == one["department"]
            assert label is None or label in officer.labels
            assert one["firm"] not in officer.recused_firms
            assert None in (officer.area, area := firms[one["firm"]].area) or officer.area == area


@given(
    loads=st.lists(st.integers(0, 6), min_size=2, max_size=9), count=st.integers(1, 20), seed=SEEDS
)
@settings(max_examples=60)
def test_load_is_balanced_within_one_among_equals(loads: list[int], count: int, seed: str) -> None:
    officers = [Officer(f"o{n}", "tr", load=load) for n, load in enumerate(loads)]
    firms = [PoolFirm(f"f{n}") for n in range(count)]
    outcome = match_officers(firms, officers, ["tr"], seed, DRAW)
    assert isinstance(outcome, Matched)
    visits = Counter(officer for one in outcome.assignments for officer in one.officers)
    final = {one.id: one.load + visits[one.id] for one in officers}
    # A team takes two at once, so whoever was sent was no busier than the second least busy.
    floor = sorted(final.values())[1]
    assert all(final[one] <= floor + 1 for one in visits)
    if len(set(loads)) == 1:
        assert max(final.values()) - min(final.values()) <= 1


RECORDS = [canonical_json(record) for record in named_records().values()]


@given(data=st.data())
@settings(max_examples=400)
def test_a_change_of_one_character_anywhere_is_caught(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(RECORDS))
    at = data.draw(st.integers(0, len(text) - 1))
    near = st.sampled_from('0123456789abcdef"{}[],:-. \u0301\x1f')
    letter = data.draw(near | st.characters(exclude_categories=("Cs",)))
    changed = data.draw(
        st.sampled_from(
            [text[:at] + letter + text[at + 1 :], text[:at] + text[at + 1 :],
             text[:at] + letter + text[at:]]
        )
    )  # fmt: skip
    try:
        record = json.loads(changed)
    except ValueError:
        return  # no JSON any more: no record
    assume(record != json.loads(text))  # a blank between two members says the same
    assert find_differences(record), (at, letter)


def test_every_character_of_seed_digest_and_numbers_counts() -> None:
    text = RECORDS[0]
    for at, letter in enumerate(text):
        if not letter.isalnum():
            continue
        other = "1" if letter == "0" else "0" if letter.isdigit() else "x"
        try:
            record = json.loads(text[:at] + other + text[at + 1 :])
        except ValueError:
            continue
        if record != json.loads(text):
            assert find_differences(record), text[at - 20 : at + 20]


@given(source=RANDOMS, seed=SEEDS)
@settings(max_examples=30)
def test_what_the_freeze_calls_a_lack_is_what_the_draw_refuses(
    source: random.Random, seed: str
) -> None:
    pool = random_pool(source, V2)
    everything = replace(pool, rules=replace(pool.rules, at_least=len(pool.firms)))
    rules: DrawRules = everything.rules
    outcome = match_officers(
        pool.firms, pool.officers, rules.departments, seed, DRAW, rules.per_department,
        rules.required_labels,
    )  # fmt: skip
    try:
        build_record(everything, seed, DRAW)
    except Fault as refused:
        assert refused.code == "draw.too_few_officers" and not isinstance(outcome, Matched)
    else:
        assert isinstance(outcome, Matched)
