"""The draw: tickets, firms, officers, the record and its verification."""

import copy
import hashlib
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.canonical import canonical_json
from domain.draw import (
    DrawRules,
    Matched,
    NotMatched,
    Officer,
    PoolFirm,
    build_pool,
    build_record,
    canonical_pool,
    draw_firms,
    match_officers,
    pool_digest,
    ticket,
    verify_draw,
)
from domain.errors import Fault
from domain.sampling import RiskTier

Vectors = Callable[[str], Any]
SEED, DRAW = "351622", "draw-1"
FIRMS = [PoolFirm(f"f{n:02d}", list(RiskTier)[n % 4]) for n in range(12)]
OFFICERS = [Officer(f"o{n}", "tr") for n in range(5)]
RULES = DrawRules(Decimal(20), ("tr",))


def test_ticket_is_sha256_of_the_parts_with_unit_separators() -> None:
    expected = hashlib.sha256(b"351622\x1fdraw-1\x1ffirm\x1ff01").hexdigest()
    assert ticket(SEED, DRAW, "firm", "f01") == expected


def test_ticket_vectors(vectors: Vectors) -> None:
    for case in vectors("draw")["tickets"]:
        made = ticket(case["seed"], case["draw_id"], case["kind"], *case["x"])
        assert made == case["ticket"], case


@pytest.mark.parametrize("x", ["", "a\x1fb"])
def test_part_that_could_be_read_two_ways_is_refused(x: str) -> None:
    with pytest.raises(Fault) as refused:
        ticket(SEED, DRAW, "firm", x)
    assert refused.value.code == "draw.bad_text"


@pytest.mark.parametrize("seed", ["", "  "])
def test_draw_without_a_seed_is_refused(seed: str) -> None:
    with pytest.raises(Fault) as refused:
        draw_firms(FIRMS, {}, seed, DRAW)
    assert refused.value.code == "draw.seed_required"


def test_lowest_tickets_of_each_tier_are_drawn() -> None:
    quotas = {RiskTier.LOW: 1, RiskTier.HIGH: 2}
    drawn = draw_firms(FIRMS, quotas, SEED, DRAW)
    assert Counter(firm.tier for firm in drawn) == quotas
    for tier, wanted in quotas.items():
        tickets = sorted((ticket(SEED, DRAW, "firm", f.id), f.id) for f in FIRMS if f.tier is tier)
        assert {f.id for f in drawn if f.tier is tier} == {one for _, one in tickets[:wanted]}
    assert [firm.ticket for firm in drawn] == sorted(firm.ticket for firm in drawn)


@given(order=st.permutations(FIRMS), seed=st.text("0123456789", min_size=1, max_size=8))
@settings(max_examples=50)
def test_order_of_the_register_changes_nothing(order: list[PoolFirm], seed: str) -> None:
    quotas = {RiskTier.NORMAL: 2, RiskTier.ELEVATED: 1}
    assert draw_firms(order, quotas, seed, DRAW) == draw_firms(FIRMS, quotas, seed, DRAW)


def test_every_firm_is_drawn_about_equally_often() -> None:
    firms = [PoolFirm(f"f{n}") for n in range(10)]
    drawn = Counter(
        firm.id
        for seed in range(1000)
        for firm in draw_firms(firms, {RiskTier.NORMAL: 3}, str(seed), DRAW)
    )
    # 300 expected; the standard deviation is about 14.5, so five of them are not chance.
    assert all(228 < drawn[firm.id] < 372 for firm in firms)


def test_empty_pool_and_quota_beyond_the_tier_are_refused() -> None:
    with pytest.raises(Fault) as refused:
        draw_firms([], {}, SEED, DRAW)
    assert refused.value.code == "draw.pool_empty"
    with pytest.raises(Fault) as refused:
        draw_firms(FIRMS, {RiskTier.LOW: 4}, SEED, DRAW)
    assert (refused.value.code, refused.value.details["available"]) == ("draw.quota", 3)


