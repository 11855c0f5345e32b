"""The code beneath the QR code: the same on the phone, and read however it was typed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from domain.door_codes import build_door_code, parse_door_code


def test_the_vectors_hold(vectors: Callable[[str], Any]) -> None:
    for case in vectors("door-codes")["cases"]:
        assert build_door_code(case["token"]) == case["code"], case["name"]
        assert parse_door_code(case["code"]) == case["code"], case["name"]


@pytest.mark.parametrize(
    "typed", ["42-k7qm-2f9d", "42 K7QM2F9D", " ４２－Ｋ７ＱＭ－２Ｆ９Ｄ ", "42 — k7qm 2f9d"]
)
def test_a_code_is_read_however_it_was_typed(typed: str) -> None:
    assert parse_door_code(typed) == "42-K7QM-2F9D"


@pytest.mark.parametrize(
    "typed", ["", "42", "42K7QM2F9D", "0-K7QM-2F9D", "42-K7QM-2F9", "42-K7QM-2F91"]
)
def test_what_is_no_code_is_none(typed: str) -> None:
    assert parse_door_code(typed) is None
