"""Lookups: plans, their tasks, and the locks under which they change."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from domain.access import Actor, Target
from domain.errors import fault
from server.accounts.service import list_departments
from server.db import db
from server.planning.models import Plan, PlanTask
from server.planning.understanding import OWN
from server.registry.service import owner_of


def list_plans(actor: Actor | None, year: int | None = None) -> list[Plan]:
    """The newest year first, then in order of import, with their tasks."""
    query = (
        select(Plan)
        .where(Plan.jurisdiction_id == owner_of(actor))
        .options(selectinload(Plan.tasks))
        .order_by(Plan.year.desc(), Plan.id)
    )
    if year is not None:
        query = query.where(Plan.year == year)
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


def home_target(jurisdiction_id: int, author: int | None = None) -> Target:
    """A plan is the home department's; ``author`` asked for what is to be decided."""
    home = next((one.id for one in list_departments() if one.is_home), None)
    return Target(jurisdiction_id, home, author_person_id=author)


def lock_plan(actor: Actor, plan_id: int) -> Plan:
    """The plan as it stands once it is ours alone until the commit. Raises ``plan.not_found``."""
    plan = db.session.scalar(
        select(Plan)
        .where(Plan.id == plan_id, Plan.jurisdiction_id == actor.jurisdiction_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if plan is None:
        raise fault("plan.not_found")
    return plan


def hold_task(actor: Actor, task_id: int) -> PlanTask:
    """The task as it stands once no draw is being made of it, until the commit. Raises
    ``plan.not_found``."""
    task = db.session.scalar(
        select(PlanTask)
        .where(PlanTask.id == task_id, PlanTask.jurisdiction_id == actor.jurisdiction_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if task is None:
        raise fault("plan.not_found")
    return task


def lock_task(task_id: int) -> None:
    """For a draw: whoever else locks this task waits until the commit; SQLite queues writers
    anyway. Raises ``plan.county_rules`` for a task that another row stands for, and
    ``plan.not_drawable`` for one of a draft or dropped."""
    query = select(PlanTask).where(PlanTask.id == task_id).with_for_update()
    task = db.session.scalar(query.execution_options(populate_existing=True))
    if task is None:
        return
    if task.counted_as_id is not None:
        ruling = db.session.get_one(PlanTask, task.counted_as_id)
        raise fault("plan.county_rules", task_no=ruling.task_no)
    if task not in task.plan.counted_tasks:
        raise fault("plan.not_drawable")


def list_own_tasks(actor: Actor | None, year: int | None = None) -> list[PlanTask]:
    """Tasks the bureau initiates or takes part in (R026), by plan and row; each once, nothing of a
    draft, nothing dropped."""
    query = (
        select(PlanTask)
        .join(Plan)
        .where(
            PlanTask.jurisdiction_id == owner_of(actor),
            PlanTask.ownership.in_([str(one) for one in OWN]),
            PlanTask.dropped_at.is_(None),
            PlanTask.counted_as_id.is_(None),
            Plan.state != "draft",
        )
    )
    if year is not None:
        query = query.where(Plan.year == year)
    return list(db.session.scalars(query.order_by(PlanTask.plan_id, PlanTask.row_no)))


def takes_part(task: PlanTask) -> bool:
    """Whether the bureau is named in it."""
    return task.ownership in OWN


def is_own(task: PlanTask) -> bool:
    """Whether it is a task of the bureau that counts: it takes part, the plan is in force, and no
    other row stands for it."""
    return takes_part(task) and task in task.plan.counted_tasks


def count_draws(actor: Actor, task_id: int) -> int:
    """How often the task was drawn; a frozen pool counts, its numbers are committed to. A draw set
    aside for a redraw holds the task all the same, or its ratio could change between the two."""
    # Draws are built on plans; the way back is taken at run time only.
    from server.draws.service import DrawState, list_draws

    states = [draw.state for draw in list_draws(actor, task_id)]
    done = sum(state in (DrawState.FROZEN, DrawState.DRAWN) for state in states)
    return max(done, int(DrawState.SUPERSEDED in states))
