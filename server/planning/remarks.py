"""What a bureau should look at again in a task, told wherever it is written or read (R028, R037).
Warnings only: they are worked out anew each time, because the item list and the aliases move on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from domain.access import Actor
from domain.county_settings import read_setting
from domain.errors import message
from domain.item_ratio import RatioRule, find_neglected
from domain.plan_headers import PlanKind
from domain.regulators import is_initiated_by, regulator_of
from server.accounts.models import Department
from server.accounts.service import find_department, get_jurisdiction, list_departments
from server.planning.models import PlanTask
from server.planning.reading import takes_part
from server.planning.task_items import Settings, TaskItems, read_task_items
from server.planning.values import values_of


@dataclass(frozen=True, slots=True)
class Remarks:
    """Read once for all tasks of a page."""

    items: TaskItems
    settings: Settings
    locale: str

    def of_task(self, task: PlanTask) -> list[str]:
        """In the reader's language; none for tasks of others."""
        return self.of_values(task.plan.kind, values_of(task)) if takes_part(task) else []

    def of_values(self, kind: str, values: Mapping[str, Any]) -> list[str]:
        """Of what was typed or stored."""
        found = [self._ratio(values), *self._initiator(kind, values)]
        return [one for one in found if one]

    def _ratio(self, values: Mapping[str, Any]) -> str:
        percent = values["ratio_percent"]
        plan = None if percent is None else Decimal(percent)
        neglected = find_neglected(
            plan, self.items.ratios_of(SimpleNamespace(**values), self.settings)
        )
        if neglected is None or plan is None:
            return ""
        is_raised = read_setting(self.settings, "draw.item_ratio") == RatioRule.HIGHER
        code = "plan.note_key_ratio_raised" if is_raised else "plan.note_key_ratio_kept"
        details = {
            "item": neglected.name,
            "percent": format(neglected.percent.normalize(), "f"),
            "plan": format(plan.normalize(), "f"),
        }
        return message(code, self.locale, details)

    def _initiator(self, kind: str, values: Mapping[str, Any]) -> list[str]:
        regulator = regulator_of_task(kind, values["category"])
        if regulator is None:
            return []
        codes = {
            found.code if (found := find_department(name)) is not None else name
            for name in values["initiators"]
        }
        if is_initiated_by(regulator.code, codes):
            return []
        details = {"regulator": regulator.name, "initiators": "、".join(values["initiators"])}
        return [message("plan.note_other_initiator", self.locale, details)]


def read_remarks(actor: Actor, locale: str) -> Remarks:
    """For any number of tasks of the county."""
    settings = get_jurisdiction(actor.jurisdiction_id).settings
    return Remarks(read_task_items(actor), settings, locale)


def regulator_of_task(kind: str, trade: str | None) -> Department | None:
    """行业主管部门 of a joint task's trade; None for an internal task or one without a trade, or
    where the county has no such department."""
    if kind == PlanKind.INTERNAL or not trade:
        return None
    home = next((one for one in list_departments() if one.is_home), None)
    return find_department(regulator_of(trade, home.name)) if home is not None else None
