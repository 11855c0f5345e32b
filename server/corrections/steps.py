"""The history of an order: who did what, when and why. Append-only by trigger."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from domain.access import Actor
from domain.corrections import ProposalAction
from server.corrections.models import CorrectionStep
from server.db import db


def list_steps(proposal_id: str) -> list[CorrectionStep]:
    """In the order in which they were taken."""
    query = select(CorrectionStep).where(CorrectionStep.proposal_id == proposal_id)
    return list(db.session.scalars(query.order_by(CorrectionStep.id)))


def map_versions(proposal_ids: Sequence[str]) -> dict[str, int]:
    """Order → the version its approval made; orders that made none are left out."""
    query = select(CorrectionStep.proposal_id, CorrectionStep.version).where(
        CorrectionStep.proposal_id.in_(proposal_ids), CorrectionStep.version.is_not(None)
    )
    return {row[0]: row[1] for row in db.session.execute(query) if row[1] is not None}


def add_step(
    actor: Actor,
    proposal_id: str,
    action: ProposalAction,
    at: datetime,
    *,
    reason: str = "",
    version: int | None = None,
    op: str | None = None,
) -> CorrectionStep:
    """Into the running unit of work."""
    step = CorrectionStep(
        jurisdiction_id=actor.jurisdiction_id,
        proposal_id=proposal_id,
        action=action.value,
        person_id=actor.person_id,
        at=at,
        reason=reason,
        version=version,
        op=op,
    )
    db.session.add(step)
    return step
