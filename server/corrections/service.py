"""Use cases of correction orders (docs/protocol 13.10; R079–R081).

``domain.corrections.decide`` is the rule; this reads under the inspection's lock, and writes the
new version, its row, the proposal's state, the step and the notices in ONE commit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from domain.access import Actor
from domain.corrections import ProposalAction, ProposalState, decide
from domain.errors import Refused, fault
from domain.results import RESULTS
from domain.signatures import Signature
from server.accounts.service import confirm_password
from server.corrections.evidence import KeptPaper, carry_papers, record_papers
from server.corrections.finishing import Decided, finish
from server.corrections.joining import join_proposals
from server.corrections.order import Order, Part, get_order, lock_order, read_order
from server.corrections.reasons import require_reason
from server.corrections.rules import approval_rule, require_step
from server.corrections.signing import require_signature
from server.corrections.versions import write_version
from server.db import unit_of_work
from server.fieldsync import service as fieldsync
from sync.outcomes import Invalid

__all__ = [
    "Decided",
    "KeptPaper",
    "Signature",
    "approve",
    "ask_again",
    "drop",
    "endorse",
    "get_order",
    "refuse",
    "submit",
]

Heads = Mapping[str, str | None]
UNSIGNED = Signature()


def submit(
    actor: Actor,
    proposal_id: str,
    reason: str,
    result: int | None = None,
    papers: Sequence[KeptPaper] = (),
) -> Decided:
    """The author hands it in; ``result`` is the item's national code where it changes too. Raises
    ``correction.forbidden_origin``, ``correction.needs_reason``, ``reason.too_long``,
    ``correction.not_approvable``, ``correction.nothing_changed``."""
    get_order(actor, proposal_id)
    with unit_of_work():
        _space, order = lock_order(proposal_id)
        proposal = order.proposal
        require_step(actor, ProposalAction.SUBMIT, order)
        if proposal.status == "forbidden":
            raise fault("correction.forbidden_origin")
        if result is not None and (result not in RESULTS or not _is_about_answer(order)):
            raise fault("entry.result_unknown", items=[str(result)])
        reason = require_reason(reason)
        moved = _ask(order, actor, ProposalAction.SUBMIT, reason=reason)
        proposal.reason = reason
        if result is not None:
            proposal.result = result
            # The code as it stands when it is handed in is what the author saw beside it.
            seen = read_order(proposal).heads.get("result")
            proposal.against = {**proposal.against, "result": seen}
        if isinstance(changes := read_order(proposal).changes, Refused):
            raise changes.as_fault()
        record_papers(actor, proposal.id, papers)
        return finish(actor, order, ProposalAction.SUBMIT, moved, proposal.reason)


def ask_again(actor: Actor, proposal_id: str, reason: str) -> str:
    """The author writes the same correction on what holds now; the old order is dropped in the same
    commit. Answers the new one's id. Raises ``correction.wrong_state`` for one that is not stale,
    ``correction.nothing_changed`` where somebody else already corrected it so,
    ``reason.too_long``."""
    get_order(actor, proposal_id)
    with unit_of_work():
        _space, order = lock_order(proposal_id)
        old = order.proposal
        require_step(actor, ProposalAction.DROP, order)
        moved = _ask(order, actor, ProposalAction.DROP)
        if not order.is_stale or not _is_about_answer(order):
            raise fault("correction.wrong_state")
        said = require_reason(reason.strip() or order.reason)
        made = [_propose_again(actor, part, said) for part in order.parts]
        join_proposals(actor, made[0][0], [one for one, _op in made[1:]])
        carry_papers(actor, old.id, made[0][0])
        finish(actor, order, ProposalAction.DROP, moved, made[0][0], ops=[op for _id, op in made])
        return made[0][0]


def _propose_again(actor: Actor, part: Part, reason: str) -> tuple[str, str]:
    """(the new proposal, its operation): the same words on what holds now."""
    old, op = part.proposal, fieldsync.make_op_id()
    fields = {**(old.payload.get("fields") or {}), "reason": reason}
    if old.result is not None:
        fields["result"] = old.result
    told = fieldsync.perform_office_op(
        actor,
        space=old.space,
        kind="correction.propose",
        entity=old.entity,
        fields=fields,
        base=part.subject.heads,
        op=op,
    )
    if isinstance(told, Invalid):
        raise told.error.as_fault()
    made = fieldsync.list_proposals(actor, old.inspection_id)
    return next(one.id for one in made if one.op == op), op


def drop(actor: Actor, proposal_id: str) -> Decided:
    """The author withdraws it; it is kept."""
    get_order(actor, proposal_id)
    with unit_of_work():
        _space, order = lock_order(proposal_id)
        require_step(actor, ProposalAction.DROP, order)
        moved = _ask(order, actor, ProposalAction.DROP)
        return finish(actor, order, ProposalAction.DROP, moved)


def endorse(
    actor: Actor,
    proposal_id: str,
    *,
    password: str,
    against: Heads,
    address: str,
    signature: Signature = UNSIGNED,
) -> Decided:
    """The deputy head's opinion before the approval, signed. Raises ``signature.*``."""
    _confirm(actor, proposal_id, ProposalAction.ENDORSE, password, address)
    with unit_of_work():
        _space, order = lock_order(proposal_id)
        require_step(actor, ProposalAction.ENDORSE, order)
        moved = _ask(order, actor, ProposalAction.ENDORSE)
        if order.endorser_id is not None:
            raise fault("correction.wrong_state")
        _require_seen(order, against)
        signed = require_signature(actor, order, ProposalAction.ENDORSE, "", signature)
        return finish(actor, order, ProposalAction.ENDORSE, moved, signed=signed)


