"""Use case: a joint task's whole summary table, from the parts that were handed over (R101)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import undefer

from domain.access import Action, Actor, Target
from domain.errors import fault
from domain.reasons import parse_reason
from domain.reports.frozen import ReportKind
from domain.reports.task_summary import SummaryType
from server.db import db, unit_of_work
from server.guard import require
from server.reports.making import beginning, freeze
from server.reports.making_summary import MAX_REMARK, build_lines, dump_lines, pool_of
from server.reports.models import Report
from server.reports.part_standing import may_read, read_standing, visits_of
from server.reports.snapshots import json_of
from server.runtime import today


def join_parts(actor: Actor, task_id: int, remark: str = "") -> Report:
    """By the department that leads: its own visits as they are now, every other department's as
    they were handed over; whose part is missing stands in the remark. Raises
    ``summary.nothing_to_join``, ``reason.too_long``."""
    remark = parse_reason(remark, MAX_REMARK)
    with unit_of_work():
        standing = read_standing(actor, task_id)
        if standing.lead is None:
            raise fault("summary.nothing_to_join")
        require(actor, Action.SUMMARY_JOIN, Target(actor.jurisdiction_id, standing.lead.id))
        came = [(one.department, one.stands) for one in standing.lines if one.stands is not None]
        if not came:
            raise fault("summary.nothing_to_join")
        parts = list(standing.own)
        for department, part in came:
            parts += visits_of(part, department.name)
        missing = "、".join(one.department.name for one in standing.missing)
        told = [f"未报送、未计入：{missing}"] if missing else []
        task = standing.task
        head = beginning(ReportKind.SUMMARY, today())
        if not standing.lead.is_home:  # the head on record is the home department's
            head |= {"unit": standing.lead.name, "contact": {"name": actor.name}}
        content: dict[str, Any] = {
            **head,
            "type": SummaryType.INITIATING.value,
            "task": {"id": task.id, "number": task.official_no or task.task_no, "name": task.name},
            "pool": pool_of(actor, task_id),
            "remark": "；".join([*told, *([remark] if remark else [])]),
            **dump_lines(build_lines(parts, SummaryType.INITIATING)),
            "parts": [
                {"department": one.name, "number": part.number, "sha256": part.digest}
                for one, part in came
            ],
        }
        return freeze(actor, content, f"{task_id}-{SummaryType.INITIATING.value}", task.name)


def list_joined(actor: Actor, task_id: int) -> list[Report]:
    """Those of the task that were joined, the newest first, to the department that leads and the
    home department; to others none."""
    lead = read_standing(actor, task_id).lead
    if lead is None or not may_read(actor, lead.id, lead.id):
        return []
    query = select(Report).options(undefer(Report.content)).order_by(Report.id.desc())
    period = f"{task_id}-{SummaryType.INITIATING.value}"
    query = query.where(Report.kind == ReportKind.SUMMARY.value, Report.period == period)
    return [one for one in db.session.scalars(query) if "parts" in json_of(one)]


def get_joined(actor: Actor, task_id: int, report_id: int) -> dict[str, Any]:
    """What is frozen in it. Raises ``report.not_found``."""
    found = next((one for one in list_joined(actor, task_id) if one.id == report_id), None)
    if found is None:
        raise fault("report.not_found")
    return json_of(found)
