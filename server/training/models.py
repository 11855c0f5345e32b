"""Tables: trainings and who attended (R119)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Numeric, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from server.db import JurisdictionScoped, UtcDateTime, db


class Training(JurisdictionScoped, db.Model):
    """``kind`` of ``domain.training.TrainingKind``; ``name`` 培训班名称, ``content`` 培训内容,
    ``held_by`` who taught; ``document_sha256`` its material, empty without. What was recorded by
    mistake is taken back with ``reason`` and recorded anew: nothing else is ever changed."""

    __tablename__ = "trainings"
    id: Mapped[int] = mapped_column(primary_key=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("departments.id"))
    kind: Mapped[str] = mapped_column(String(12))
    held_on: Mapped[date] = mapped_column(index=True)
    hours: Mapped[Decimal] = mapped_column(Numeric(5, 1))
    name: Mapped[str] = mapped_column(String(200))
    content: Mapped[str] = mapped_column(Text)
    place: Mapped[str] = mapped_column(String(80))
    held_by: Mapped[str] = mapped_column(String(80))
    document_sha256: Mapped[str] = mapped_column(String(64), default="")
    document_name: Mapped[str] = mapped_column(String(200), default="")
    recorded_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    removed_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(Text, default="")
    attendees: Mapped[list[TrainingAttendee]] = relationship(order_by="TrainingAttendee.id")


class TrainingAttendee(JurisdictionScoped, db.Model):
    """An officer of the register, or an account that is none's."""

    __tablename__ = "training_attendees"
    id: Mapped[int] = mapped_column(primary_key=True)
    training_id: Mapped[int] = mapped_column(ForeignKey("trainings.id"), index=True)
    officer_id: Mapped[int | None] = mapped_column(ForeignKey("officers.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
