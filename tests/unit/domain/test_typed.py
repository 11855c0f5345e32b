"""What a person types is read alike at the office and on the phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from domain.typed import read_typed_decimal, read_typed_pair

Vectors = Callable[[str], Any]


def test_typed_decimals_follow_the_vectors(vectors: Vectors) -> None:
    cases = vectors("typed")["decimals"]
    assert [read_typed_decimal(one["typed"]) for one in cases] == [one["wire"] for one in cases]


def test_typed_pairs_follow_the_vectors(vectors: Vectors) -> None:
    cases = vectors("typed")["pairs"]
    read = [read_typed_pair(one["checked"], one["failed"]) for one in cases]
    assert read == [one["wire"] for one in cases]
