"""The signed summary of a day: one text per day, and what differs from it later."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from domain.canonical import canonical_json
from domain.day import Hindrance, Stage
from domain.day_summary import (
    Change,
    SummarySheet,
    build_summary,
    compare_summaries,
    digest_standing,
)

NOTE = {"item": "PAX-01", "severity": "major", "text": "检查项", "note": "标志缺失"}
FIRST = SummarySheet("7/tr", "2026-0002", "乙公司", "submitted", "a" * 64, (NOTE,), (
    Hindrance.STATE, Hindrance.FINDING,
))  # fmt: skip
SECOND = SummarySheet("3/tr", "2026-0001", "甲公司", "accepted", "b" * 64, (), ())


def build(*sheets: SummarySheet) -> dict[str, Any]:
    return build_summary(
        day="2026-03-04",
        department={"code": "tr", "name": "交通运输局"},
        lead={"id": 6, "name": "周组长"},
        stages={Stage.PLANNED: len(sheets)},
        sheets=sheets,
    )


def test_the_same_day_gives_the_same_bytes_in_whatever_order_it_is_read() -> None:
    told = build(FIRST, SECOND)
    assert canonical_json(told) == canonical_json(build(SECOND, FIRST))
    assert [one["number"] for one in told["sheets"]] == ["2026-0001", "2026-0002"]
    assert told["findings"] == {"major": 1} and told["counts"] == {"planned": 2}
    assert told["sheets"][1]["open"] == ["finding"], "where a sheet stands is its state"


def test_an_unchanged_day_differs_in_nothing() -> None:
    assert compare_summaries(build(FIRST, SECOND), build(FIRST, SECOND)) == []


def test_each_sheet_that_is_not_what_it_was_is_named_with_what_changed() -> None:
    third = replace(SECOND, key="9/tr", number="2026-0003")
    now = build(replace(FIRST, state="returned", content="c" * 64, findings=()), third)
    found = {one.number: one for one in compare_summaries(build(FIRST, SECOND), now)}
    assert {number: one.what for number, one in found.items()} == {
        "2026-0001": (Change.GONE,),
        "2026-0002": (Change.STATE, Change.CONTENT, Change.FINDINGS),
        "2026-0003": (Change.ADDED,),
    }
    assert (found["2026-0002"].old, found["2026-0002"].new) == ("submitted", "returned")
    assert (found["2026-0001"].new, found["2026-0003"].old) == ("", "")


def test_what_was_seen_moves_with_what_is_compared_and_with_nothing_else() -> None:
    """A phone tells every few minutes what it holds: that must not refuse a signature."""
    seen = digest_standing(build(FIRST, SECOND))
    assert digest_standing(build(replace(FIRST, hindrances=(Hindrance.PHONE,)), SECOND)) == seen
    assert digest_standing(build(replace(FIRST, content="c" * 64), SECOND)) != seen
    assert digest_standing(build(FIRST)) != seen
