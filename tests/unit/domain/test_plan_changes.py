"""What differs between versions, and what a draw holds fast."""

from typing import Any

import pytest

from domain.plan_changes import AdjustmentKind, changes_of, diff_tasks, refuse_for_draw

TASK: dict[str, Any] = {
    "name": "甲", "ratio_text": "20%", "ratio_percent": "20", "is_minimum": False,
    "times_per_year": 2, "fixed_count": None, "category": "freight", "start_month": 3,
    "end_month": 12, "window_text": "3月-12月", "cooperators": [], "uses_risk": False,
}  # fmt: skip


def version(*tasks: tuple[int, dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"id": one, "task_no": f"内202600{one}", "values": values} for one, values in tasks]


def test_versions_differ_by_added_changed_and_dropped_tasks() -> None:
    old = version((1, TASK), (2, TASK), (3, TASK))
    new = version((1, TASK), (2, TASK | {"ratio_text": "30%"}), (4, TASK))
    found = diff_tasks(old, new)
    assert [(one.kind, one.task_no) for one in found] == [
        ("change", "内2026002"),
        ("add", "内2026004"),
        ("drop", "内2026003"),
    ]
    assert [(one.field, one.old, one.new) for one in found[0].changes] == [
        ("ratio_text", "20%", "30%")
    ]


def test_nothing_written_in_two_ways_is_no_change() -> None:
    same = TASK | {"fixed_count": None, "cooperators": None, "risk_text": "", "uses_risk": None}
    assert changes_of(TASK, same) == ()


@pytest.mark.parametrize(
    ("changed", "parts"),
    [
        ({"ratio_percent": "30", "is_minimum": True}, ["plan.part_ratio"]),
        ({"category": "taxi", "end_month": 10}, ["plan.part_trade", "plan.part_window"]),
        ({"times_per_year": 1}, ["plan.part_times"]),
    ],
)
def test_what_a_task_was_drawn_with_cannot_change(
    changed: dict[str, Any], parts: list[str]
) -> None:
    refused = refuse_for_draw(AdjustmentKind.CHANGE, TASK, TASK | changed, 2)
    assert refused is not None and refused.details["parts"] == parts
    assert refuse_for_draw(AdjustmentKind.CHANGE, TASK, TASK | changed, 0) is None


def test_drawn_task_may_be_drawn_more_often_and_change_its_words() -> None:
    free = {"times_per_year": 4, "name": "乙", "cooperators": ["公安局"]}
    assert refuse_for_draw(AdjustmentKind.CHANGE, TASK, TASK | free, 2) is None


def test_only_a_task_never_drawn_can_be_dropped() -> None:
    refused = refuse_for_draw(AdjustmentKind.DROP, TASK, {}, 1)
    assert refused is not None and refused.code == "plan.task_drawn"
    assert refuse_for_draw(AdjustmentKind.DROP, TASK, {}, 0) is None
