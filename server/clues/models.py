"""Tables: a clue, its evidence and its steps; how often an address reported or tried a code."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from server.db import JurisdictionScoped, UtcDateTime, db

if TYPE_CHECKING:
    from server.accounts.models import Department
    from server.registry.models import Firm


class Clue(JurisdictionScoped, db.Model):
    """线索 (``domain.clues``). What was reported never changes and is never deleted; where it
    stands does, step by step. ``key`` is the hash of one sent form, so that it counts once;
    ``code_sha256`` of the query code that only the reporter has. ``contact`` is empty for an
    anonymous report. ``inspection_id``: reported from the page of that visit. ``accept_by`` and
    ``finish_by`` are what its clock runs to; ``public_answer`` is what the reporter reads.
    """

    __tablename__ = "clues"
    __table_args__ = (
        UniqueConstraint("jurisdiction_id", "number"),
        UniqueConstraint("jurisdiction_id", "key"),
        CheckConstraint("state <> 'merged' OR merged_into_id IS NOT NULL", name="merged"),
        CheckConstraint("state <> 'assigned' OR department_id IS NOT NULL", name="assigned"),
        CheckConstraint("state <> 'transferred' OR body <> ''", name="transferred"),
        CheckConstraint("state <> 'closed' OR public_answer <> ''", name="answered"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(16))
    key: Mapped[str] = mapped_column(String(64))
    code_sha256: Mapped[str] = mapped_column(String(64))
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    kind: Mapped[str] = mapped_column(String(16))
    what: Mapped[str] = mapped_column(Text)
    happened: Mapped[str] = mapped_column(String(80), default="")
    place: Mapped[str] = mapped_column(String(200), default="")
    firm_text: Mapped[str] = mapped_column(String(120), default="")
    contact: Mapped[str] = mapped_column(String(120), default="")
    inspection_id: Mapped[int | None] = mapped_column(ForeignKey("inspections.id"))
    state: Mapped[str] = mapped_column(String(12), default="received", index=True)
    accept_by: Mapped[date]
    finish_by: Mapped[date | None]
    firm_id: Mapped[int | None] = mapped_column(ForeignKey("firms.id"), index=True)
    department_id: Mapped[int | None] = mapped_column(ForeignKey("departments.id"), index=True)
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"))
    body: Mapped[str] = mapped_column(String(80), default="")
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("clues.id"))
    public_answer: Mapped[str] = mapped_column(Text, default="")
    revision: Mapped[int] = mapped_column(default=1)
    firm: Mapped[Firm | None] = relationship()
    department: Mapped[Department | None] = relationship()
    merged_into: Mapped[Clue | None] = relationship(remote_side="Clue.id")
    papers: Mapped[list[CluePaper]] = relationship(order_by="CluePaper.id", back_populates="clue")
    steps: Mapped[list[ClueStep]] = relationship(order_by="ClueStep.id", back_populates="clue")

    @property
    def running_since(self) -> datetime | None:
        """When it was accepted or taken up again last: ``finish_by`` is counted from then."""
        at = [one.at for one in self.steps if one.action in ("accept", "reopen")]
        return at[-1] if at else None


class CluePaper(JurisdictionScoped, db.Model):
    """A photo or PDF of the reporter, append-only. Where and when the camera says it was taken is
    for the office alone."""

    __tablename__ = "clue_papers"
    id: Mapped[int] = mapped_column(primary_key=True)
    clue_id: Mapped[int] = mapped_column(ForeignKey("clues.id"), index=True)
    sha256: Mapped[str] = mapped_column(String(64))
    mime: Mapped[str] = mapped_column(String(40))
    lat_e7: Mapped[int | None]
    lng_e7: Mapped[int | None]
    taken: Mapped[str] = mapped_column(String(40), default="")
    clue: Mapped[Clue] = relationship(back_populates="papers")


class ClueStep(JurisdictionScoped, db.Model):
    """Append-only by trigger. ``person_id`` is None for the report itself; ``details`` are what the
    step set, as it was then."""

    __tablename__ = "clue_steps"
    id: Mapped[int] = mapped_column(primary_key=True)
    clue_id: Mapped[int] = mapped_column(ForeignKey("clues.id"), index=True)
    action: Mapped[str] = mapped_column(String(12))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(Text, default="")
    answer: Mapped[str] = mapped_column(Text, default="")
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    document_sha256: Mapped[str | None] = mapped_column(String(64))
    document_name: Mapped[str] = mapped_column(String(200), default="")
    clue: Mapped[Clue] = relationship(back_populates="steps")


class ClueAttempt(JurisdictionScoped, db.Model):
    """One report or one wrong code of an address, kept for a day. ``key`` is a keyed hash of the
    address and that day, beside no clue: who reported is not to be read from it."""

    __tablename__ = "clue_attempts"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(8))
    key: Mapped[str] = mapped_column(String(64), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
