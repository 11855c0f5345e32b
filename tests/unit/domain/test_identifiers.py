"""Identifiers against the shared vectors."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.identifiers import (
    USCC_ALPHABET,
    check_certificate,
    check_licence,
    check_plate,
    check_uscc,
    is_valid_uscc,
    licence_digits,
    normalise_uscc,
    organisation_check_character,
    uscc_check_character,
)

Vectors = Callable[[str], Any]


def test_uscc_vectors(vectors: Vectors) -> None:
    for case in vectors("identifiers")["uscc"]:
        assert normalise_uscc(case["text"]) == case["normal"], case
        refusal = check_uscc(case["text"])
        assert (refusal and refusal.details["reason"]) == case["fault"], case
        assert is_valid_uscc(case["text"]) is (case["fault"] is None)


def test_plate_vectors(vectors: Vectors) -> None:
    for case in vectors("identifiers")["plate"]:
        refusal = check_plate(case["text"])
        assert (refusal and refusal.code) == case["fault"], case


def test_licence_vectors(vectors: Vectors) -> None:
    for case in vectors("identifiers")["licence"]:
        assert licence_digits(case["text"]) == case["digits"], case
        assert (check_licence(case["text"]) is None) is (case["digits"] is not None)


def test_certificate_vectors(vectors: Vectors) -> None:
    for case in vectors("identifiers")["certificate"]:
        refusal = check_certificate(case["text"])
        assert (refusal and refusal.code) == case["fault"], case


PUBLISHED_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


@pytest.mark.parametrize(("position", "weight"), list(enumerate(PUBLISHED_WEIGHTS)))
def test_each_position_has_the_weight_of_the_standard(position: int, weight: int) -> None:
    body = "0" * position + "1" + "0" * (16 - position)
    assert USCC_ALPHABET.index(uscc_check_character(body)) == 31 - weight


@pytest.mark.parametrize(("position", "weight"), list(enumerate((3, 7, 9, 10, 5, 8, 4, 2))))
def test_each_position_of_the_organisation_code_has_its_weight(position: int, weight: int) -> None:
    body = "0" * position + "1" + "0" * (7 - position)
    assert organisation_check_character(body) == "0123456789X"[11 - weight]


def test_example_of_the_organisation_code_standard() -> None:
    assert organisation_check_character("D2143569") == "X"


BODIES = st.tuples(
    st.just("91140522"), st.text(alphabet=USCC_ALPHABET, min_size=8, max_size=8)
).map(lambda parts: parts[0] + parts[1] + organisation_check_character(parts[1]))


@given(body=BODIES)
def test_made_code_is_valid_and_no_other_check_character_is(body: str) -> None:
    right = uscc_check_character(body)
    assert [c for c in USCC_ALPHABET if is_valid_uscc(body + c)] == [right]


@given(body=BODIES, position=st.integers(0, 16), other=st.sampled_from(USCC_ALPHABET))
def test_one_wrong_character_is_always_noticed(body: str, position: int, other: str) -> None:
    code = body + uscc_check_character(body)
    changed = code[:position] + other + code[position + 1 :]
    assert is_valid_uscc(changed) is (changed == code)


@pytest.mark.parametrize("text", ["91140522MA0K000١3Y", "91140522MA0K00013Y1", "\u200b"])
def test_foreign_digits_and_extra_characters_are_refused(text: str) -> None:
    assert not is_valid_uscc(text)
