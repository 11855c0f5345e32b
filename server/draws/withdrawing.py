"""Use cases: a drawn firm that cannot be inspected, and the next one in its place."""

from __future__ import annotations

from typing import Any

from domain.access import Action, Actor, Target, may
from domain.draw_changes import ChangeKind, ChangeState, WithdrawalReason
from domain.draw_withdrawals import Withdrawal, withdraw_firm
from domain.errors import fault
from domain.reasons import parse_reason
from server.accounts.models import Department
from server.accounts.service import confirm_password, list_departments
from server.db import unit_of_work
from server.draws.change_models import DrawChange
from server.draws.changes import (
    MAX_WORDS,
    add_change,
    decide,
    get_change,
    list_effects,
    lock_change,
    parse_words,
    require_decider,
)
from server.draws.freezing import lock_draw
from server.draws.models import OFFICIAL, Draw
from server.draws.parties import parties_of
from server.draws.pool import drawn_key, officer_id_of, officer_key
from server.guard import require
from server.inspections import service as inspections
from server.inspections.creation import NewInspection, NewTeamMember, create_inspections
from server.inspections.models import Inspection
from server.planning.service import hold_task
from server.registry import service as registry
from server.runtime import today


def can_withdraw(actor: Actor, inspection: Inspection) -> bool:
    """Whether the actor may ask for it; whether anything was recorded is asked then."""
    is_open = all(sheet.state == "open" for sheet in inspection.sheets)
    is_standing = inspection.withdrawn_at is None and is_open
    return is_standing and may(actor, Action.WITHDRAWAL_REQUEST, _target(actor, _home()))


def request_withdrawal(
    actor: Actor, inspection_id: int, reason: str, words: str, wants_substitute: bool
) -> DrawChange:
    """Asks for it, with the evidence in words. Raises ``change.unknown_reason``,
    ``request.missing_field``, ``reason.too_long``, ``inspection.withdrawn``, ``change.recorded``,
    ``change.open``."""
    if reason not in set(WithdrawalReason):
        raise fault("change.unknown_reason")
    words = parse_words(words)
    home = _home()
    require(actor, Action.WITHDRAWAL_REQUEST, _target(actor, home))
    with unit_of_work():
        lock_draw(actor, inspections.get_inspection(actor, inspection_id).draw_id)
        inspections.lock_visit(inspections.get_inspection(actor, inspection_id))
        inspection = inspections.get_inspection(actor, inspection_id)
        inspections.require_untouched(inspection)
        change = DrawChange(
            draw_id=inspection.draw_id,
            inspection_id=inspection.id,
            department_id=home.id,
            kind=ChangeKind.WITHDRAWAL.value,
            reason=reason,
            words=words,
            wants_substitute=wants_substitute,
        )
        return add_change(actor, change)


def approve_withdrawal(
    actor: Actor, change_id: int, password: str, address: str, words: str = ""
) -> DrawChange:
    """The visit is withdrawn and, where that was asked for, the next firm of the tier is visited in
    its place: all of it or nothing. Whether there is one stands in the record (``why_none``).

    Raises ``account.password_wrong``, ``change.own_request``, ``change.wrong_state``,
    ``inspection.withdrawn``, and ``change.recorded`` where somebody was there meanwhile.
    """
    words = parse_reason(words, MAX_WORDS)
    confirm_password(actor.person_id, password, address=address)
    with unit_of_work() as work:
        # Two at once would both take the same next firm. Task, draw, change: a redraw that closes
        # what waits comes in this order, and a substitute's row refers to the task.
        known = get_change(actor, change_id)
        hold_task(actor, known.draw.task_id)
        draw = lock_draw(actor, known.draw_id)
        change = lock_change(actor, change_id, ChangeKind.WITHDRAWAL)
        require_decider(actor, change)
        inspections.lock_visit(change.inspection)
        inspection = inspections.get_inspection(actor, change.inspection_id)
        inspections.require_untouched(inspection)
        record = _record(actor, draw, inspection, change)
        change.record = record
        inspections.withdraw_visit(inspection, actor.person_id)
        work.flush()
        if record["substitute"] is not None:
            day = max(today(), inspection.planned_on or today())
            made = create_inspections(draw, [_substitute(actor, draw, record)], day)
            change.substitute_id = made[0].id
        decide(actor, change, ChangeState.APPROVED, words)
    return change


def _record(actor: Actor, draw: Draw, inspection: Inspection, change: DrawChange) -> dict[str, Any]:
    record = None if draw.origin == OFFICIAL else draw.record
    pool: Any = (record or {}).get("pool") or {"firms": [], "officers": []}
    firms = registry.map_firms_by_uscc(actor, [one["id"] for one in pool["firms"]])
    keys = [one["id"] for one in pool["officers"]]
    departments = [one.id for one in list_departments()]
    fit = {officer_key(one) for one in registry.list_eligible_officers(actor, departments, today())}
    asked = Withdrawal(
        change_id=change.public_id,
        firm=drawn_key(inspection.firm, draw),
        reason=WithdrawalReason(change.reason),
        wants_substitute=change.wants_substitute,
        closed={key: one.status for key, one in firms.items() if not one.is_active},
        unavailable=frozenset(key for key in keys if key not in fit),
    )
    return withdraw_firm(draw.public_id, record, list_effects(draw), asked)


def _substitute(actor: Actor, draw: Draw, record: dict[str, Any]) -> NewInspection:
    departments = {one.code: one for one in parties_of(draw.task).departments}
    keys = [key for one in record["assignments"] for key in one["officers"]]
    officers = {
        officer_key(one): one
        for one in registry.list_officers_by_id(actor, [officer_id_of(key) for key in keys])
    }
    key = record["substitute"]["id"]
    firm = registry.map_firms_by_uscc(actor, [key]).get(key)
    if firm is None or any(one["department"] not in departments for one in record["assignments"]):
        raise fault("draw.pool_changed")
    return NewInspection(
        firm=firm,
        departments=tuple(departments[one["department"]] for one in record["assignments"]),
        team=tuple(
            NewTeamMember(officers[key], departments[one["department"]], place == 0)
            for one in record["assignments"]
            for place, key in enumerate(one["officers"])
        ),
    )


def _home() -> Department:
    """The bureau itself: its unit head answers for the draw."""
    return next(one for one in list_departments() if one.is_home)


def _target(actor: Actor, home: Department) -> Target:
    return Target(actor.jurisdiction_id, home.id)
