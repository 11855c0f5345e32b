"""The vectors of docs/draw.md §11, as a stranger would run them; `tests/pwa/draw.test.ts` runs the
same in TypeScript."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from domain.canonical import canonical_sha256
from domain.draw import (
    What,
    build_record,
    find_differences,
    is_plain_seed,
    plain_seed,
    read_pool,
    ticket,
    verify_draw,
)
from domain.draw_records import FIELDS
from domain.errors import Fault
from domain.sampling import RiskTier, tier_quotas
from tests.conftest import ROOT
from tests.unit.domain.draw_cases import VECTORS, documents, dump

Vectors = Callable[[str], Any]


def test_vector_files_are_what_the_generator_writes() -> None:
    for name, document in documents().items():
        assert (VECTORS / name).read_text(encoding="utf-8") == dump(document), name


def test_tickets_quotas_and_seeds(vectors: Vectors) -> None:
    cases = vectors("draw-2")
    for one in cases["tickets"]:
        assert ticket(one["seed"], one["draw_id"], one["kind"], *one["x"]) == one["ticket"]
    for one in cases["quotas"]:
        available = {RiskTier(tier): n for tier, n in one["available"].items()}
        quota = tier_quotas(available, Decimal(one["percent"]), at_least=one["at_least"])
        assert {tier.value: n for tier, n in quota.by_tier.items()} == one["quotas"]
    for one in cases["seeds"]:
        assert is_plain_seed(one["seed"]) is one["is_plain"], one
        assert is_plain_seed(plain_seed(one["seed"]))


def test_named_records_verify(vectors: Vectors) -> None:
    for one in vectors("draw-2")["records"]:
        assert find_differences(one["record"]) == [], one["why"]


def test_every_fault_is_told_with_its_place_and_kind(vectors: Vectors) -> None:
    cases = vectors("draw-2")["tampered"]
    for one in cases:
        told = [[each.path, each.what.value] for each in find_differences(one["record"])]
        assert told == one["differences"], one["why"]
    assert {kind for one in cases for _, kind in one["differences"]} == {one.value for one in What}


def test_pools_made_at_random_give_their_records(vectors: Vectors) -> None:
    cases = vectors("draw-random")["cases"]
    for one in cases:
        pool = read_pool(one["pool"])
        if "refused" in one:
            with pytest.raises(Fault) as refused:
                build_record(pool, one["seed"], one["draw_id"])
            assert refused.value.code == one["refused"]
        else:
            record = build_record(pool, one["seed"], one["draw_id"])
            assert canonical_sha256(record) == one["record_sha256"], one["draw_id"]
    assert len(cases) > 200


def test_half_a_surrogate_pair_is_no_text(vectors: Vectors) -> None:
    record = copy.deepcopy(vectors("draw-2")["records"][0]["record"])
    record["pool"]["firms"][0]["id"] = "\ud800"
    told = find_differences(record)
    assert [(one.path, one.what) for one in told] == [("pool.firms[0].id", What.UNREADABLE)]
    assert "\\ud800" in str(told[0]).encode().decode()


def test_what_is_no_record_differs_and_nothing_is_raised() -> None:
    deep: list[Any] = []
    for _ in range(20_000):
        deep = [deep]
    for value in (None, 7, "record", [], {}, {"algorithm": {}}, deep, dict.fromkeys(FIELDS, deep)):
        assert find_differences(value)


def test_a_pool_frozen_before_this_version_is_drawn_in_its_own(vectors: Vectors) -> None:
    first = vectors("draw")["records"][0]
    made = build_record(read_pool(first["pool"]), first["seed"], first["draw_id"])
    assert made == first
    assert made["algorithm"] == "suicha-draw-1"


def test_line_of_each_difference_says_both_values(vectors: Vectors) -> None:
    record = copy.deepcopy(vectors("draw-2")["records"][0]["record"])
    record["quotas"]["low"] = 9
    assert verify_draw(record) == ["quotas.low: recorded 9, recomputed 0"]


def test_document_names_every_field_and_every_kind() -> None:
    text = (ROOT / "docs" / "draw.md").read_text(encoding="utf-8")
    assert all(f"| `{name}` |" in text for name in FIELDS)
    assert all(re.search(rf"\*{kind.value}\*", text) for kind in What)
