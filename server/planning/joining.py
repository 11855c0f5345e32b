"""Lookups of 一业一查: which internal tasks could go along with whom, and what the joint task would
say (R027, R030). Nothing is stored: what is accepted goes the way of any other change of a plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain.access import Actor
from domain.plan_joining import JoinableTask, JoiningProposal, merge_values, propose_joining
from domain.plans import PlanKind
from server.accounts.models import Department
from server.accounts.service import find_department, list_departments
from server.planning.linking import OWN_KINDS
from server.planning.matching import trades_in
from server.planning.models import Plan, PlanTask
from server.planning.reading import count_draws, get_task, list_own_tasks, list_plans
from server.planning.values import values_of
from server.registry.service import (
    CATEGORIES,
    LIST_OWNERS,
    list_checklists,
    list_inspection_items,
)

MOST_JOINED = 20
WHOLE_TRADE = "全部"  # an item whose objects are all firms concerns every trade


@dataclass(frozen=True, slots=True)
class SeenProposal:
    """A proposal as rows. ``plan`` is where the joint task would stand: the target's, else the
    bureau's own joint plan of the year, None where there is none yet."""

    proposal: JoiningProposal
    tasks: tuple[PlanTask, ...]
    target: PlanTask | None
    departments: tuple[Department, ...]
    plan: Plan | None


def list_proposals(actor: Actor, year: int) -> list[SeenProposal]:
    """For the year's own tasks that nothing was drawn of."""
    home = next((one.code for one in list_departments() if one.is_home), "")
    rows = {task.id: task for task in list_own_tasks(actor, year) if task.category}
    open_rows = [task for task in rows.values() if not count_draws(actor, task.id)]
    departments = {one.code: one for one in list_departments()}
    joint_plan = _own_joint_plan(actor, year)
    found = propose_joining(
        [_joinable(task) for task in open_rows if _can_change(task)],
        departments_by_trade(actor, year),
        home,
    )
    return [
        SeenProposal(
            proposal=one,
            tasks=tuple(rows[number] for number in one.tasks),
            target=(target := rows[one.target] if one.target is not None else None),
            departments=tuple(departments[code] for code in one.departments if code in departments),
            plan=target.plan if target is not None else joint_plan,
        )
        for one in found
    ]


def departments_by_trade(actor: Actor, year: int) -> dict[str, frozenset[str]]:
    """Who has a task of the year or an item of the list on a trade, the bureau included; of tasks
    of others, too: whoever goes to a trade could go along."""
    found: dict[str, set[str]] = {trade: set() for trade in CATEGORIES}
    for plan in list_plans(actor, year):
        if plan.state == "draft" or plan.kind == PlanKind.INTERNAL:
            continue
        for task in plan.standing_tasks:
            trades = [task.category] if task.category else trades_in(task.object_scope)
            codes = _codes([*task.initiators, *task.cooperators])
            for trade in trades:
                found.setdefault(trade, set()).update(codes)
    for item in list_inspection_items(actor):
        if not item.is_in_use:
            continue
        trades = trades_in(f"{item.name} {item.objects}")
        if not trades and item.objects.startswith(WHOLE_TRADE):
            trades = list(CATEGORIES)
        for trade in trades:
            found.setdefault(trade, set()).update(_bodies(item.bodies))
    return {trade: frozenset(codes) for trade, codes in found.items()}


def joined_values(
    actor: Actor, base: PlanTask | None, joined: Sequence[int], departments: Sequence[str]
) -> tuple[dict[str, Any], list[PlanTask]]:
    """The values of a joint task that takes these internal ones in, ``base`` the joint task it
    changes (None: a new one), and their rows. Raises ``plan.not_found``."""
    rows = [get_task(actor, number) for number in dict.fromkeys(joined[:MOST_JOINED])]
    names = [one.name for one in list_departments() if one.code in departments and not one.is_home]
    if base is not None:
        merged = merge_values(values_of(base), [values_of(one) for one in rows], names)
        return _with_lists(actor, merged, departments), rows
    if not rows:
        return {}, []
    first, *others = (values_of(one) for one in rows)
    home = [one.name for one in list_departments() if one.is_home]
    # Who initiates in an internal plan is an office of the bureau; to others it is the bureau.
    whole = {**first, "initiators": home, "lead_units": [], "draw_mode": "", "official_no": None}
    return _with_lists(actor, merge_values(whole, others, names), departments), rows


def _with_lists(actor: Actor, values: dict[str, Any], departments: Sequence[str]) -> dict[str, Any]:
    """Whoever goes along brings the checklist of their own, where the county has it."""
    known = {one.code for one in list_checklists(actor)}
    for code, owner in LIST_OWNERS.items():
        found = find_department(owner)
        if found is not None and found.code in departments and code in known:
            values["checklist_codes"] = list(dict.fromkeys((*values["checklist_codes"], code)))
    return values


def _can_change(task: PlanTask) -> bool:
    """The county's plan is not ours to change: only rows of the bureau's own plans can be."""
    return task.plan.kind == PlanKind.INTERNAL or task.plan.kind in OWN_KINDS


def _joinable(task: PlanTask) -> JoinableTask:
    months = None
    if task.start_month is not None and task.end_month is not None:
        months = task.start_month, task.end_month
    return JoinableTask(
        id=task.id,
        is_joint=task.plan.kind != PlanKind.INTERNAL,
        trade=task.category or "",
        months=months,
        departments=frozenset(_codes([*task.initiators, *task.cooperators])),
    )


def _own_joint_plan(actor: Actor, year: int) -> Plan | None:
    return next((one for one in list_plans(actor, year) if one.kind in OWN_KINDS), None)


def _codes(names: Sequence[str]) -> set[str]:
    return {found.code for name in names if (found := find_department(name)) is not None}


def _bodies(text: str) -> set[str]:
    """The departments an item's 检查主体 names, also as a part of a longer name
    (县公安局交通警察大队)."""
    known: Mapping[str, str] = {
        name: one.code
        for one in list_departments()
        for name in (one.name, *(alias.alias for alias in one.aliases))
    }
    return {code for name, code in known.items() if name in text}
