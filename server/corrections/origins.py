"""Whose words an order was before its author made them their own (I10)."""

from __future__ import annotations

from sqlalchemy import select

from server.corrections.models import CorrectionStep
from server.db import db
from server.fieldsync.models import Proposal


def list_first_authors(proposal: Proposal) -> list[int]:
    """Everybody but its present author, the latest first. What is taken over, or asked for again,
    leaves the operation it became in the step that closed the earlier order."""
    found: list[int] = []
    earlier = _find_earlier(proposal)
    while earlier is not None:
        if earlier.person_id not in (proposal.person_id, *found):
            found.append(earlier.person_id)
        earlier = _find_earlier(earlier)
    return found


def _find_earlier(proposal: Proposal) -> Proposal | None:
    query = (
        select(Proposal)
        .join(CorrectionStep, CorrectionStep.proposal_id == Proposal.id)
        .where(
            Proposal.inspection_id == proposal.inspection_id,
            Proposal.id != proposal.id,
            CorrectionStep.op == proposal.op,
        )
    )
    return db.session.scalar(query)