def test_each_department_sends_two_different_officers_to_each_firm() -> None:
    officers = [*OFFICERS, Officer("m1", "mr"), Officer("m2", "mr"), Officer("m3", "mr")]
    outcome = match_officers(FIRMS, officers, ["tr", "mr"], SEED, DRAW)
    assert isinstance(outcome, Matched)
    assert len(outcome.assignments) == 2 * len(FIRMS)
    department = {officer.id: officer.department for officer in officers}
    for one in outcome.assignments:
        assert len(set(one.officers)) == 2
        assert {department[officer] for officer in one.officers} == {one.department}


def test_load_is_balanced_among_equally_eligible_officers() -> None:
    outcome = match_officers(FIRMS, OFFICERS, ["tr"], SEED, DRAW)
    assert isinstance(outcome, Matched)
    load = Counter(officer for one in outcome.assignments for officer in one.officers)
    assert max(load.values()) - min(load.values()) <= 1


def test_recused_officer_never_visits_the_firm() -> None:
    recused = Officer("o0", "tr", recused_firms=tuple(firm.id for firm in FIRMS[:6]))
    for seed in range(20):
        outcome = match_officers(FIRMS, [recused, *OFFICERS[1:]], ["tr"], str(seed), DRAW)
        assert isinstance(outcome, Matched)
        visited = {one.firm for one in outcome.assignments if "o0" in one.officers}
        assert visited
        assert not visited & set(recused.recused_firms)


def test_label_and_area_are_filtered_before_the_lot() -> None:
    firm = PoolFirm("f", area="北部")
    officers = [
        Officer("a", "tr", ("危货",), "北部"),
        Officer("b", "tr", ("危货",), None),
        Officer("c", "tr", ("危货",), "城区"),
        Officer("d", "tr", ("客运",), "北部"),
        Officer("e", "tr", ("危货",), "北部", ("f",)),
    ]
    for seed in range(10):
        outcome = match_officers(
            [firm], officers, ["tr"], str(seed), DRAW, required_labels={"tr": "危货"}
        )
        assert isinstance(outcome, Matched)
        assert set(outcome.assignments[0].officers) == {"a", "b"}


def test_lack_says_of_whom_and_why_and_assigns_nothing() -> None:
    officers = [
        Officer("a", "tr", ("危货",), "北部"),
        Officer("c", "tr", ("危货",), "城区"),
        Officer("d", "tr"),
        Officer("e", "tr", ("危货",), "北部", ("f",)),
    ]
    firms = [PoolFirm("f", area="北部"), PoolFirm("g", area="北部")]
    outcome = match_officers(
        firms, officers, ["tr", "mr"], SEED, DRAW, required_labels={"tr": "危货"}
    )
    assert isinstance(outcome, NotMatched)
    lacks = {(one.firm, one.department): one for one in outcome.lacks}
    assert set(lacks) == {("f", "tr"), ("f", "mr"), ("g", "mr")}
    lack = lacks["f", "tr"]
    assert (lack.needed, lack.eligible) == (2, 1)
    assert (lack.without_label, lack.elsewhere, lack.recused) == (1, 1, 1)
    assert lacks["f", "mr"].eligible == 0


def test_pool_digest_depends_on_content_and_not_on_order() -> None:
    one = build_pool(FIRMS, OFFICERS, RULES)
    other = build_pool(FIRMS[::-1], OFFICERS[::-1], DrawRules(Decimal("20.0"), ("tr",)))
    assert pool_digest(one) == pool_digest(other) == pool_digest(canonical_pool(one))
    fewer = build_pool(FIRMS[1:], OFFICERS, RULES)
    looser = build_pool(FIRMS, OFFICERS, DrawRules(Decimal(19), ("tr",)))
    assert len({pool_digest(one), pool_digest(fewer), pool_digest(looser)}) == 3


def test_same_id_twice_in_the_pool_is_refused() -> None:
    for firms, officers in (([*FIRMS, FIRMS[0]], OFFICERS), (FIRMS, [*OFFICERS, OFFICERS[0]])):
        with pytest.raises(Fault) as refused:
            build_pool(firms, officers, RULES)
        assert refused.value.code == "draw.duplicate"


