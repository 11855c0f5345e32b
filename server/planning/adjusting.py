"""Use cases: adjusting a published plan 计划调整 (R016, R017). Asked for in writing with a sealed
document, approved by the unit head, then a new version; what was refused is kept."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

from sqlalchemy import func, select

from domain.access import Action, Actor, may
from domain.errors import Fault, fault
from domain.plan_changes import AdjustmentKind, Change, changes_of
from domain.reasons import parse_reason
from server.accounts.service import confirm_password, get_person
from server.audit.service import write_event
from server.db import db, unit_of_work
from server.fieldsync import service as fieldsync
from server.guard import require
from server.planning.drafting import append_task, drop_task, refuse_if_drawn, rewrite_task
from server.planning.models import Plan, PlanAdjustment, PlanTask
from server.planning.reading import (
    get_plan,
    get_task,
    hold_task,
    home_target,
    lock_plan,
)
from server.planning.values import values_of
from server.planning.versions import add_version
from server.runtime import now

MAX_REASON_CHARACTERS = 500
STATES = ("requested", "approved", "refused", "withdrawn")


def request_adjustment(
    actor: Actor,
    plan_id: int,
    kind: AdjustmentKind,
    task_id: int | None,
    values: Mapping[str, Any],
    reason: str,
    document: IO[bytes],
    document_name: str,
) -> PlanAdjustment:
    """Asks for one task to be added (``task_id`` None), dropped (``values`` empty) or changed.

    Raises ``plan.not_published``, ``plan.adjustment_unchanged``, ``plan.task_drawn``,
    ``plan.drawn_part``, ``request.missing_field`` without a reason, ``reason.too_long`` and what
    ``keep_document`` raises; nothing is stored then.
    """
    require(actor, Action.PLAN_ADJUST, home_target(actor.jurisdiction_id))
    if not (reason := parse_reason(reason, MAX_REASON_CHARACTERS)):
        raise fault("request.missing_field", field="reason")
    _check(actor, _published(get_plan(actor, plan_id)), kind, task_id, values)
    kept = fieldsync.keep_document(document)
    with unit_of_work() as work:
        plan = _published(lock_plan(actor, plan_id))
        task = _check(actor, plan, kind, task_id, values)
        fieldsync.record_document(actor, kept)
        order = PlanAdjustment(
            jurisdiction_id=actor.jurisdiction_id,
            plan_id=plan.id,
            kind=str(kind),
            task_id=task.id if task else None,
            before=values_of(task) if task else {},
            after=dict(values),
            reason=reason,
            state="requested",
            document_sha256=kept.sha256,
            document_name=document_name[-200:],
            requested_by=actor.person_id,
            requested_at=now(),
            decision_reason="",
        )
        work.add(order)
        work.flush()
        _note(actor, "plan.adjustment_requested", order, sha256=kept.sha256)
    return order


def approve_adjustment(
    actor: Actor, order_id: int, opinion: str = "", *, password: str, address: str
) -> PlanAdjustment:
    """Carries it out and makes the plan's next version. Of two who decide at once one wins, the
    other is told by ``plan.adjustment_decided``. What was drawn meanwhile is refused as in the
    request; ``plan.adjustment_stale`` where the task was adjusted otherwise since. Raises
    ``access.denied``, ``account.password_wrong``."""
    opinion = parse_reason(opinion, MAX_REASON_CHARACTERS)
    _confirm(actor, order_id, password, address)
    with unit_of_work():
        order, plan = _lock_undecided(actor, order_id)
        _carry_out(actor, plan, order)
        version = add_version(actor, plan)
        order.version_number = version.number
        _decide(actor, order, "approved", opinion)
    return order


def refuse_adjustment(
    actor: Actor, order_id: int, reason: str, *, password: str, address: str
) -> PlanAdjustment:
    """Keeps it with the reason; the plan stays as it is. Raises ``request.missing_field``,
    ``plan.adjustment_decided`` and as ``approve_adjustment``."""
    if not (reason := parse_reason(reason, MAX_REASON_CHARACTERS)):
        raise fault("request.missing_field", field="reason")
    _confirm(actor, order_id, password, address)
    with unit_of_work():
        order, _plan = _lock_undecided(actor, order_id)
        _decide(actor, order, "refused", reason)
    return order


def withdraw_adjustment(actor: Actor, order_id: int) -> PlanAdjustment:
    """The requester takes it back; it stays on record."""
    with unit_of_work():
        order = get_adjustment(actor, order_id)
        lock_plan(actor, order.plan_id)
        db.session.refresh(order)
        if order.requested_by != actor.person_id:
            raise fault("access.denied")
        _refuse_decided(order)
        _decide(actor, order, "withdrawn", "")
    return order


def get_adjustment(actor: Actor, order_id: int) -> PlanAdjustment:
    """Raises ``plan.adjustment_not_found``, also for another county's."""
    order = db.session.get(PlanAdjustment, order_id)
    if order is None or order.jurisdiction_id != actor.jurisdiction_id:
        raise fault("plan.adjustment_not_found")
    return order


