"""Tables: materials handed to the department that leads a joint task (R102), append-only."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from server.db import JurisdictionScoped, UtcDateTime, db


class MaterialHandover(JurisdictionScoped, db.Model):
    """报送资料: what a department handed to ``to_department_id`` on ``handed_on``, for every visit
    of the task that had ended by then and was not handed over before. ``what`` are the materials,
    ``lessons`` the experience and problems in words."""

    __tablename__ = "material_handovers"
    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("plan_tasks.id"), index=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("departments.id"))
    to_department_id: Mapped[int] = mapped_column(ForeignKey("departments.id"))
    handed_on: Mapped[date]
    what: Mapped[str] = mapped_column(Text)
    lessons: Mapped[str] = mapped_column(Text)
    recorded_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sheets: Mapped[list[MaterialSheet]] = relationship(order_by="MaterialSheet.sheet_id")
    taken_back: Mapped[MaterialWithdrawal | None] = relationship()


class MaterialSheet(JurisdictionScoped, db.Model):
    """One department's part of a visit whose materials were handed over; each once by what was not
    taken back."""

    __tablename__ = "material_sheets"
    sheet_id: Mapped[int] = mapped_column(ForeignKey("sheets.id"), primary_key=True)
    handover_id: Mapped[int] = mapped_column(
        ForeignKey("material_handovers.id"), primary_key=True, index=True
    )


class MaterialWithdrawal(JurisdictionScoped, db.Model):
    """A handover recorded by mistake, taken back with a reason: it stays on record and counts for
    nothing any more."""

    __tablename__ = "material_withdrawals"
    __table_args__ = (UniqueConstraint("handover_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    handover_id: Mapped[int] = mapped_column(ForeignKey("material_handovers.id"))
    reason: Mapped[str] = mapped_column(Text)
    recorded_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
