"""Tables: annual plans and their tasks, with every cell's original text kept."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, ForeignKey, Numeric, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from server.db import JurisdictionScoped, UtcDateTime, db


class Plan(JurisdictionScoped, db.Model):
    """年度抽查计划 from one file, or written by hand (R013, R019–R021).

    ``state``: ``draft`` is still being written, its tasks cannot be drawn; ``imported`` came from a
    file that was issued elsewhere, can be drawn and still be mended; ``published`` changes by an
    adjustment only. ``file_sha256`` of a plan without a file is made up, so that it is unique.
    ``phases`` of a campaign: ``{"name", "starts_on", "ends_on"}`` each, days in ISO (R122).
    """

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
    state: Mapped[str] = mapped_column(String(12), default="imported")
    document_no: Mapped[str] = mapped_column(String(80), default="")
    phases: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    tasks: Mapped[list[PlanTask]] = relationship(order_by="PlanTask.row_no", back_populates="plan")

    @property
    def standing_tasks(self) -> list[PlanTask]:
        """As the plan stands now: without what an adjustment dropped."""
        return [task for task in self.tasks if task.dropped_at is None]

    @property
    def counted_tasks(self) -> list[PlanTask]:
        """What counts and can be drawn: nothing of a draft, and each task of two plans once."""
        if self.state == "draft":
            return []
        return [task for task in self.standing_tasks if task.counted_as_id is None]


class PlanTask(JurisdictionScoped, db.Model):
    """抽查任务: one row of a plan. ``ownership``: initiating, cooperating, other or city.

    ``counted_as_id`` is the row of another plan that stands for this one: the same task written in
    two plans is counted and drawn once. ``dropped_at``: taken out by an adjustment, kept because
    versions and draws speak of it. ``responsible_unit`` 责任股所, ``completion_text`` 完成时限.
    """

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
    lead_units: Mapped[list[str]] = mapped_column(JSON, default=list)
    item_codes: Mapped[list[str]] = mapped_column(JSON, default=list)
    responsible_unit: Mapped[str] = mapped_column(String(80), default="")
    completion_text: Mapped[str] = mapped_column(String(80), default="")
    counted_as_id: Mapped[int | None]
    dropped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    plan: Mapped[Plan] = relationship(back_populates="tasks")


class PlanVersion(JurisdictionScoped, db.Model):
    """One version of a plan, whole, never altered: ``content`` holds the table as printed and each
    task's values, ``content_sha256`` is of its canonical JSON. Only its publication and its report
    上报 to the county office are added later."""

    __tablename__ = "plan_versions"
    __table_args__ = (UniqueConstraint("plan_id", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"), index=True)
    number: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    content_sha256: Mapped[str] = mapped_column(String(64))
    made_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reported_on: Mapped[date | None]
    report_no: Mapped[str] = mapped_column(String(80), default="")
    reported_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    plan: Mapped[Plan] = relationship()

    @property
    def short_columns(self) -> list[str]:
        """Whose cells are a word or a date each: broken in two they could not be read."""
        rows: list[dict[str, str]] = [task["cells"] for task in self.content["tasks"]]
        return [
            column
            for column in self.content["columns"]
            if all(len(cells.get(column, "")) <= 8 for cells in rows)
        ]

    @property
    def head_column(self) -> str:
        """The column that names a row: of a numbered table the second."""
        columns: list[str] = self.content["columns"]
        return columns[1] if columns[0] == "序号" else columns[0]


class PlanAdjustment(JurisdictionScoped, db.Model):
    """计划调整单 (R016, R017): one task added, dropped or changed. ``before`` and ``after`` are its
    values (empty for what is not there). ``state``: requested, approved, refused or withdrawn;
    none is ever deleted."""

    __tablename__ = "plan_adjustments"
    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"), index=True)
    kind: Mapped[str] = mapped_column(String(8))
    task_id: Mapped[int | None] = mapped_column(ForeignKey("plan_tasks.id"), index=True)
    before: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    after: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    reason: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(12), default="requested")
    document_sha256: Mapped[str] = mapped_column(String(64))
    document_name: Mapped[str] = mapped_column(String(200))
    requested_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decision_reason: Mapped[str] = mapped_column(Text, default="")
    version_number: Mapped[int | None]
    plan: Mapped[Plan] = relationship()


class TaskLink(JurisdictionScoped, db.Model):
    """What a person decided about a row of the bureau's joint plan and one of the county's: the
    same task (``confirmed``) or not (``rejected``) (part 7 rows 6, 7)."""

    __tablename__ = "task_links"
    __table_args__ = (UniqueConstraint("own_task_id", "county_task_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    own_task_id: Mapped[int] = mapped_column(ForeignKey("plan_tasks.id"))
    county_task_id: Mapped[int] = mapped_column(ForeignKey("plan_tasks.id"))
    state: Mapped[str] = mapped_column(String(12))
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)
