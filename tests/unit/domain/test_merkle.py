"""The tree of RFC 6962: known answers, and what any list of any length keeps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.merkle import (
    EMPTY_ROOT,
    build_consistency,
    build_inclusion,
    build_root,
    hash_leaf,
    is_consistent,
    is_included,
)

Vectors = Callable[[str], Any]
SIZES = st.integers(1, 70)


def leaves_of(size: int) -> list[bytes]:
    return [hash_leaf(bytes([n])) for n in range(size)]


def flipped(data: bytes, bit: int) -> bytes:
    at, mask = bit // 8 % len(data), 1 << bit % 8
    return data[:at] + bytes([data[at] ^ mask]) + data[at + 1 :]


def test_roots_and_proofs_are_those_of_the_published_test_data(vectors: Vectors) -> None:
    found = vectors("merkle")
    leaves = [hash_leaf(bytes.fromhex(one)) for one in found["entries"]]
    assert build_root([]).hex() == found["empty_root"]
    assert [build_root(leaves[:n]).hex() for n in range(1, 9)] == found["roots"]
    for case in found["inclusion"]:
        path = build_inclusion(case["place"], leaves[: case["size"]])
        assert [one.hex() for one in path] == case["path"]
    for case in found["consistency"]:
        path = build_consistency(case["first"], leaves[: case["size"]])
        assert [one.hex() for one in path] == case["path"]


@given(SIZES, st.data())
def test_every_leaf_is_proven_at_its_place_and_nowhere_else(size: int, data: st.DataObject) -> None:
    leaves = leaves_of(size)
    place = data.draw(st.integers(0, size - 1))
    root, path = build_root(leaves), build_inclusion(place, leaves)
    assert is_included(leaves[place], place, size, path, root)
    other = data.draw(st.integers(0, size).filter(lambda one: one != place))
    assert not is_included(leaves[place], other, size, path, root)
    assert not is_included(hash_leaf(b"other"), place, size, path, root)
    assert not is_included(leaves[place], place, size, [*path, EMPTY_ROOT], root)


@given(SIZES, st.data())
def test_every_beginning_is_consistent_and_no_other_list_is(size: int, data: st.DataObject) -> None:
    leaves = leaves_of(size)
    first = data.draw(st.integers(0, size))
    root, path = build_root(leaves), build_consistency(first, leaves)
    old = build_root(leaves[:first])
    assert is_consistent(first, old, size, root, path)
    if first:
        changed = [hash_leaf(b"changed"), *leaves[1:first]]
        assert not is_consistent(first, build_root(changed), size, root, path)


@given(SIZES, st.integers(0, 5_000), st.data())
def test_one_bit_of_a_proof_or_root_is_enough_to_refuse_it(
    size: int, bit: int, data: st.DataObject
) -> None:
    leaves = leaves_of(size)
    place = data.draw(st.integers(0, size - 1))
    root, path = build_root(leaves), build_inclusion(place, leaves)
    assert not is_included(leaves[place], place, size, path, flipped(root, bit))
    if path:
        number = data.draw(st.integers(0, len(path) - 1))
        path[number] = flipped(path[number], bit)
        assert not is_included(leaves[place], place, size, path, root)


def test_places_and_sizes_outside_the_list_are_refused() -> None:
    leaves = leaves_of(3)
    for place in (-1, 3):
        with pytest.raises(ValueError, match="no such leaf"):
            build_inclusion(place, leaves)
    with pytest.raises(ValueError, match="no such list"):
        build_consistency(4, leaves)
    assert not is_included(leaves[0], 0, 0, [], EMPTY_ROOT)
    assert not is_consistent(4, EMPTY_ROOT, 3, build_root(leaves), [])
