"""A Merkle tree as RFC 6962 part 2.1 describes it: one root over a list that only grows.

Leaves and inner nodes are hashed with different first bytes, or a list could be made whose leaf is
another list's node. All hashes are 32 raw bytes; a *leaf* below is the hash of an entry.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

EMPTY_ROOT = hashlib.sha256(b"").digest()


def hash_leaf(entry: bytes) -> bytes:
    """SHA-256(0x00 ‖ entry)."""
    return hashlib.sha256(b"\x00" + entry).digest()


def hash_node(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 ‖ left ‖ right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Frontier:
    """A growing list of which only the roots of its whole subtrees are kept, the largest first:
    enough to add leaves and to tell the root at any moment."""

    def __init__(self, other: Frontier | None = None) -> None:
        self.size: int = other.size if other else 0
        self._peaks: list[bytes] = list(other._peaks) if other else []

    def push(self, leaf: bytes) -> None:
        """One more leaf at the end."""
        node, size = leaf, self.size
        while size & 1:
            node = hash_node(self._peaks.pop(), node)
            size >>= 1
        self._peaks.append(node)
        self.size += 1

    def root(self) -> bytes:
        """The root of everything pushed so far."""
        if not self._peaks:
            return EMPTY_ROOT
        node = self._peaks[-1]
        for left in reversed(self._peaks[:-1]):
            node = hash_node(left, node)
        return node


def build_root(leaves: Iterable[bytes]) -> bytes:
    """The root of the list."""
    frontier = Frontier()
    for leaf in leaves:
        frontier.push(leaf)
    return frontier.root()


def build_inclusion(place: int, leaves: Sequence[bytes]) -> list[bytes]:
    """The proof that the leaf at ``place`` (from 0) is in the list: what it is hashed with on the
    way to the root. Raises ValueError for a place outside the list."""
    if not 0 <= place < len(leaves):
        raise ValueError("no such leaf")
    if len(leaves) == 1:
        return []
    half = _half(len(leaves))
    if place < half:
        return [*build_inclusion(place, leaves[:half]), build_root(leaves[half:])]
    return [*build_inclusion(place - half, leaves[half:]), build_root(leaves[:half])]


def is_included(leaf: bytes, place: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether the proof leads from the leaf at ``place`` of ``size`` leaves to the root."""
    if not 0 <= place < size:
        return False
    at, last, node = place, size - 1, leaf
    for one in proof:
        if last == 0:
            return False
        if at & 1 or at == last:
            node = hash_node(one, node)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            node = hash_node(node, one)
        at, last = at >> 1, last >> 1
    return last == 0 and node == root


def build_consistency(first: int, leaves: Sequence[bytes]) -> list[bytes]:
    """The proof that the list of ``first`` leaves is the beginning of this one. Raises ValueError
    for more leaves than there are."""
    if not 0 <= first <= len(leaves):
        raise ValueError("no such list")
    if first in (0, len(leaves)):
        return []
    return _subproof(first, leaves, is_whole=True)


def is_consistent(
    first: int, first_root: bytes, size: int, root: bytes, proof: Sequence[bytes]
) -> bool:
    """Whether the proof shows that the list with ``root`` begins with the list with
    ``first_root``."""
    if not 0 <= first <= size:
        return False
    if first == size:
        return not proof and first_root == root
    if first == 0:
        return not proof and first_root == EMPTY_ROOT
    path = list(proof)
    if first & (first - 1) == 0:  # a whole tree of its own: its root begins the proof
        path.insert(0, first_root)
    if not path:
        return False
    at, last = first - 1, size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    old = new = path[0]
    for one in path[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            old, new = hash_node(one, old), hash_node(one, new)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            new = hash_node(new, one)
        at, last = at >> 1, last >> 1
    return last == 0 and old == first_root and new == root


def _half(size: int) -> int:
    """The largest power of two below ``size``."""
    return 1 << (size - 1).bit_length() - 1


def _subproof(first: int, leaves: Sequence[bytes], *, is_whole: bool) -> list[bytes]:
    size = len(leaves)
    if first == size:
        return [] if is_whole else [build_root(leaves)]
    half = _half(size)
    if first <= half:
        return [*_subproof(first, leaves[:half], is_whole=is_whole), build_root(leaves[half:])]
    return [
        *_subproof(first - half, leaves[half:], is_whole=False),
        build_root(leaves[:half]),
    ]
