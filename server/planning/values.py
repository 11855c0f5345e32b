"""A task's values as versions and adjustments keep them: JSON-ready, the ratio as text."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from server.planning.models import PlanTask

FIELDS = (
    "name", "official_no", "draw_type", "item_codes", "item_text", "object_scope", "category",
    "ratio_text", "ratio_percent", "is_minimum", "times_per_year", "fixed_count", "window_text",
    "start_month", "end_month", "initiators", "lead_units", "cooperators", "inspecting_bodies",
    "draw_mode", "uses_risk", "risk_text", "checklist_codes", "responsible_unit", "completion_text",
)  # fmt: skip


def values_of(task: PlanTask) -> dict[str, Any]:
    """What the task says now."""
    values = {name: getattr(task, name) for name in FIELDS}
    percent = values["ratio_percent"]
    # The column has two decimals; 50.00 and a typed 50 are the same ratio.
    values["ratio_percent"] = None if percent is None else format(percent.normalize(), "f")
    return {name: list(one) if isinstance(one, list) else one for name, one in values.items()}


def set_values(task: PlanTask, values: Mapping[str, Any]) -> None:
    """Writes them back; nothing else of the row changes."""
    for name in FIELDS:
        value = values[name]
        if name == "ratio_percent":
            value = None if value is None else Decimal(value)
        setattr(task, name, value)