def refuse(
    actor: Actor,
    proposal_id: str,
    *,
    password: str,
    reason: str,
    against: Heads,
    address: str,
    signature: Signature = UNSIGNED,
) -> Decided:
    """Refused with a reason; the order is kept and its author told. A refusal changes nothing and
    needs no signature; one that was written is kept."""
    _confirm(actor, proposal_id, ProposalAction.REFUSE, password, address)
    with unit_of_work():
        _space, order = lock_order(proposal_id)
        require_step(actor, ProposalAction.REFUSE, order)
        moved = _ask(order, actor, ProposalAction.REFUSE)
        _require_seen(order, against)
        reason, signed = require_reason(reason), None
        if not signature.is_empty:
            signed = require_signature(actor, order, ProposalAction.REFUSE, reason, signature)
        return finish(actor, order, ProposalAction.REFUSE, moved, reason, signed=signed)


def approve(
    actor: Actor,
    proposal_id: str,
    *,
    password: str,
    reason: str,
    against: Heads,
    address: str,
    signature: Signature = UNSIGNED,
) -> Decided:
    """Appends version n + 1; the earlier ones stay. Raises ``correction.stale`` when a head has
    moved since ``against`` or since the order was written (I10), ``correction.incomplete`` when
    the record would contradict itself or lack evidence, ``signature.*``."""
    _confirm(actor, proposal_id, ProposalAction.APPROVE, password, address)
    with unit_of_work():
        space, order = lock_order(proposal_id)
        require_step(actor, ProposalAction.APPROVE, order)
        moved = _ask(order, actor, ProposalAction.APPROVE)
        _require_seen(order, against)
        reason = require_reason(reason)
        signed = require_signature(actor, order, ProposalAction.APPROVE, reason, signature)
        version, op = write_version(actor, order, space, reason)
        return finish(
            actor, order, ProposalAction.APPROVE, moved, reason,
            version=version, ops=[op], signed=signed,
        )  # fmt: skip


def _confirm(
    actor: Actor, proposal_id: str, action: ProposalAction, password: str, address: str
) -> None:
    """Who may not do it learns so before a password is asked for; it is asked outside the lock."""
    order = get_order(actor, proposal_id)
    require_step(actor, action, order)
    confirm_password(actor.person_id, password, address=address)


def _ask(
    order: Order, actor: Actor, action: ProposalAction, *, reason: str | None = None
) -> ProposalState:
    """The domain's answer; its refusal is raised."""
    looked = order.decision if reason is None else replace(order.decision, reason=reason)
    rule = approval_rule(order.proposal.jurisdiction_id)
    moved = decide(looked, action, actor.person_id, actor.roles, order.heads, rule)
    if isinstance(moved, Refused):
        raise moved.as_fault()
    return moved


def _require_seen(order: Order, against: Heads) -> None:
    if dict(against) != order.heads:
        raise fault("correction.stale")


def _is_about_answer(order: Order) -> bool:
    return all(one.proposal.kind in {"answer.set", "correction.propose"} for one in order.parts)
