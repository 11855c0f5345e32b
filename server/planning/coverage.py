"""Lookup: does the year's plan cover all items, departments and objects, and what shares of joint
inspections will it reach (R014, R030, R109–R111)?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from domain.access import Actor
from domain.county_settings import read_setting
from domain.plan_coverage import (
    Coverage,
    Forecast,
    PlannedTask,
    cover,
    forecast,
)
from domain.plans import PlanKind
from server.accounts.models import Department
from server.accounts.service import find_department, get_jurisdiction, list_departments
from server.planning.linking import list_counted_as
from server.planning.models import PlanTask
from server.planning.reading import list_own_tasks
from server.registry.models import InspectionItem
from server.registry.service import (
    count_trade_tiers,
    list_checklists,
    list_inspection_items,
)


@dataclass(frozen=True, slots=True)
class YearView:
    """``items`` and ``departments`` are what ``coverage`` found uncovered, as rows; ``firms`` are
    the register's counts by trade."""

    year: int
    coverage: Coverage
    forecast: Forecast
    items: tuple[InspectionItem, ...]
    departments: tuple[Department, ...]
    no_trade: tuple[PlanTask, ...]
    firms: Mapping[str, int]


def view_year(actor: Actor, year: int) -> YearView:
    """Of the own tasks in force, each once, and the registers today."""
    # Draws are built on plans; the way back is taken at run time only.
    from server.draws.service import multipliers_of

    rows = list_own_tasks(actor, year)
    items_of = _items_by_checklist(actor)
    tasks = [_planned(row, items_of) for row in rows]
    tiers = count_trade_tiers(actor)
    firms = {trade: sum(found.values()) for trade, found in tiers.items()}
    items = {one.code: one for one in list_inspection_items(actor)}
    departments = {one.code: one for one in list_departments()}
    covered = cover(tasks, list(items), list(departments), firms)
    settings = get_jurisdiction(actor.jurisdiction_id).settings
    return YearView(
        year=year,
        coverage=covered,
        forecast=forecast(
            tasks,
            firms,
            joint_count_min=Decimal(read_setting(settings, "kpi.joint_count_min")),
            joint_firms_min=Decimal(read_setting(settings, "kpi.joint_firms_min")),
            drawn_min=Decimal(read_setting(settings, "kpi.drawn_share_min")),
            tiers=tiers,
            multipliers=multipliers_of(settings),
        ),
        items=tuple(items[code] for code in covered.items),
        departments=tuple(departments[code] for code in covered.departments),
        no_trade=tuple(row for row in rows if row.id in covered.no_trade),
        firms=firms,
    )


def _planned(task: PlanTask, items_of: Mapping[str, frozenset[str]]) -> PlannedTask:
    items = set(task.item_codes)
    for code in task.checklist_codes:
        items |= items_of.get(code, frozenset())
    # A pair of rows is one task: what either of them names takes part.
    rows = [task, *list_counted_as(task)]
    bodies = [
        name for row in rows for name in (*row.initiators, *row.cooperators, *row.inspecting_bodies)
    ]
    found = [find_department(name) for name in bodies]
    codes = {one.code for one in found if one is not None}
    codes |= {one.code for one in list_departments() if one.is_home}
    return PlannedTask(
        id=task.id,
        name=task.name,
        is_joint=task.plan.kind != PlanKind.INTERNAL,
        category=task.category,
        items=frozenset(items),
        departments=frozenset(codes),
        percent=task.ratio_percent,
        times=task.times_per_year or 1,
        fixed_count=task.fixed_count or 0,
    )


def _items_by_checklist(actor: Actor) -> dict[str, frozenset[str]]:
    """Checklist → the items its entries belong to."""
    names = {one.id: one.code for one in list_inspection_items(actor)}
    return {
        one.code: frozenset(
            names[entry.inspection_item_id]
            for entry in one.entries
            if entry.inspection_item_id in names
        )
        for one in list_checklists(actor)
    }
