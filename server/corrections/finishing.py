"""The end of every step of an order: its state, its history, its author's row, who is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from domain.access import Actor
from domain.corrections import ProposalAction, ProposalState
from server.accounts.service import get_person
from server.audit.service import write_event
from server.corrections.notices import tell_step
from server.corrections.order import Order
from server.corrections.signing import Signed, keep_signature
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
    ops: Sequence[str] = (),
    signed: Signed | None = None,
) -> Decided:
    """In the running unit of work: of all parts of the order, told once. ``ops`` are what the parts
    became or are in the ledger under, as far as there is something of the kind."""
    leading, at = order.proposal, now()
    own = [*ops, *(fieldsync.make_op_id() for _one in order.parts[len(ops) :])]
    decided = None
    if action in DECISIONS:
        decided = {
            "by": {"id": actor.person_id, "name": get_person(actor.person_id).name},
            "at": fieldsync.dump_instant(at),
            "reason": reason,
            "version": version,
        }
    for part, op in zip(order.parts, own, strict=True):
        part.proposal.state = moved.value
        step = add_step(actor, part.proposal.id, action, at, reason=reason, version=version, op=op)
        if part.proposal is leading and signed is not None:
            keep_signature(actor, step, signed)
        fieldsync.show_proposal(part.proposal, op, decided)
    told: dict[str, Any] = {"version": version} if version is not None else {}
    if signed is not None:
        told["digest"] = signed.digest
    if len(order.parts) > 1:
        told["parts"] = len(order.parts)
    write_event(
        actor.jurisdiction_id, actor.person_id, f"correction.{action.value}", leading.id, **told
    )
    tell_step(actor, order, action, own[0], reason, version)
    return Decided(leading.id, leading.state, version)
