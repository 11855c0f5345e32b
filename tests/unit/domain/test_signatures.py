"""What counts as a signature under a decision."""

import pytest

from domain.errors import Refused
from domain.signatures import Signature, find_signature_fault

DRAWN = [[[10, 20, 0], [90, 40, 120]], [[30, 60, 200]]]
BOX = (300, 120)


def _code(signature: Signature, takes_typed: bool = False) -> str:
    found = find_signature_fault(signature, "张三", takes_typed)
    return found.code if isinstance(found, Refused) else ""


def test_something_drawn_in_its_box_is_a_signature() -> None:
    assert _code(Signature(DRAWN, BOX)) == ""
    assert _code(Signature(DRAWN, BOX, "别人")) == "", "what is drawn rules"


@pytest.mark.parametrize(
    ("strokes", "size", "code"),
    [
        ([], BOX, "signature.missing"),
        ([[]], BOX, "signature.missing"),
        ([[[10, 20, 0]]], BOX, "signature.too_small"),
        ([[[10, 20, 0], [18, 26, 40]]], BOX, "signature.too_small"),
        (DRAWN, (0, 120), "signature.unreadable"),
        (DRAWN, (300, -1), "signature.unreadable"),
        ([[[10, 20, 0], [90_000, 40, 120]]], BOX, "signature.unreadable"),
    ],
)
def test_a_slip_or_an_impossible_drawing_is_none(
    strokes: list[list[list[int]]], size: tuple[int, int], code: str
) -> None:
    assert _code(Signature(strokes, size)) == code


def test_a_typed_name_counts_only_where_the_county_takes_it_and_only_ones_own() -> None:
    assert _code(Signature(typed_name="张三")) == "signature.missing"
    assert _code(Signature(typed_name=" 张三 "), takes_typed=True) == ""
    assert _code(Signature(typed_name="李四"), takes_typed=True) == "signature.name_differs"
    assert _code(Signature(typed_name="  "), takes_typed=True) == "signature.missing"
    assert Signature(typed_name=" ").is_empty and not Signature(DRAWN, BOX).is_empty
