"""Use case: writing down that something was done. The table is append-only by trigger."""

from __future__ import annotations

from server.audit.models import AuditEvent
from server.db import db
from server.runtime import now


def write_event(
    jurisdiction_id: int,
    person_id: int | None,
    action: str,
    target: str = "",
    **details: object,
) -> None:
    """Adds an event to the running unit of work: it commits, or vanishes, with the deed."""
    db.session.add(
        AuditEvent(
            jurisdiction_id=jurisdiction_id,
            person_id=person_id,
            action=action,
            target=target,
            details=details,
            at=now(),
        )
    )
