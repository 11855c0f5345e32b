"""How far: the vectors both ends run."""

from collections.abc import Callable
from typing import Any

from domain.distance import distance_m, find_far

Vectors = Callable[[str], Any]


def test_distance_vectors(vectors: Vectors) -> None:
    for case in vectors("distance")["cases"]:
        found = (distance_m(case["place"], case["firm"]), find_far(case["place"], case["firm"]))
        assert found == (case["metres"], case["far"]), case["name"]


def test_an_unknown_place_is_never_far(vectors: Vectors) -> None:
    known = vectors("distance")["cases"][5]
    assert find_far(None, known["firm"]) is find_far(known["place"], None) is None
