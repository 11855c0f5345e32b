"""Tables: what was done with a correction order, step by step. Append-only by trigger."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from server.db import JurisdictionScoped, UtcDateTime, db


class CorrectionStep(JurisdictionScoped, db.Model):
    """``action`` as ``domain.corrections.ProposalAction``. ``version`` is the sheet's version that
    an approval made; ``op`` the operation it is in the ledger under: of an order that was taken
    over or asked for again the operation it became."""

    __tablename__ = "correction_steps"
    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[str] = mapped_column(ForeignKey("proposals.id"), index=True)
    action: Mapped[str] = mapped_column(String(12))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int | None]
    op: Mapped[str | None] = mapped_column(String(36))
