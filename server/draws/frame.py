"""The frame in which a draw is published: what was said in the room, and what it replaced. None of
it is hashed; the record stands beside it (R044, R051)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from server.accounts.service import get_person
from server.db import db
from server.draws.models import Draw, Redraw
from server.draws.redrawing import APPROVED

# What the room's record holds for the public; nothing in it is anybody's row id.
PUBLISHED = (
    "needed", "place", "began_at", "operator", "witness", "platform", "present", "meeting",
    "source", "rolls", "closed_at", "lottery", "ratio",
)  # fmt: skip


def frame_of(draw: Draw) -> dict[str, Any]:
    """JSON-ready: ``state``, ``ceremony``, ``replaces`` and ``replaced_by`` (published numbers or
    None), ``redraw`` (why it was set aside, who asked, who approved, when; None where it was
    not)."""
    earlier = db.session.get(Draw, draw.replaces_id) if draw.replaces_id else None
    later = db.session.scalars(
        select(Draw.public_id).where(Draw.replaces_id == draw.id).order_by(Draw.id.desc())
    ).first()
    return {
        "state": str(draw.state),
        "ceremony": {key: draw.ceremony[key] for key in PUBLISHED if key in draw.ceremony},
        "replaces": earlier.public_id if earlier else None,
        "replaced_by": later,
        "redraw": _redraw(draw.id),
    }


def _redraw(draw_id: int) -> dict[str, Any] | None:
    query = select(Redraw).where(Redraw.draw_id == draw_id, Redraw.decision == APPROVED)
    found = db.session.scalar(query)
    if found is None or found.decided_by is None or found.decided_at is None:
        return None
    return {
        "reason": found.reason,
        "requested_by": get_person(found.requested_by).name,
        "requested_at": found.requested_at.isoformat(timespec="seconds"),
        "approved_by": get_person(found.decided_by).name,
        "approved_at": found.decided_at.isoformat(timespec="seconds"),
    }