def test_team_of_one_is_not_a_rule() -> None:
    with pytest.raises(Fault) as refused:
        build_pool(FIRMS, OFFICERS, DrawRules(Decimal(20), ("tr",), per_department=1))
    assert refused.value.code == "draw.team_too_small"


def test_record_draws_the_quota_of_its_rules_and_verifies() -> None:
    pool = build_pool(FIRMS, OFFICERS, RULES)
    record = build_record(pool, SEED, DRAW)
    assert verify_draw(record) == []
    assert len(record["firms"]) == pool.quota().total  # type: ignore[arg-type]


def test_record_with_too_few_officers_is_not_made() -> None:
    with pytest.raises(Fault) as refused:
        build_record(build_pool(FIRMS, OFFICERS[:1], RULES), SEED, DRAW)
    assert refused.value.code == "draw.too_few_officers"
    assert refused.value.details["eligible"] == 1


def test_record_vectors_verify(vectors: Vectors) -> None:
    for record in vectors("draw")["records"]:
        assert verify_draw(record) == []
        text = canonical_json(record["pool"])
        assert hashlib.sha256(text.encode()).hexdigest() == record["pool_sha256"]


def test_every_tampered_vector_differs_where_it_was_touched(vectors: Vectors) -> None:
    cases = vectors("draw")["tampered"]
    assert len(cases) >= 8
    for case in cases:
        differences = verify_draw(case["record"])
        assert any(line.startswith(case["differs_at"]) for line in differences), case["why"]


def _leaves(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if isinstance(value, dict):
        return [p for key, inner in value.items() for p in _leaves(inner, (*path, key))]
    if isinstance(value, list):
        return [p for n, inner in enumerate(value) for p in _leaves(inner, (*path, n))]
    return [path]


def test_no_single_value_of_a_record_can_be_changed_unnoticed() -> None:
    record = build_record(build_pool(FIRMS, OFFICERS, RULES), SEED, DRAW)
    leaves = _leaves(record)
    assert len(leaves) > 60
    for path in leaves:
        changed = copy.deepcopy(record)
        spot: Any = changed
        for step in path[:-1]:
            spot = spot[step]
        old = spot[path[-1]]
        spot[path[-1]] = old + 1 if isinstance(old, int) else f"{old}x"
        assert verify_draw(changed), path


@pytest.mark.parametrize(
    "touch",
    [
        lambda r: r.pop("seed"),
        lambda r: r.update(extra=None),
        lambda r: r["pool"].update(extra=None),
        lambda r: r["pool"].pop("rules"),
        lambda r: r["firms"].append(r["firms"][0]),
        lambda r: r["firms"].clear(),
        lambda r: r.update(pool=[]),
        lambda r: r.update(pool=None),
        lambda r: r.update(seed=351622),
        lambda r: r.update(seed=" "),
        lambda r: r["pool"]["firms"].clear(),
        lambda r: r["pool"]["firms"].append(r["pool"]["firms"][0]),
        lambda r: r["pool"]["firms"][0].update(id=7),
        lambda r: r["pool"]["rules"].update(percent="viel"),
        lambda r: r["pool"]["rules"].update(percent="1000"),
        lambda r: r["pool"]["rules"].update(percent="1e-999999999"),
        lambda r: r["pool"]["rules"].update(per_department=-1),
    ],
)
def test_broken_record_is_a_difference_and_never_a_crash(
    touch: Callable[[dict[str, Any]], object],
) -> None:
    record: Any = copy.deepcopy(build_record(build_pool(FIRMS, OFFICERS, RULES), SEED, DRAW))
    touch(record)
    assert verify_draw(record)


def test_canonical_json_is_sorted_by_code_point_normalised_and_without_fractions() -> None:
    # U+FF41 sorts before U+1F600 by code point, after it by UTF-16 unit.
    text = canonical_json({"\U0001f600": 1, "\uff41": "cafe\u0301", "a": [None, True, "乙"]})
    assert text == '{"a":[null,true,"乙"],"\uff41":"caf\u00e9","\U0001f600":1}'
    with pytest.raises(TypeError):
        canonical_json({"a": 1.0})
    with pytest.raises(TypeError):
        canonical_json({1: "a"})
