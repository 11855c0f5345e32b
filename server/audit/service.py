"""Use cases: writing down that something was done, and reading what was done to one thing. The
table is append-only by trigger; its tree is built in ``roots``."""

from __future__ import annotations

from sqlalchemy import select

from server.audit.models import AuditEvent
from server.db import acting_device, db
from server.runtime import now


def write_event(
    jurisdiction_id: int,
    person_id: int | None,
    action: str,
    target: str = "",
    **details: object,
) -> None:
    """Adds an event to the running unit of work: it commits, or vanishes, with the deed. The phone
    it was done on is that of the request's session."""
    db.session.add(
        AuditEvent(
            jurisdiction_id=jurisdiction_id,
            person_id=person_id,
            action=action,
            target=target,
            details=details,
            at=now(),
            device_id=acting_device(),
        )
    )


def list_events(target: str, limit: int = 200) -> list[AuditEvent]:
    """What was done to one thing of the county in sight, the newest first."""
    query = select(AuditEvent).where(AuditEvent.target == target)
    newest = query.order_by(AuditEvent.at.desc(), AuditEvent.id.desc()).limit(limit)
    return list(db.session.scalars(newest))
