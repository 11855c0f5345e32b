"""Use case: the summary table of one task (R100, R101)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from domain.access import Action, Actor
from domain.errors import fault
from domain.plans import Ownership
from domain.reports.frozen import ReportKind
from domain.reports.listed import Listed, ListOf, dump_lists
from domain.reports.task_summary import SummaryType, VisitPart, group_parts, sum_up
from domain.reports.task_summary_form import TOTAL
from server.accounts.service import list_departments
from server.db import unit_of_work
from server.draws import service as draws
from server.guard import require
from server.planning.service import get_task, takes_part
from server.reports.making import beginning, freeze
from server.reports.models import Report
from server.reports.task_overview import list_parts
from server.runtime import today

MAX_REMARK = 500
Line = tuple[str, str, Mapping[str, Sequence[int]]]  # key, department, field → visits


def usual_type(ownership: str) -> SummaryType:
    """Of a task in which the bureau takes part."""
    if ownership == Ownership.COOPERATING:
        return SummaryType.COOPERATING
    return SummaryType.INITIATING


def count_summary_of(
    actor: Actor, task_id: int, kind: SummaryType, remark: str = ""
) -> dict[str, Any]:
    """As it would be frozen. Raises ``plan.task_not_found`` and ``report.not_our_task``."""
    task = get_task(actor, task_id)
    if not takes_part(task):
        raise fault("report.not_our_task")
    parts = list_parts(task_id)
    lines = build_lines(parts, kind)
    return {
        **beginning(ReportKind.SUMMARY, today()),
        "type": kind.value,
        "task": {"id": task.id, "number": task.official_no or task.task_no, "name": task.name},
        "pool": pool_of(actor, task_id),
        "remark": remark,
        **dump_lines(lines),
    }


def make_summary(actor: Actor, task_id: int, kind: SummaryType, remark: str = "") -> Report:
    """Frozen. Raises as ``count_summary_of`` and ``reason.too_long``."""
    require(actor, Action.REPORT_MAKE)
    with unit_of_work():
        content = count_summary_of(actor, task_id, kind, remark)
        return freeze(actor, content, f"{task_id}-{kind.value}", content["task"]["name"])


def dump_lines(lines: Sequence[Line]) -> dict[str, Any]:
    """``lines`` and ``lists`` of a frozen summary table."""
    return {
        "lines": [
            {
                "key": key,
                "department": department,
                "numbers": {name: len(ids) for name, ids in found.items()},
            }
            for key, department, found in lines
        ],
        "lists": dump_lists(
            Listed(f"{key}/{name}", key, ListOf.VISITS, ids)
            for key, _department, found in lines
            for name, ids in found.items()
        ),
    }


def build_lines(parts: Sequence[VisitPart], kind: SummaryType) -> list[Line]:
    """Of an initiator each department and the sum; of who cooperates the own part alone."""
    home = next((one.name for one in list_departments() if one.is_home), "")
    if kind is SummaryType.COOPERATING:
        return [("own", home, sum_up([one for one in parts if one.department == home]))]
    grouped = group_parts(parts)
    lines: list[Line] = [
        (f"d{number}", name, sum_up(found))
        for number, (name, found) in enumerate(grouped.items(), start=1)
    ]
    return [*lines, ("sum", TOTAL, sum_up(parts))]


def pool_of(actor: Actor, task_id: int) -> int | None:
    """库内户数 of the newest draw that was made here; of an official one nobody tells it."""
    made = [
        one
        for one in draws.list_draws(actor)
        if one.task_id == task_id and one.state == draws.DrawState.DRAWN
    ]
    if not made:
        return None
    pool = draws.frozen_pool(max(made, key=lambda one: one.id))
    return pool.firms if pool else None
