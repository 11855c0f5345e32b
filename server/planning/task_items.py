"""Lookup: the items of the item list a task inspects, and the ratio it is drawn at (R007, R037)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from domain.access import Actor
from domain.county_settings import read_setting
from domain.item_list import ratio_of
from domain.item_ratio import ItemRatio, RatioRule, UsedRatio, use_ratio
from server.registry.models import InspectionItem
from server.registry.service import COMMON_LIST, list_checklists, list_inspection_items

Settings = Mapping[str, Any]


class NamesItems(Protocol):
    """A task, or what was typed for one."""

    @property
    def item_codes(self) -> Sequence[str]: ...
    @property
    def checklist_codes(self) -> Sequence[str]: ...


class Drawable(NamesItems, Protocol):
    """A task, as far as its ratio goes."""

    @property
    def ratio_percent(self) -> Decimal | None: ...
    @property
    def fixed_count(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class TaskItems:
    """The item list by code, and the items each checklist's newest version has entries of."""

    items: Mapping[str, InspectionItem]
    by_list: Mapping[str, frozenset[str]]

    def codes_of(self, task: NamesItems) -> frozenset[str]:
        """What the task covers: the items it names and those of its checklists."""
        lists = (self.by_list.get(code, frozenset()) for code in task.checklist_codes)
        return frozenset(task.item_codes).union(*lists)

    def ratios_of(self, task: NamesItems, settings: Settings) -> tuple[ItemRatio, ...]:
        """Of the items in use that make the task what it is. The common items go along on every
        visit: they say nothing about how many firms a task needs, unless it names them."""
        own = [code for code in task.checklist_codes if code != COMMON_LIST]
        codes = set(task.item_codes).union(*(self.by_list.get(one, ()) for one in own))
        found = [self.items[code] for code in sorted(codes) if code in self.items]
        return tuple(
            ItemRatio(
                one.code, one.name, one.kind == "key",
                ratio_of(one.kind, one.ratio_percent, settings),
            )
            for one in found
            if one.is_in_use
        )  # fmt: skip

    def ratio_of(self, task: Drawable, settings: Settings) -> UsedRatio:
        """What a draw of the task would go by (setting ``draw.item_ratio``)."""
        rule = RatioRule(read_setting(settings, "draw.item_ratio"))
        items = self.ratios_of(task, settings)
        return use_ratio(task.ratio_percent, task.fixed_count, items, rule)


def read_task_items(actor: Actor) -> TaskItems:
    """Reads both once, for any number of tasks."""
    items = list_inspection_items(actor)
    codes = {one.id: one.code for one in items}
    return TaskItems(
        items={one.code: one for one in items},
        by_list={
            one.code: frozenset(
                codes[entry.inspection_item_id]
                for entry in one.entries
                if entry.inspection_item_id in codes
            )
            for one in list_checklists(actor)
        },
    )
