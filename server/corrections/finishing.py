"""The end of every step of an order: its state, its history, its author's row, who is told."""

from __future__ import annotations

from dataclasses import dataclass

from domain.access import Actor
from domain.corrections import ProposalAction, ProposalState
from server.accounts.service import get_person
from server.corrections.notices import tell_step
from server.corrections.order import Order
from server.corrections.steps import add_step
from server.fieldsync import service as fieldsync
from server.runtime import now

DECISIONS = (ProposalAction.APPROVE, ProposalAction.REFUSE, ProposalAction.TAKE_OVER)


@dataclass(frozen=True, slots=True)
class Decided:
    """What became of an order; ``version`` where an approval made one."""

    proposal_id: str
    state: str
    version: int | None = None


def finish(
    actor: Actor,
    order: Order,
    action: ProposalAction,
    moved: ProposalState,
    reason: str = "",
    *,
    version: int | None = None,
    op: str | None = None,
) -> Decided:
    """In the running unit of work."""
    proposal, at = order.proposal, now()
    proposal.state = moved.value
    op = op or fieldsync.make_op_id()
    add_step(actor, proposal.id, action, at, reason=reason, version=version, op=op)
    decided = None
    if action in DECISIONS:
        decided = {
            "by": {"id": actor.person_id, "name": get_person(actor.person_id).name},
            "at": fieldsync.dump_instant(at),
            "reason": reason,
            "version": version,
        }
    fieldsync.show_proposal(proposal, op, decided)
    tell_step(actor, order, action, op, reason, version)
    return Decided(proposal.id, proposal.state, version)
