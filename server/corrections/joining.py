"""What is asked for, decided and printed together: one order of several proposals. The first names
the order; approved, all of them are one version."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from domain.access import Actor
from server.corrections.models import JoinedCorrection
from server.db import db
from server.fieldsync import service as fieldsync
from server.fieldsync.models import Proposal


def join_proposals(actor: Actor, order_id: str, proposal_ids: Sequence[str]) -> None:
    """Into the running unit of work, in this order, behind the one that names it."""
    db.session.add_all(
        JoinedCorrection(
            jurisdiction_id=actor.jurisdiction_id, proposal_id=one, order_id=order_id, place=place
        )
        for place, one in enumerate(proposal_ids, start=1)
    )
    db.session.flush()


def find_order_id(proposal_id: str) -> str:
    """The order a proposal belongs to: mostly it is one by itself."""
    query = select(JoinedCorrection.order_id).where(JoinedCorrection.proposal_id == proposal_id)
    return db.session.scalar(query) or proposal_id


def list_joined(order_id: str) -> list[Proposal]:
    """The proposals that stand behind the one that names the order."""
    query = select(JoinedCorrection.proposal_id).where(JoinedCorrection.order_id == order_id)
    ids = db.session.scalars(query.order_by(JoinedCorrection.place))
    found = (fieldsync.find_proposal(one) for one in list(ids))
    return [one for one in found if one is not None]


def list_leading(proposals: Sequence[Proposal]) -> list[Proposal]:
    """Without those that stand behind another: one line for each order."""
    ids = [one.id for one in proposals]
    query = select(JoinedCorrection.proposal_id).where(JoinedCorrection.proposal_id.in_(ids))
    behind = set(db.session.scalars(query))
    return [one for one in proposals if one.id not in behind]


def list_orders_of(actor: Actor, inspection_id: int | None = None) -> list[Proposal]:
    """The orders in sight, as ``fieldsync.list_proposals``, each once; newest first."""
    return list_leading(fieldsync.list_proposals(actor, inspection_id))
