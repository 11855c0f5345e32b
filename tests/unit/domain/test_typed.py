"""What a person types is read alike at the office and on the phone."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from domain.typed import read_typed_decimal, read_typed_pair
from domain.units import find_given_fault, find_number_fault

Vectors = Callable[[str], Any]


def test_typed_decimals_follow_the_vectors(vectors: Vectors) -> None:
    cases = vectors("typed")["decimals"]
    assert [read_typed_decimal(one["typed"]) for one in cases] == [one["wire"] for one in cases]


def test_a_number_makes_sense_in_its_unit_or_is_refused(vectors: Vectors) -> None:
    for one in vectors("typed")["numbers"]:
        number = Fraction(one["number"])
        given = one.get("given")
        found = find_given_fault(given, number) if given else find_number_fault(one["unit"], number)
        assert found == (f"answer.{one['fault']}" if one["fault"] else None), one


def test_typed_pairs_follow_the_vectors(vectors: Vectors) -> None:
    cases = vectors("typed")["pairs"]
    read = [read_typed_pair(one["checked"], one["failed"]) for one in cases]
    assert read == [one["wire"] for one in cases]
