"""The tree of RFC 6962: known answers, and what any list of any length keeps."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
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


def root_by_the_book(entries: list[bytes]) -> bytes:
    """MTH(D[n]) word for word as RFC 6962 part 2.1 defines it, with nothing of ours."""
    if not entries:
        return sha256().digest()
    if len(entries) == 1:
        return sha256(b"\x00" + entries[0]).digest()
    half = max(2**n for n in range(len(entries).bit_length()) if 2**n < len(entries))
    left, right = root_by_the_book(entries[:half]), root_by_the_book(entries[half:])
    return sha256(b"\x01" + left + right).digest()


def path_by_the_book(place: int, entries: list[bytes]) -> list[bytes]:
    """PATH(m, D[n]), part 2.1.1."""
    if len(entries) == 1:
        return []
    half = max(2**n for n in range(len(entries).bit_length()) if 2**n < len(entries))
    if place < half:
        return [*path_by_the_book(place, entries[:half]), root_by_the_book(entries[half:])]
    return [*path_by_the_book(place - half, entries[half:]), root_by_the_book(entries[:half])]


def proof_by_the_book(first: int, entries: list[bytes], *, is_whole: bool = True) -> list[bytes]:
    """PROOF(m, D[n]) = SUBPROOF(m, D[n], true), part 2.1.2."""
    if first == len(entries):
        return [] if is_whole else [root_by_the_book(entries)]
    half = max(2**n for n in range(len(entries).bit_length()) if 2**n < len(entries))
    if first <= half:
        inner = proof_by_the_book(first, entries[:half], is_whole=is_whole)
        return [*inner, root_by_the_book(entries[half:])]
    inner = proof_by_the_book(first - half, entries[half:], is_whole=False)
    return [*inner, root_by_the_book(entries[:half])]


def test_roots_and_proofs_are_those_of_the_definitions_for_every_size() -> None:
    for size in range(34):
        entries = [bytes([n]) * (n % 5) for n in range(size)]
        leaves = [hash_leaf(one) for one in entries]
        assert build_root(leaves) == root_by_the_book(entries), size
        for place in range(size):
            assert build_inclusion(place, leaves) == path_by_the_book(place, entries)
            first = place + 1
            assert build_consistency(first, leaves) == proof_by_the_book(first, entries)


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
