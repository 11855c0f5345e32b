"""Use cases: writing a plan by hand, mending one that is not published yet (R013, R116, R122)."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from domain.access import Action, Actor
from domain.errors import fault
from domain.plan_changes import AdjustmentKind, changes_of, refuse_for_draw
from domain.plan_printing import print_cells, reprint_cells
from domain.plans import Ownership, PlanKind, parse_tiers, part_of
from domain.sampling import RiskTier
from server.audit.service import write_event
from server.db import db, unit_of_work
from server.guard import require
from server.planning.linking import release_task
from server.planning.models import Plan, PlanTask
from server.planning.reading import count_draws, get_task, hold_task, home_target, lock_plan
from server.planning.understanding import TaskNumbers, our_names
from server.planning.values import set_values, values_of
from server.registry.service import ChangedMeanwhile, find_clashes, note_change
from server.runtime import now

TASKS = "plan_tasks"  # how the register of changes names them
WRITABLE_KINDS = (PlanKind.INTERNAL, PlanKind.JOINT)
EDITABLE_STATES = ("draft", "imported")


def create_plan(actor: Actor, kind: PlanKind, year: int, title: str, document_no: str = "") -> Plan:
    """A draft without tasks."""
    require(actor, Action.PLAN_WRITE, home_target(actor.jurisdiction_id))
    with unit_of_work() as work:
        plan = Plan(
            jurisdiction_id=actor.jurisdiction_id,
            kind=str(kind),
            year=year,
            title=title,
            document_no=document_no,
            state="draft",
            file_name="",
            file_sha256=hashlib.sha256(secrets.token_bytes(32)).hexdigest(),
            imported_by=actor.person_id,
            imported_at=now(),
            phases=[],
        )
        work.add(plan)
        work.flush()
        _note(actor, "plan.created", plan, title=title)
    return plan


def edit_plan(
    actor: Actor, plan_id: int, title: str, document_no: str, phases: Sequence[Mapping[str, str]]
) -> Plan:
    """Its head and its phases. Raises ``plan.not_editable`` once it is published."""
    with unit_of_work():
        plan = _lock_editable(actor, plan_id)
        wanted = [dict(one) for one in phases]
        if (plan.title, plan.document_no, plan.phases) != (title, document_no, wanted):
            plan.title, plan.document_no, plan.phases = title, document_no, wanted
            _note(actor, "plan.changed", plan, title=title)
    return plan


def add_task(actor: Actor, plan_id: int, values: Mapping[str, Any]) -> PlanTask:
    """One more task, with the next own number. Raises ``plan.not_editable`` and
    ``plan.numbers_exhausted``."""
    with unit_of_work():
        plan = _lock_editable(actor, plan_id)
        task = append_task(actor, plan, values)
        _note(actor, "plan.task_added", plan, task_no=task.task_no)
    return task


def edit_task(
    actor: Actor, task_id: int, values: Mapping[str, Any], seen: int
) -> PlanTask | ChangedMeanwhile:
    """Other values for a task of a plan that is not published; ``seen`` is the newest change the
    form's person knows of. Raises ``plan.not_editable``, and ``plan.drawn_part`` for what a draw
    was made with."""
    with unit_of_work():
        plan = _lock_editable(actor, get_task(actor, task_id).plan_id)
        task = hold_task(actor, task_id)
        before = values_of(task)
        if meanwhile := find_clashes(actor, TASKS, task.id, before, values, seen):
            return meanwhile
        refuse_if_drawn(actor, AdjustmentKind.CHANGE, task, values)
        rewrite_task(plan, task, values)
        changed = [one.field for one in changes_of(before, values)]
        if changed:
            after = values_of(task)
            told = {name: [before[name], after[name]] for name in changed}
            note_change(actor, TASKS, task.id, told, "form")
            _note(actor, "plan.task_changed", plan, task_no=task.task_no, fields=changed)
    return task


def remove_task(actor: Actor, task_id: int) -> Plan:
    """Takes a task out of a plan that is not published. Of a draft nothing is left of it; what came
    from a file is kept as dropped. Raises ``plan.not_editable`` and ``plan.task_drawn``."""
    with unit_of_work() as work:
        plan = _lock_editable(actor, get_task(actor, task_id).plan_id)
        task = hold_task(actor, task_id)
        refuse_if_drawn(actor, AdjustmentKind.DROP, task, {})
        _note(actor, "plan.task_removed", plan, task_no=task.task_no, name=task.name)
        if plan.state == "draft":
            work.delete(task)
        else:
            drop_task(task)
    return plan


def discard_plan(actor: Actor, plan_id: int) -> None:
    """Throws a draft away with its tasks; nothing was drawn from it. Raises
    ``plan.not_a_draft`` for any other plan."""
    require(actor, Action.PLAN_WRITE, home_target(actor.jurisdiction_id))
    with unit_of_work() as work:
        plan = lock_plan(actor, plan_id)
        if plan.state != "draft":
            raise fault("plan.not_a_draft")
        _note(actor, "plan.discarded", plan, title=plan.title, tasks=len(plan.tasks))
        for task in plan.tasks:
            work.delete(task)
        work.flush()
        work.delete(plan)


def append_task(actor: Actor, plan: Plan, values: Mapping[str, Any]) -> PlanTask:
    """A new row of the plan, inside a unit of work."""
    kind = PlanKind(plan.kind)
    row_no = max((one.row_no for one in plan.tasks), default=0) + 1
    part = _part(kind, values)
    is_own = part is not None
    number = TaskNumbers(actor.jurisdiction_id, plan.year).next_for(kind) if is_own else str(row_no)
    task = PlanTask(
        jurisdiction_id=actor.jurisdiction_id,
        row_no=row_no,
        task_no=number,
        ownership=str(part or Ownership.OTHER),
        notes=_notes(values),
        cells=print_cells(kind, values, row_no),
    )
    set_values(task, values)
    plan.tasks.append(task)
    db.session.flush()
    return task


def rewrite_task(plan: Plan, task: PlanTask, values: Mapping[str, Any]) -> None:
    """New values for a row, inside a unit of work. City rows and rows of others stay what they
    are unless the bureau is named now."""
    kind = PlanKind(plan.kind)
    task.cells = reprint_cells(kind, task.cells, values_of(task), values, task.row_no)
    part = _part(kind, values)
    if part is not None or task.ownership in (Ownership.INITIATING, Ownership.COOPERATING):
        task.ownership = str(part or Ownership.OTHER)
    set_values(task, values)
    task.notes = _notes(values)
    db.session.flush()


def drop_task(task: PlanTask) -> None:
    """Takes a row out, inside a unit of work; a row it stood for counts by itself again."""
    task.dropped_at = now()
    release_task(task)
    db.session.flush()


def refuse_if_drawn(
    actor: Actor, kind: AdjustmentKind, task: PlanTask, values: Mapping[str, Any]
) -> None:
    """Raises ``plan.task_drawn`` or ``plan.drawn_part``."""
    refused = refuse_for_draw(kind, values_of(task), values, count_draws(actor, task.id))
    if refused is not None:
        raise refused.as_fault()


def _lock_editable(actor: Actor, plan_id: int) -> Plan:
    require(actor, Action.PLAN_WRITE, home_target(actor.jurisdiction_id))
    plan = lock_plan(actor, plan_id)
    if plan.state not in EDITABLE_STATES:
        raise fault("plan.not_editable")
    return plan


def can_edit(plan: Plan) -> bool:
    """Whether it is not published yet."""
    return plan.state in EDITABLE_STATES


def _part(kind: PlanKind, values: Mapping[str, Any]) -> Ownership | None:
    helping = [*values["cooperators"], *values["inspecting_bodies"]]
    return part_of(kind, values["initiators"], helping, our_names())


def _notes(values: Mapping[str, Any]) -> list[str]:
    """As the importer would note it."""
    notes = [] if values["times_per_year"] else ["plan.note_times_missing"]
    tiers = len(parse_tiers(values["risk_text"]))
    if not tiers:
        notes.append("plan.note_credit_risk_blank")
    elif tiers < len(RiskTier):
        notes.append(f"plan.note_tiers_missing:{tiers}")
    return notes


def _note(actor: Actor, event: str, plan: Plan, **details: object) -> None:
    write_event(actor.jurisdiction_id, actor.person_id, event, f"plan:{plan.id}", **details)
