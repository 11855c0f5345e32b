"""Late and unauthorised work kept whole, as a draft correction its author can see (I4, I27)."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from domain.access import Action, Actor, may
from domain.corrections import ProposalState
from domain.errors import fault
from server.accounts.service import is_author_revoked
from server.db import db
from server.fieldsync.entities import find_entity, write_effect
from server.fieldsync.ids import user_space
from server.fieldsync.instants import dump_instant
from server.fieldsync.models import Proposal, Receipt, Space
from server.fieldsync.spaces import lock_space, lock_user_space
from server.fieldsync.visit import find_visit
from server.runtime import now
from sync.operation import Operation, parse_inspection
from sync.outcomes import Applied, Forbidden, Outcome, RejectedLocked, status_of
from sync.rows import Row


def make_proposal(
    receipt: Receipt,
    operation: Operation,
    sent: Mapping[str, Any],
    outcome: Outcome,
    current: Mapping[str, Any],
    against: Mapping[str, str | None],
    at: datetime,
) -> str | None:
    """Keeps the operation as a proposal and shows it in its author's own space, both in the
    running unit of work. None for an outcome that makes none."""
    deliberate = isinstance(outcome, Applied) and outcome.proposes
    if not deliberate and not isinstance(outcome, RejectedLocked | Forbidden):
        return None
    proposal = Proposal(
        id=f"prop_{secrets.token_hex(8)}",
        jurisdiction_id=receipt.jurisdiction_id,
        op=operation.op,
        person_id=receipt.person_id,
        inspection_id=parse_inspection(operation.space),
        space=operation.space,
        entity=operation.entity,
        kind=operation.kind.value,
        status=status_of(outcome),
        payload=dict(sent),
        against=dict(against),
        current=dict(current),
        state=(ProposalState.SUBMITTED if deliberate else ProposalState.DRAFT).value,
        is_author_revoked=is_author_revoked(receipt.person_id, receipt.device),
        made_at=at,
    )
    db.session.add(proposal)
    db.session.flush()
    locked = outcome.locked if isinstance(outcome, RejectedLocked) else None
    _show(proposal, locked, operation.op, at)
    return proposal.id


def lock_proposal(proposal_id: str) -> tuple[Space, Proposal] | None:
    """The proposal under its inspection's lock, read anew, until the commit; None for none of this
    county. What its sheet says is read after this and stays true as long."""
    known = find_proposal(proposal_id)
    space = lock_space(known.space) if known is not None else None
    if known is None or space is None:
        return None
    db.session.refresh(known)
    return space, known


def show_proposal(proposal: Proposal, op: str, decided: Mapping[str, Any] | None = None) -> None:
    """Shows a changed proposal to its author, in the running unit of work. ``decided``:
    ``{"by","at","reason","version"}``."""
    db.session.flush()
    _show(proposal, None, op, now(), decided)


def _show(
    proposal: Proposal,
    locked: Mapping[str, Any] | None,
    op: str,
    at: datetime,
    decided: Mapping[str, Any] | None = None,
) -> None:
    """Writes the ``proposal`` row of the author's space (docs/protocol 13.4)."""
    name = user_space(proposal.person_id)
    space = lock_user_space(proposal.jurisdiction_id, name)
    fields: dict[str, Any] = {
        "op": proposal.op,
        "space": proposal.space,
        "entity": proposal.entity,
        "kind": proposal.kind,
        "status": proposal.status,
        "payload": proposal.payload,
        "current": proposal.current,
        "locked": dict(locked) if locked is not None else _known_lock(name, proposal.id),
        "state": proposal.state,
        "made_at": dump_instant(proposal.made_at),
    }
    if proposal.reason:
        fields["reason"] = proposal.reason
    if proposal.result is not None:
        fields["result"] = proposal.result
    if decided is not None:
        fields["decided"] = dict(decided)
    row = Row("proposal", f"proposal:{proposal.id}", fields, dict.fromkeys(fields, op))
    write_effect(space, op, [row], {}, at)


def _known_lock(space: str, proposal_id: str) -> Any:
    shown = find_entity(space, f"proposal:{proposal_id}")
    return shown.fields.get("locked") if shown is not None else None


def find_proposal(proposal_id: str) -> Proposal | None:
    """By id; None for another county's."""
    return db.session.scalar(select(Proposal).where(Proposal.id == proposal_id))


def get_proposal(actor: Actor, proposal_id: str) -> Proposal:
    """Raises ``correction.not_found`` also for one the actor may not read."""
    found = find_proposal(proposal_id)
    if found is None or not _may_read(actor, found):
        raise fault("correction.not_found")
    return found


def list_proposals(actor: Actor, inspection_id: int | None = None) -> list[Proposal]:
    """Own proposals, and those on sheets whose corrections the actor may read; newest first."""
    query = select(Proposal).where(Proposal.jurisdiction_id == actor.jurisdiction_id)
    if inspection_id is not None:
        query = query.where(Proposal.inspection_id == inspection_id)
    query = query.order_by(Proposal.made_at.desc(), Proposal.id)
    return [one for one in db.session.scalars(query) if _may_read(actor, one)]


def _may_read(actor: Actor, proposal: Proposal) -> bool:
    if proposal.person_id == actor.person_id:
        return True
    visit = find_visit(proposal.space)
    if visit is None:
        return False
    code = find_code(proposal.entity, proposal.payload)
    return may(actor, Action.CORRECTION_READ, visit.target(code))


def find_code(entity: str, payload: Mapping[str, Any]) -> str | None:
    """The sheet a proposal is about, as far as its entity or fields tell."""
    kind, _, rest = entity.partition(":")
    if kind in ("answer", "sheet"):
        return rest.partition("/")[0]
    fields = payload.get("fields") or {}
    if "sheet" in fields:
        return str(fields["sheet"])
    return str(fields.get("from", "")).removeprefix("answer:").partition("/")[0] or None
