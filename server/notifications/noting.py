"""Writes down whom an operation concerns, in the operation's own commit (I28)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from flask import g

from server.db import db
from server.fieldsync.epochs import current_epoch
from server.notifications.models import SideEffect


def note(
    jurisdiction_id: int,
    op: str,
    kind: str,
    person_ids: Iterable[int],
    payload: Mapping[str, Any],
    at: datetime,
) -> None:
    """One row per person, in the running unit of work: it commits, or vanishes, with the deed.
    Nothing is sent here; ``delivery.deliver_due`` does, after the commit."""
    wanted = sorted(set(person_ids))
    if not wanted:
        return
    epoch = current_epoch()
    db.session.add_all(
        SideEffect(
            jurisdiction_id=jurisdiction_id,
            op=op,
            epoch=epoch,
            kind=kind,
            target=f"person:{person_id}",
            person_id=person_id,
            payload=dict(payload),
            made_at=at,
        )
        for person_id in wanted
    )
    db.session.flush()
    g.has_side_effects = True
