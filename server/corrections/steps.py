"""The history of an order: who did what, when and why. Append-only by trigger."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from domain.access import Actor
from domain.corrections import ProposalAction
from server.audit.service import write_event
from server.corrections.models import CorrectionStep
from server.db import db


def list_steps(proposal_id: str) -> list[CorrectionStep]:
    """In the order in which they were taken."""
    query = select(CorrectionStep).where(CorrectionStep.proposal_id == proposal_id)
    return list(db.session.scalars(query.order_by(CorrectionStep.id)))


def add_step(
    actor: Actor,
    proposal_id: str,
    action: ProposalAction,
    at: datetime,
    *,
    reason: str = "",
    version: int | None = None,
    op: str | None = None,
) -> None:
    """Into the running unit of work, with its line in the audit log."""
    db.session.add(
        CorrectionStep(
            jurisdiction_id=actor.jurisdiction_id,
            proposal_id=proposal_id,
            action=action.value,
            person_id=actor.person_id,
            at=at,
            reason=reason,
            version=version,
            op=op,
        )
    )
    told = {"version": version} if version is not None else {}
    write_event(
        actor.jurisdiction_id, actor.person_id, f"correction.{action.value}", proposal_id, **told
    )