def list_adjustments(
    plan_id: int | None = None, state: str = "", *, up_to_version: int | None = None
) -> list[PlanAdjustment]:
    """The newest first, of the county in sight. ``up_to_version``: the approved ones that led to
    that version or an earlier one."""
    query = select(PlanAdjustment)
    if plan_id is not None:
        query = query.where(PlanAdjustment.plan_id == plan_id)
    if state:
        query = query.where(PlanAdjustment.state == state)
    if up_to_version is not None:
        query = query.where(PlanAdjustment.version_number <= up_to_version)
    return list(db.session.scalars(query.order_by(PlanAdjustment.id.desc())))


def count_waiting(actor: Actor) -> int:
    """Adjustments that wait for a decision this person may take."""
    query = select(func.count()).where(
        PlanAdjustment.jurisdiction_id == actor.jurisdiction_id,
        PlanAdjustment.state == "requested",
        PlanAdjustment.requested_by != actor.person_id,
    )
    may_decide = may(actor, Action.PLAN_APPROVE, home_target(actor.jurisdiction_id, 0))
    return (db.session.scalar(query) or 0) if may_decide else 0


def can_decide(actor: Actor, order: PlanAdjustment) -> bool:
    """Whether this person may approve or refuse it now: never who asked for it."""
    target = home_target(order.jurisdiction_id, order.requested_by)
    return order.state == "requested" and may(actor, Action.PLAN_APPROVE, target)


def get_sealed_document(order: PlanAdjustment) -> tuple[str, Path]:
    """Type and file. Raises ``attachment.not_found``."""
    return fieldsync.get_document(order.document_sha256)


def shown_changes(order: PlanAdjustment) -> tuple[Change, ...]:
    """Old → new, field by field; of a dropped task all it said."""
    return changes_of(order.before, order.after)


def _published(plan: Plan) -> Plan:
    if plan.state != "published":
        raise fault("plan.not_published")
    return plan


def _check(
    actor: Actor,
    plan: Plan,
    kind: AdjustmentKind,
    task_id: int | None,
    values: Mapping[str, Any],
) -> PlanTask | None:
    if kind is AdjustmentKind.ADD:
        return None
    task = get_task(actor, task_id or 0)
    if task.plan_id != plan.id or task.dropped_at is not None:
        raise fault("plan.not_found")
    if kind is AdjustmentKind.CHANGE and not changes_of(values_of(task), values):
        raise fault("plan.adjustment_unchanged")
    refuse_if_drawn(actor, kind, task, values)
    return task


def _carry_out(actor: Actor, plan: Plan, order: PlanAdjustment) -> None:
    kind = AdjustmentKind(order.kind)
    if kind is AdjustmentKind.ADD:
        order.task_id = append_task(actor, plan, order.after).id
        return
    task = hold_task(actor, order.task_id or 0)
    if task.dropped_at is not None or values_of(task) != order.before:
        raise fault("plan.adjustment_stale")
    refuse_if_drawn(actor, kind, task, order.after)
    if kind is AdjustmentKind.DROP:
        drop_task(task)
    else:
        rewrite_task(plan, task, order.after)
    db.session.flush()


def _confirm(actor: Actor, order_id: int, password: str, address: str) -> None:
    """Who may not decide is not asked for a password."""
    order = get_adjustment(actor, order_id)
    require(actor, Action.PLAN_APPROVE, home_target(order.jurisdiction_id, order.requested_by))
    confirm_password(actor.person_id, password, address=address)


def _lock_undecided(actor: Actor, order_id: int) -> tuple[PlanAdjustment, Plan]:
    """Under the plan's lock, as it stands now."""
    order = get_adjustment(actor, order_id)
    plan = lock_plan(actor, order.plan_id)
    db.session.refresh(order)
    require(actor, Action.PLAN_APPROVE, home_target(order.jurisdiction_id, order.requested_by))
    _refuse_decided(order)
    return order, plan


def _refuse_decided(order: PlanAdjustment) -> None:
    if order.state != "requested":
        raise _decided(order)


def _decided(order: PlanAdjustment) -> Fault:
    who = get_person(order.decided_by).name if order.decided_by else "—"
    state = f"plan.adjustment_state_{order.state}"
    return fault("plan.adjustment_decided", who=who, state=state)


def _decide(actor: Actor, order: PlanAdjustment, state: str, reason: str) -> None:
    order.state, order.decision_reason = state, reason
    order.decided_by, order.decided_at = actor.person_id, now()
    _note(actor, f"plan.adjustment_{state}", order, version=order.version_number)


def _note(actor: Actor, event: str, order: PlanAdjustment, **details: object) -> None:
    write_event(
        actor.jurisdiction_id,
        actor.person_id,
        event,
        f"plan:{order.plan_id}",
        adjustment=order.id,
        kind=order.kind,
        name=(order.before or order.after)["name"],
        **details,
    )
