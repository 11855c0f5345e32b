"""What changes between two versions of a plan, and what may change once a task is drawn (R016)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from domain.errors import Refused


class AdjustmentKind(StrEnum):
    """增, 减, 改."""

    ADD = "add"
    DROP = "drop"
    CHANGE = "change"


# In the order in which a person reads a task; what is not listed follows from these.
SHOWN_FIELDS: Final = (
    "name", "official_no", "draw_type", "item_text", "item_codes", "object_scope", "category",
    "ratio_text", "times_per_year", "fixed_count", "window_text", "initiators", "lead_units",
    "cooperators", "inspecting_bodies", "draw_mode", "uses_risk", "risk_text", "checklist_codes",
    "responsible_unit", "completion_text",
)  # fmt: skip
# What a draw was made with: field of the values → the word in which a refusal names it.
DRAW_FIELDS: Final = {
    "ratio_percent": "plan.part_ratio",
    "is_minimum": "plan.part_ratio",
    "fixed_count": "plan.part_ratio",
    "category": "plan.part_trade",
    "start_month": "plan.part_window",
    "end_month": "plan.part_window",
}


@dataclass(frozen=True, slots=True)
class Change:
    """One field that differs; None where the task is not there."""

    field: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class TaskChange:
    """A task of two versions: `kind` says what happened to it."""

    kind: AdjustmentKind
    task_no: str
    name: str
    changes: tuple[Change, ...]


def changes_of(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Change, ...]:
    """Field by field; an empty side is a task that is not there."""
    found = []
    for field in SHOWN_FIELDS:
        old, new = before.get(field), after.get(field)
        if _said(old) != _said(new):
            found.append(Change(field, old, new))
    return tuple(found)


def diff_tasks(
    old: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]]
) -> tuple[TaskChange, ...]:
    """`id`, `task_no` and `values` of each; a task is the same by its id. In the order of the new
    version, what was dropped last."""
    known = {task["id"]: task for task in old}
    found: list[TaskChange] = []
    for task in new:
        earlier = known.pop(task["id"], None)
        before = earlier["values"] if earlier else {}
        changes = changes_of(before, task["values"])
        if changes:
            kind = AdjustmentKind.CHANGE if earlier else AdjustmentKind.ADD
            found.append(TaskChange(kind, task["task_no"], task["values"]["name"], changes))
    for task in known.values():
        name = task["values"]["name"]
        found.append(TaskChange(AdjustmentKind.DROP, task["task_no"], name, ()))
    return tuple(found)


def refuse_for_draw(
    kind: AdjustmentKind, before: Mapping[str, Any], after: Mapping[str, Any], draws: int
) -> Refused | None:
    """A task that was drawn (`draws` times, a frozen pool counts) cannot be dropped, nor changed in
    what it was drawn with, nor be drawn less often than it was."""
    if not draws or kind is AdjustmentKind.ADD:
        return None
    if kind is AdjustmentKind.DROP:
        return Refused("plan.task_drawn", {})
    parts = [word for field, word in DRAW_FIELDS.items() if before.get(field) != after.get(field)]
    if (after.get("times_per_year") or 1) < draws:
        parts.append("plan.part_times")
    if parts:
        return Refused("plan.drawn_part", {"parts": list(dict.fromkeys(parts))})
    return None


def _said(value: Any) -> Any:
    """Nothing is nothing, however it is written."""
    return None if value in (None, "", []) or value is False else value
