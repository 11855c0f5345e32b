"""Lookup: does the year's plan cover all items, departments and objects, and what shares of joint
inspections will it reach (R014, R030, R109–R111)?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

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
from server.planning.joining import SeenProposal, list_proposals
from server.planning.linking import list_counted_as, see_links
from server.planning.models import PlanTask
from server.planning.reading import list_own_tasks
from server.planning.task_items import read_task_items
from server.registry.models import InspectionItem
from server.registry.service import count_firms_by_tier, count_trade_tiers

if TYPE_CHECKING:
    from server.draws.service import ReachedYear


@dataclass(frozen=True, slots=True)
class YearView:
    """``items`` and ``departments`` are what ``coverage`` found uncovered, as rows; ``firms`` are
    the register's counts by trade. ``undecided`` pairs still count twice, ``unconfirmed`` count
    once because they say the same. ``reached`` is what was drawn in the year so far."""

    year: int
    coverage: Coverage
    forecast: Forecast
    items: tuple[InspectionItem, ...]
    departments: tuple[Department, ...]
    no_trade: tuple[PlanTask, ...]
    firms: Mapping[str, int]
    undecided: int
    unconfirmed: int
    reached: ReachedYear
    proposals: tuple[SeenProposal, ...]


def view_year(actor: Actor, year: int) -> YearView:
    """Of the own tasks in force, each once, and the registers today."""
    # Draws are built on plans; the way back is taken at run time only.
    from server.draws.service import multipliers_of, view_reached

    pairs = see_links(actor, year).proposed
    same = {one.county.id: one.own for one in pairs if one.pair.has_same_words}
    hidden = {one.id for one in same.values()}
    rows = [row for row in list_own_tasks(actor, year) if row.id not in hidden]
    settings = get_jurisdiction(actor.jurisdiction_id).settings
    known = read_task_items(actor)
    tasks = [
        _planned(
            [row, *list_counted_as(row), *([same[row.id]] if row.id in same else [])],
            known.codes_of(row),
            known.ratio_of(row, settings).percent,
            row.id in same,
        )
        for row in rows
    ]
    tiers = count_trade_tiers(actor)
    firms = {trade: sum(found.values()) for trade, found in tiers.items()}
    departments = {one.code: one for one in list_departments()}
    covered = cover(tasks, list(known.items), list(departments), firms)
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
            register=sum(count_firms_by_tier(actor).values()),
        ),
        items=tuple(known.items[code] for code in covered.items),
        departments=tuple(departments[code] for code in covered.departments),
        no_trade=tuple(row for row in rows if row.id in covered.no_trade),
        firms=firms,
        undecided=len(pairs) - len(same),
        unconfirmed=len(same),
        reached=view_reached(actor, year),
        proposals=tuple(list_proposals(actor, year)),
    )


def _planned(
    rows: list[PlanTask], items: Iterable[str], percent: Decimal | None, is_unconfirmed: bool
) -> PlannedTask:
    """``rows``: the one that counts, then those it stands for; what any of them names counts."""
    task = rows[0]
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
        percent=percent,
        times=task.times_per_year or 1,
        fixed_count=task.fixed_count or 0,
        is_unconfirmed=is_unconfirmed,
    )
