"""Tables: one visit to one firm, its team, and one result sheet per department."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from server.db import JurisdictionScoped, UtcDateTime, db

if TYPE_CHECKING:
    from server.accounts.models import Department
    from server.draws.models import Draw
    from server.planning.models import PlanTask
    from server.registry.models import Firm, Officer


class Inspection(JurisdictionScoped, db.Model):
    """检查. It cannot exist without a draw: 平台之外无抽查 (R041). ``withdrawn_at``: it is
    not to be made after all, because its draw was made again or its firm withdrawn before anybody
    had begun; it stays on record and counts nowhere."""

    __tablename__ = "inspections"
    __table_args__ = (
        UniqueConstraint("draw_id", "firm_id"),
        UniqueConstraint("jurisdiction_id", "number"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(40))
    draw_id: Mapped[int] = mapped_column(ForeignKey("draws.id"), index=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("plan_tasks.id"), index=True)
    firm_id: Mapped[int] = mapped_column(ForeignKey("firms.id"), index=True)
    planned_on: Mapped[date | None] = mapped_column(index=True)
    ended_on: Mapped[date | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    team: Mapped[list[TeamMember]] = relationship(
        order_by="TeamMember.position", back_populates="inspection"
    )
    sheets: Mapped[list[Sheet]] = relationship(order_by="Sheet.id", back_populates="inspection")
    draw: Mapped[Draw] = relationship()
    task: Mapped[PlanTask] = relationship()
    firm: Mapped[Firm] = relationship()

    @property
    def space(self) -> str:
        """Name of this inspection's sync space."""
        return f"insp:{self.id}"


class TeamMember(db.Model):
    """An officer matched to an inspection by the draw; at least two per department (R048)."""

    __tablename__ = "team_members"
    inspection_id: Mapped[int] = mapped_column(ForeignKey("inspections.id"), primary_key=True)
    officer_id: Mapped[int] = mapped_column(ForeignKey("officers.id"), primary_key=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("departments.id"))
    position: Mapped[int]
    is_lead: Mapped[bool] = mapped_column(default=False)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    inspection: Mapped[Inspection] = relationship(back_populates="team")
    officer: Mapped[Officer] = relationship()
    department: Mapped[Department] = relationship()


class Sheet(JurisdictionScoped, db.Model):
    """结果单 of one department. Once ``entered`` the triggers let only ``published`` follow,
    and ``entered`` again once its publication is void (R079).

    ``lists`` is ``[{"list": "passenger@1", "items": ["PAX-01", …]}, …]``, fixed at creation:
    an open inspection keeps its checklist version, unless ``relisting`` gives it a newer one.
    """

    __tablename__ = "sheets"
    __table_args__ = (
        UniqueConstraint("inspection_id", "code"),
        Index("ix_sheets_jurisdiction_id_ended_on", "jurisdiction_id", "ended_on"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    inspection_id: Mapped[int] = mapped_column(ForeignKey("inspections.id"), index=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("departments.id"))
    code: Mapped[str] = mapped_column(String(12))
    lists: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(12), default="open", index=True)
    ended_on: Mapped[date | None]
    submitted_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    accepted_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    return_reason: Mapped[str] = mapped_column(Text, default="")
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    entered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    entered_op: Mapped[str | None] = mapped_column(String(36))
    entered_version: Mapped[int | None]
    results: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    result_code: Mapped[int | None]
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    inspection: Mapped[Inspection] = relationship(back_populates="sheets")
    department: Mapped[Department] = relationship()


class DaySummary(JurisdictionScoped, db.Model):
    """当日小结: what a lead signed about their department's day. Append-only by trigger; who signs
    again adds the next ``number``. ``content`` is canonical JSON (``domain.day_summary``),
    ``digest`` its SHA-256. Either ``strokes`` in a box of ``width`` × ``height``, or
    ``typed_name``."""

    __tablename__ = "day_summaries"
    __table_args__ = (UniqueConstraint("person_id", "day", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("departments.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    day: Mapped[date] = mapped_column(index=True)
    number: Mapped[int]
    content: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64))
    remark: Mapped[str] = mapped_column(Text)
    strokes: Mapped[list[Any]] = mapped_column(JSON)
    width: Mapped[int]
    height: Mapped[int]
    typed_name: Mapped[str] = mapped_column(String(80))
    signed_at: Mapped[datetime] = mapped_column(UtcDateTime)
