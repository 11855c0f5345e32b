"""Judging answers: the shared vectors, and what they cannot say."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.answers import Number
from domain.checklists import (
    CheckItem,
    ItemType,
    Known,
    Verdict,
    judge_answer,
    parse_rule,
    parse_value,
)
from domain.errors import FAULTS, Refused, message

Vectors = Callable[[str], Any]
TODAY = date(2026, 3, 5)


def _item(shape: dict[str, Any]) -> CheckItem:
    answer = shape["answer"]
    return CheckItem(
        code=shape["code"],
        text="",
        type=ItemType(answer["type"]),
        unit=answer.get("unit"),
        labels=tuple(answer.get("labels", ())),
        rule=parse_rule(answer["pass"]) if "pass" in answer else None,
        min_photos=answer.get("min", 0),
        photo_on_fail=shape["photo_on_fail"],
        is_required=shape["is_required"],
        known=Known(answer["known"]) if "known" in answer else None,
    )


def test_judge_vectors(vectors: Vectors) -> None:
    file = vectors("judge")
    items = {name: _item(shape) for name, shape in file["items"].items()}
    for case in file["cases"]:
        on = case["inspection_date"]
        judged = judge_answer(
            items[case["item"]],
            case["answer"],
            case["photos"],
            date.fromisoformat(on) if on else None,
            date.fromisoformat(case["today"]),
            case.get("firm_signed", False),
        )
        assert (judged.verdict, list(judged.missing)) == (case["verdict"], case["missing"]), case


def test_a_number_that_cannot_be_is_refused_in_words_of_its_unit() -> None:
    item = CheckItem("COM-01", "", ItemType.NUMBER, unit="人")
    refused = parse_value(item, {"number": "-3"})
    assert refused == Refused("answer.not_a_count", {"item": "COM-01", "unit": "人"})
    assert "整数" in message(refused.code, "zh_CN", refused.details)
    share = CheckItem("FRT-01", "", ItemType.NUMBER, unit="%")
    assert isinstance(parse_value(share, {"number": "99.5"}), Number)
    refused = parse_value(share, {"number": "-1"})
    assert isinstance(refused, Refused) and refused.code == "answer.negative"


def test_vectors_reach_every_verdict_and_every_item(vectors: Vectors) -> None:
    file = vectors("judge")
    assert {case["verdict"] for case in file["cases"]} == set(Verdict)
    assert {case["item"] for case in file["cases"]} == set(file["items"])
    assert {m for case in file["cases"] for m in case["missing"]} == {
        "value", "photo", "given", "verdict",
    }  # fmt: skip


WIRE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["number", "given", "checked", "failed", "x"]), inner, max_size=3
        )
    ),
    max_leaves=6,
)


@given(kind=st.sampled_from(ItemType), value=WIRE, verdict=WIRE, photos=st.integers(0, 3))
def test_whatever_is_on_the_wire_gets_a_judgement_and_never_a_crash(
    kind: ItemType, value: object, verdict: object, photos: int
) -> None:
    item = CheckItem("X", "", kind, photo_on_fail=True)
    judged = judge_answer(item, {"value": value, "verdict": verdict}, photos, TODAY, TODAY)
    assert isinstance(judged.verdict, Verdict)
    parsed = parse_value(item, value)
    if isinstance(parsed, Refused):
        assert parsed.code in FAULTS


@pytest.mark.parametrize(
    ("kind", "value", "code"),
    [
        (ItemType.JUDGE, "合格", "answer.bad_choice"),
        (ItemType.JUDGE, True, "answer.bad_choice"),
        (ItemType.NUMBER, {"number": 12.5}, "op.fraction"),
        (ItemType.NUMBER, {"number": "1", "given": {"n": 0.5}}, "op.fraction"),
        (ItemType.NUMBER, {"number": "1e3"}, "answer.bad_number"),
        (ItemType.NUMBER, {"number": "١"}, "answer.bad_number"),
        (ItemType.NUMBER, {"given": {}}, "answer.bad_shape"),
        (ItemType.NUMBER, {"number": "1", "given": [1]}, "answer.bad_shape"),
        (ItemType.NUMBER_PAIR, {"checked": 5.0, "failed": 0}, "op.fraction"),
        (ItemType.NUMBER_PAIR, {"checked": 5, "failed": 6}, "answer.failed_over_checked"),
        (ItemType.NUMBER_PAIR, {"checked": 10**9, "failed": 0}, "answer.bad_pair"),
        (ItemType.NUMBER_PAIR, [5, 1], "answer.bad_pair"),
        (ItemType.TEXT, 5, "answer.bad_shape"),
        (ItemType.TEXT, "字" * 2001, "answer.too_long"),
        (ItemType.DATE, "2026-02-29", "answer.bad_date"),
        (ItemType.DATE, "20260304", "answer.bad_date"),
        (ItemType.PHOTO, "9c1e", "answer.photo_takes_no_value"),
    ],
)
def test_wrong_shape_is_refused_with_its_own_code(kind: ItemType, value: object, code: str) -> None:
    refused = parse_value(CheckItem("X", "", kind), value)
    assert isinstance(refused, Refused)
    assert refused.code == code
