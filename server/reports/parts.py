"""Use cases: the parts of a joint task's summary table, handed to the department that leads it
(R101). A part is frozen when it is handed over; what is other afterwards is told, and another
handing over is its next version."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import undefer

from domain.access import Action, Actor, Role, Target
from domain.canonical import canonical_json, canonical_sha256
from domain.errors import fault
from domain.reasons import parse_reason
from domain.reports.frozen import ReportKind
from domain.reports.task_summary import SummaryType, VisitPart, dump_visits, sum_up
from server.accounts.directory import list_holders, lock_department, lock_jurisdiction
from server.accounts.models import Department
from server.audit.service import write_event
from server.db import unit_of_work
from server.guard import require
from server.notifications.service import remind
from server.planning.service import get_task
from server.reports.head import read_head
from server.reports.making_summary import dump_lines, pool_of
from server.reports.models import SummaryPart, SummaryPartReturn
from server.reports.part_standing import may_read, read_standing
from server.runtime import now, today

MAX_REASON = 500


def count_part(
    actor: Actor, task_id: int, department: Department, parts: Sequence[VisitPart], remark: str = ""
) -> dict[str, Any]:
    """As it would be frozen; ``visits`` is what the whole table is joined from."""
    task = get_task(actor, task_id)
    return {
        "format": 1,
        "kind": ReportKind.SUMMARY.value,
        "day": today().isoformat(),
        "unit": read_head().unit if department.is_home else department.name,
        "contact": dict(read_head().contact) if department.is_home else {"name": actor.name},
        "type": SummaryType.COOPERATING.value,
        "task": {"id": task.id, "number": task.official_no or task.task_no, "name": task.name},
        "pool": pool_of(actor, task_id),
        "remark": remark,
        **dump_lines([("own", department.name, sum_up(parts))]),
        "visits": dump_visits(parts),
    }


def seen_of(parts: Sequence[VisitPart]) -> str:
    """Digest of what a page shows of a part: what is handed over is what was seen."""
    return canonical_sha256(dump_visits(parts))


def hand_over(actor: Actor, task_id: int, seen: str, remark: str) -> SummaryPart:
    """The actor's department's part as it is now, as its next version. Raises
    ``summary.nothing_to_hand_over`` for who leads or has ended no visit, ``summary.changed`` where
    it is not what was ``seen``, ``summary.unchanged`` where the newest version says the same."""
    require(actor, Action.SUMMARY_HAND_OVER, Target(actor.jurisdiction_id, actor.department_id))
    assert actor.department_id is not None, "required above"
    remark = parse_reason(remark, MAX_REASON)
    with unit_of_work() as work:
        lock_department(actor.department_id)  # two at once: the second finds it handed over
        standing = read_standing(actor, task_id)
        line = next(
            (one for one in standing.lines if one.department.id == actor.department_id), None
        )
        if standing.lead is None or line is None or not line.ended:
            raise fault("summary.nothing_to_hand_over")
        if seen_of(line.parts) != seen:
            raise fault("summary.changed")
        if line.stands is not None and not line.differences:
            raise fault("summary.unchanged")
        content = count_part(actor, task_id, line.department, line.parts, remark)
        made = SummaryPart(
            jurisdiction_id=actor.jurisdiction_id, task_id=task_id,
            department_id=actor.department_id, to_department_id=standing.lead.id,
            number=len(line.versions) + 1, content=canonical_json(content),
            digest=canonical_sha256(content), handed_by=actor.person_id, handed_at=now(),
        )  # fmt: skip
        work.add(made)
        work.flush()
        write_event(
            actor.jurisdiction_id, actor.person_id, "summary.handed_over", f"task:{task_id}",
            part=made.id, number=made.number, sha256=made.digest,
        )  # fmt: skip
        return made


def return_part(actor: Actor, task_id: int, part_id: int, reason: str) -> SummaryPartReturn:
    """By the department that leads: the part counts for nothing until the next version, and who
    handed it in reads why. Raises ``summary.not_found``, ``summary.returned``,
    ``summary.not_newest``."""
    reason = parse_reason(reason, MAX_REASON)
    with unit_of_work() as work:
        part = get_part(actor, task_id, part_id)
        require(actor, Action.SUMMARY_JOIN, Target(actor.jurisdiction_id, part.to_department_id))
        lock_jurisdiction(actor.jurisdiction_id)  # for the reminder; before the department's
        lock_department(part.department_id)
        work.refresh(part, ["returned"])
        newest = select(func.max(SummaryPart.number)).where(
            SummaryPart.task_id == task_id, SummaryPart.department_id == part.department_id
        )
        if part.returned is not None:
            raise fault("summary.returned")
        if work.scalar(newest) != part.number:
            raise fault("summary.not_newest")
        made = SummaryPartReturn(
            jurisdiction_id=actor.jurisdiction_id, part_id=part.id, reason=reason,
            returned_by=actor.person_id, returned_at=now(),
        )  # fmt: skip
        work.add(made)
        write_event(
            actor.jurisdiction_id, actor.person_id, "summary.returned", f"task:{task_id}",
            part=part.id, number=part.number, reason=reason,
        )  # fmt: skip
        work.flush()
        _remind(actor, task_id, part.department_id)
        return made


def ask_for_part(actor: Actor, task_id: int, department_id: int) -> int:
    """By the department that leads: whoever hands that department's part over is asked in their
    inbox, once a day; answers how many were told now. Raises ``summary.not_missing``."""
    standing = read_standing(actor, task_id)
    if standing.lead is None:
        raise fault("summary.not_missing")
    require(actor, Action.SUMMARY_JOIN, Target(actor.jurisdiction_id, standing.lead.id))
    line = next((one for one in standing.lines if one.department.id == department_id), None)
    if line is None or not line.is_due:
        raise fault("summary.not_missing")
    return _remind(actor, task_id, department_id)


def get_part(actor: Actor, task_id: int, part_id: int) -> SummaryPart:
    """Of whose department hands it over, leads the task, or keeps the county's records. Raises
    ``summary.not_found``, also for another's."""
    with unit_of_work() as work:
        query = select(SummaryPart).options(undefer(SummaryPart.content))
        part = work.scalar(query.where(SummaryPart.id == part_id, SummaryPart.task_id == task_id))
    if part is None or not may_read(actor, part.department_id, part.to_department_id):
        raise fault("summary.not_found")
    return part


def _remind(actor: Actor, task_id: int, department_id: int) -> int:
    name = get_task(actor, task_id).name
    people = list_holders(department_id, [Role.TEAM_LEAD, Role.OFFICE_STAFF])
    return remind(people, f"抽查情况汇总表：{name}", f"/tasks/{task_id}/summary", actor)
