"""What is hashed of an event loses nothing, and a sample is the same for everybody."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.canonical import canonical_json
from domain.merkle import build_inclusion, build_root
from domain.trail import (
    build_entry,
    build_root_document,
    find_proof_fault,
    hash_entry,
    pick_sample,
)

AT = datetime(2026, 3, 4, 1, 0, 0, 123456, tzinfo=UTC)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


def entry(**more: Any) -> dict[str, Any]:
    said: dict[str, Any] = {
        "county": 1, "event": 7, "at": AT, "person": 3, "device": None,
        "action": "draw.drawn", "target": "draw:1", "details": {"reason": "复查"},
    }  # fmt: skip
    return build_entry(**{**said, **more})


def test_an_entry_is_one_text_that_anybody_can_hash() -> None:
    assert canonical_json(entry()) == (
        '{"action":"draw.drawn","at":"2026-03-04T01:00:00.123456Z","county":1,'
        '"details":{"reason":"复查"},"device":null,"event":7,"format":"suicha-audit-entry/1",'
        '"person":3,"target":"draw:1"}'
    )


@pytest.mark.parametrize(
    "more",
    [
        {"county": 2}, {"event": 8}, {"at": AT + timedelta(microseconds=1)}, {"person": 4},
        {"person": None}, {"device": "d1"}, {"action": "draw.drawm"}, {"target": "draw:2"},
        {"details": {}}, {"details": {"reason": "复査"}}, {"details": {"reason ": "复查"}},
    ],
)  # fmt: skip
def test_whatever_differs_in_an_event_changes_its_leaf(more: dict[str, Any]) -> None:
    assert hash_entry(entry(**more)) != hash_entry(entry())


def test_two_spellings_of_one_letter_are_two_entries() -> None:
    one, two = "é", unicodedata.normalize("NFD", "é")
    leaves = {
        hash_entry(entry(details=said))
        for said in ({"a": one}, {"a": two}, {one: 1}, {two: 1}, {"a": 0.5}, {"a": "0.5"},
                     {"a": {"$fraction": "0.5"}})
    }  # fmt: skip
    assert len(leaves) == 7


@given(st.dictionaries(st.text(), JSON, max_size=3), st.dictionaries(st.text(), JSON, max_size=3))
def test_details_have_the_same_leaf_only_where_they_are_the_same(
    one: dict[str, Any], two: dict[str, Any]
) -> None:
    is_same = repr_of(one) == repr_of(two)
    assert (hash_entry(entry(details=one)) == hash_entry(entry(details=two))) is is_same


def repr_of(value: Any) -> str:
    """Tells 1 from True and 1.0, which are equal in Python."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{k!r}:{repr_of(value[k])}" for k in sorted(value)) + "}"
    return repr(value) if not isinstance(value, list) else f"[{','.join(map(repr_of, value))}]"


def test_a_proof_holds_for_its_entry_and_no_other() -> None:
    entries = [entry(event=n) for n in range(5)]
    leaves = [hash_entry(one) for one in entries]
    root = build_root_document(
        county="000001", size=5, root=build_root(leaves), made_at=AT, previous=""
    )
    proof = {
        "format": "suicha-audit-proof/1", "entry": entries[3], "place": 3,
        "path": [one.hex() for one in build_inclusion(3, leaves)], "root": {"root": root},
    }  # fmt: skip
    assert find_proof_fault(proof) == ""
    assert find_proof_fault({**proof, "entry": entries[2]}) == "proof.not_included"
    assert find_proof_fault({**proof, "place": 2}) == "proof.not_included"
    for wrong in ({**proof, "place": "3"}, {**proof, "path": ["x"]}, {}, {**proof, "root": None}):
        assert find_proof_fault(wrong) == "proof.wrong_shape"


def test_a_seed_picks_the_same_records_whatever_their_order() -> None:
    ids = list(range(1, 200))
    first = pick_sample(ids, "7f3a", 10)
    assert first == pick_sample(ids[::-1], "7f3a", 10) and len(set(first)) == 10
    assert first != pick_sample(ids, "7f3b", 10)
    assert pick_sample([4, 2], "x", 10) == [2, 4]
