"""Use cases: work that arrived without the right to it is taken over by a member of the team, or
refused by the lead. Either way it stays on record under its author's name (I4, I17)."""

from __future__ import annotations

from domain.access import Action, Actor, may
from domain.corrections import ProposalAction, ProposalState, decide_stray
from domain.errors import Refused, fault
from server.corrections.finishing import Decided, finish
from server.corrections.order import Order, get_order, lock_order
from server.corrections.reasons import require_reason
from server.db import unit_of_work
from server.fieldsync import service as fieldsync
from server.guard import require
from sync.operation import Kind
from sync.outcomes import Applied, Conflict, Invalid, Merged

RIGHTS = {
    ProposalAction.TAKE_OVER: Action.SHEET_FILL,
    ProposalAction.REFUSE: Action.SHEET_REVIEW,
}
TAKEABLE = {Kind.ANSWER_SET.value, Kind.CORRECTION_PROPOSE.value}


def list_stray_steps(actor: Actor, order: Order) -> list[str]:
    """What this person could do with it now."""
    found = []
    for action, right in RIGHTS.items():
        told = _ask(order, action, actor)
        if isinstance(told, ProposalState) and may(actor, right, order.target):
            found.append(action.value)
    if order.proposal.kind not in TAKEABLE:
        found = [one for one in found if one != ProposalAction.TAKE_OVER]
    return found


def take_over(actor: Actor, proposal_id: str, reason: str) -> Decided:
    """Makes it an operation of the actor's own on what stands now: an answer while the sheet is
    open, a correction asked for once it is entered. Raises ``correction.needs_reason``,
    ``reason.too_long``, ``correction.wrong_state``, ``access.denied``, and whatever refuses the
    operation."""
    get_order(actor, proposal_id)
    with unit_of_work():
        order, moved, reason = _take(actor, proposal_id, ProposalAction.TAKE_OVER, reason)
        proposal = order.proposal
        if proposal.kind not in TAKEABLE:
            raise fault("correction.not_approvable")
        fields = dict(proposal.payload.get("fields") or {})
        fields.pop("reason", None)
        if is_locked := order.standing.version > 0:
            fields["reason"] = reason
        op = fieldsync.make_op_id()
        told = fieldsync.perform_office_op(
            actor,
            space=proposal.space,
            kind="correction.propose" if is_locked else "answer.set",
            entity=proposal.entity,
            fields=fields,
            base=order.heads,
            op=op,
        )
        match told:
            case Applied() | Merged():
                return finish(actor, order, ProposalAction.TAKE_OVER, moved, reason, ops=[op])
            case Invalid(error):
                raise error.as_fault()
            case Conflict():
                raise fault("request.conflict")
            case _:
                raise fault("sheet.locked")


def refuse_stray(actor: Actor, proposal_id: str, reason: str) -> Decided:
    """It is kept, refused, with the reason."""
    get_order(actor, proposal_id)
    with unit_of_work():
        order, moved, reason = _take(actor, proposal_id, ProposalAction.REFUSE, reason)
        return finish(actor, order, ProposalAction.REFUSE, moved, reason)


def _take(
    actor: Actor, proposal_id: str, action: ProposalAction, reason: str
) -> tuple[Order, ProposalState, str]:
    """The order under its lock, its next state, and the reason as it is kept."""
    _space, order = lock_order(proposal_id)
    require(actor, RIGHTS[action], order.target)
    moved = _ask(order, action, actor)
    if isinstance(moved, Refused):
        raise moved.as_fault()
    return order, moved, require_reason(reason)


def _ask(order: Order, action: ProposalAction, actor: Actor) -> ProposalState | Refused:
    proposal = order.proposal
    if proposal.status != "forbidden":
        return Refused("correction.wrong_state", {"state": proposal.state})
    return decide_stray(ProposalState(proposal.state), proposal.person_id, action, actor.person_id)
