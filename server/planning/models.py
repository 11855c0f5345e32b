"""Tables: annual plans and their tasks, with every cell's original text kept."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, ForeignKey, Numeric, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from server.db import JurisdictionScoped, UtcDateTime, db


class Plan(JurisdictionScoped, db.Model):
    """年度抽查计划 as imported from one file (R013, R019–R021)."""

    __tablename__ = "plans"
    __table_args__ = (UniqueConstraint("jurisdiction_id", "file_sha256"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    year: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    file_name: Mapped[str] = mapped_column(String(200))
    file_sha256: Mapped[str] = mapped_column(String(64))
    imported_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    imported_at: Mapped[datetime] = mapped_column(UtcDateTime)
    tasks: Mapped[list[PlanTask]] = relationship(order_by="PlanTask.row_no", back_populates="plan")


class PlanTask(JurisdictionScoped, db.Model):
    """抽查任务: one row of a plan. ``ownership``: initiating, cooperating, other or city."""

    __tablename__ = "plan_tasks"
    __table_args__ = (UniqueConstraint("plan_id", "row_no"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"), index=True)
    row_no: Mapped[int]
    task_no: Mapped[str] = mapped_column(String(40))
    official_no: Mapped[str | None] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(Text)
    item_text: Mapped[str] = mapped_column(Text, default="")
    object_scope: Mapped[str] = mapped_column(Text, default="")
    ratio_text: Mapped[str] = mapped_column(String(200), default="")
    ratio_percent: Mapped[Decimal | None] = mapped_column(Numeric(5, 2))
    is_minimum: Mapped[bool] = mapped_column(default=False)
    times_per_year: Mapped[int | None]
    fixed_count: Mapped[int | None]
    risk_text: Mapped[str] = mapped_column(Text, default="")
    uses_risk: Mapped[bool] = mapped_column(default=False)
    window_text: Mapped[str] = mapped_column(String(80), default="")
    start_month: Mapped[int | None]
    end_month: Mapped[int | None]
    draw_type: Mapped[str] = mapped_column(String(16), default="")
    draw_mode: Mapped[str] = mapped_column(String(80), default="")
    initiators: Mapped[list[str]] = mapped_column(JSON, default=list)
    cooperators: Mapped[list[str]] = mapped_column(JSON, default=list)
    inspecting_bodies: Mapped[list[str]] = mapped_column(JSON, default=list)
    ownership: Mapped[str] = mapped_column(String(16))
    category: Mapped[str | None] = mapped_column(String(32))
    checklist_codes: Mapped[list[str]] = mapped_column(JSON, default=list)
    notes: Mapped[list[str]] = mapped_column(JSON, default=list)
    cells: Mapped[dict[str, Any]] = mapped_column(JSON)
    plan: Mapped[Plan] = relationship(back_populates="tasks")
