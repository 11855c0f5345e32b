"""Tables: the outbox of side effects, keyed by the operation that caused them (I28)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from server.db import JurisdictionScoped, UtcDateTime, db


class SideEffect(JurisdictionScoped, db.Model):
    """One thing to tell one person, written in the commit of operation ``op``.

    ``taken_at`` is committed before it is sent, ``done_at`` and ``outcome`` after: ``sent``,
    ``failed``, or ``unknown`` where nobody can say whether it left.
    """

    __tablename__ = "side_effects"
    __table_args__ = (
        UniqueConstraint("op", "epoch", "kind", "target"),
        Index("ix_side_effects_waiting", "taken_at", "id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    op: Mapped[str] = mapped_column(String(36))
    epoch: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(40))
    target: Mapped[str] = mapped_column(String(60))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    taken_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    outcome: Mapped[str | None] = mapped_column(String(12))
