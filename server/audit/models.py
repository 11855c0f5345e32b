"""Tables: the audit log, the place of each event in the county's tree, and the tree's roots."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from server.db import JurisdictionScoped, UtcDateTime, db


class AuditEvent(JurisdictionScoped, db.Model):
    """Somebody did something that matters. Append-only by trigger; no personal data in
    ``details`` beyond ids. ``device_id``: the phone the session was opened on, empty at a desk and
    before the trail; no reference, because the entry outlives the phone."""

    __tablename__ = "audit_events"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    action: Mapped[str] = mapped_column(String(40))
    target: Mapped[str] = mapped_column(String(120), default="")
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    device_id: Mapped[str | None] = mapped_column(String(40))


class AuditLeaf(JurisdictionScoped, db.Model):
    """The place of an event in its county's tree, given when a root is made and never changed.

    On PostgreSQL an event with a smaller id may commit after one with a larger: places follow the
    order in which events were there to be seen, never the ids. ``hash``: 64 hex digits.
    Append-only by trigger."""

    __tablename__ = "audit_leaves"
    __table_args__ = (Index("uq_audit_leaves_place", "jurisdiction_id", "place", unique=True),)
    event_id: Mapped[int] = mapped_column(ForeignKey("audit_events.id"), primary_key=True)
    place: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))


class AuditRoot(JurisdictionScoped, db.Model):
    """The root over the first ``size`` places of a county, signed with the custody key.

    ``document`` is the canonical text that was signed, ``root`` and ``size`` are what it says;
    ``previous`` is the root before it. Append-only by trigger."""

    __tablename__ = "audit_roots"
    id: Mapped[int] = mapped_column(primary_key=True)
    size: Mapped[int]
    root: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    previous: Mapped[str] = mapped_column(String(64), default="")
    document: Mapped[str] = mapped_column(Text)
    key_id: Mapped[str] = mapped_column(ForeignKey("custody_keys.key_id"))
    signature: Mapped[str] = mapped_column(String(86))
