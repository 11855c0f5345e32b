"""Table: every class of risk a firm was ever given, never altered; what an import
brought of the past goes with it when it is taken back (R033, R040)."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from server.db import JurisdictionScoped, UtcDateTime, db
from server.registry.models import Firm


class FirmTier(JurisdictionScoped, db.Model):
    """``kind`` is ``credit`` or ``industry``; ``as_of`` the day the class was given, which is not
    the day it was recorded. ``is_worse`` where it is a step up from the class before it. A source
    with ``past/`` before it brought a class older than the one on record."""

    __tablename__ = "firm_tiers"
    __table_args__ = (Index("ix_firm_tiers_worse", "jurisdiction_id", "is_worse", "recorded_at"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    firm_id: Mapped[int] = mapped_column(ForeignKey("firms.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    old: Mapped[str | None] = mapped_column(String(12))
    tier: Mapped[str | None] = mapped_column(String(12))
    as_of: Mapped[date]
    is_worse: Mapped[bool]
    source: Mapped[str] = mapped_column(String(40))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    firm: Mapped[Firm] = relationship()
