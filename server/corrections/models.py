"""Tables of correction orders: steps, what belongs together, evidence, signatures. Append-only by
trigger."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text
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


class JoinedCorrection(JurisdictionScoped, db.Model):
    """A proposal that is asked for, decided and printed together with another: ``order_id`` is the
    one that names the order. Approved, they are one version."""

    __tablename__ = "joined_corrections"
    proposal_id: Mapped[str] = mapped_column(ForeignKey("proposals.id"), primary_key=True)
    order_id: Mapped[str] = mapped_column(ForeignKey("proposals.id"), index=True)
    place: Mapped[int]


class CorrectionEvidence(JurisdictionScoped, db.Model):
    """A paper or photo that an order is asked for with; its bytes are kept under their hash."""

    __tablename__ = "correction_evidence"
    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[str] = mapped_column(ForeignKey("proposals.id"), index=True)
    sha256: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(200))
    mime: Mapped[str] = mapped_column(String(40))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class CorrectionSignature(JurisdictionScoped, db.Model):
    """What somebody signed a step with: ``strokes`` as on a phone (docs/protocol 13.3), or the name
    they typed where the county takes that. ``digest`` is of what was before their eyes."""

    __tablename__ = "correction_signatures"
    id: Mapped[int] = mapped_column(primary_key=True)
    step_id: Mapped[int] = mapped_column(ForeignKey("correction_steps.id"), unique=True)
    strokes: Mapped[list[Any]] = mapped_column(JSON)
    width: Mapped[int]
    height: Mapped[int]
    typed_name: Mapped[str] = mapped_column(String(80))
    digest: Mapped[str] = mapped_column(String(64))
