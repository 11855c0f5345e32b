"""Use cases of annual plans: importing them, and looking at their tasks."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from domain.access import Actor
from domain.errors import fault, message
from domain.plans import Ownership
from server.db import db
from server.planning.importing import ImportReport, import_plan
from server.planning.models import Plan, PlanTask
from server.planning.understanding import OWN, UnderstoodRow
from server.registry.service import owner_of

__all__ = [
    "ImportReport",
    "UnderstoodRow",
    "get_plan",
    "get_task",
    "import_plan",
    "is_own",
    "list_own_tasks",
    "list_plans",
    "lock_task",
    "note_text",
]


def lock_task(task_id: int) -> None:
    """Whoever else locks this task waits until the commit; SQLite queues writers anyway."""
    db.session.execute(select(PlanTask.id).where(PlanTask.id == task_id).with_for_update())


def list_plans(actor: Actor | None) -> list[Plan]:
    """The newest year first, then in order of import, with their tasks."""
    query = (
        select(Plan)
        .where(Plan.jurisdiction_id == owner_of(actor))
        .options(selectinload(Plan.tasks))
        .order_by(Plan.year.desc(), Plan.id)
    )
    return list(db.session.scalars(query))


def get_plan(actor: Actor | None, plan_id: int) -> Plan:
    """Raises ``plan.not_found``, also for another county's plan."""
    plan = db.session.get(Plan, plan_id)
    if plan is None or plan.jurisdiction_id != owner_of(actor):
        raise fault("plan.not_found")
    return plan


def get_task(actor: Actor | None, task_id: int) -> PlanTask:
    """Raises ``plan.not_found``, also for another county's task."""
    task = db.session.get(PlanTask, task_id)
    if task is None or task.jurisdiction_id != owner_of(actor):
        raise fault("plan.not_found")
    return task


def list_own_tasks(actor: Actor | None, year: int | None = None) -> list[PlanTask]:
    """Tasks the bureau initiates or takes part in (R026), by plan and row."""
    query = (
        select(PlanTask)
        .join(Plan)
        .where(
            PlanTask.jurisdiction_id == owner_of(actor),
            PlanTask.ownership.in_([str(one) for one in OWN]),
        )
    )
    if year is not None:
        query = query.where(Plan.year == year)
    return list(db.session.scalars(query.order_by(PlanTask.plan_id, PlanTask.row_no)))


def is_own(task: PlanTask) -> bool:
    """Whether the bureau takes part."""
    return Ownership(task.ownership) in OWN


def note_text(note: str, locale: str) -> str:
    """A stored note (``code`` or ``code:count``) for a person."""
    code, _, count = note.partition(":")
    return message(code, locale, {"count": count} if count else None)
