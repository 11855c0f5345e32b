"""Tables: 一单两库 — firms, officers, the item list and its checklists."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from server.db import JurisdictionScoped, UtcDateTime, db


class Firm(JurisdictionScoped, db.Model):
    """An inspected object 检查对象; ``tier`` is its credit risk class or None (R033)."""

    __tablename__ = "firms"
    __table_args__ = (UniqueConstraint("jurisdiction_id", "uscc"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    uscc: Mapped[str] = mapped_column(String(18))
    name: Mapped[str] = mapped_column(String(120))
    category: Mapped[str] = mapped_column(String(32), index=True)
    tier: Mapped[str | None] = mapped_column(String(12))
    address: Mapped[str] = mapped_column(String(200), default="")
    contact_name: Mapped[str] = mapped_column(String(64), default="")
    contact_phone: Mapped[str] = mapped_column(String(32), default="")
    licence_no: Mapped[str] = mapped_column(String(64), default="")
    vehicle_count: Mapped[int] = mapped_column(default=0)
    lat_e7: Mapped[int | None]
    lng_e7: Mapped[int | None]
    is_active: Mapped[bool] = mapped_column(default=True)

    @property
    def place(self) -> dict[str, int] | None:
        """Where it is, in units of 1e-7 degree; None where the register does not say."""
        if self.lat_e7 is None or self.lng_e7 is None:
            return None
        return {"lat_e7": self.lat_e7, "lng_e7": self.lng_e7}


class Officer(JurisdictionScoped, db.Model):
    """执法检查人员: in the draw only while active and certified (R001, R010)."""

    __tablename__ = "officers"
    __table_args__ = (UniqueConstraint("jurisdiction_id", "cert_no"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), unique=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("departments.id"), index=True)
    name: Mapped[str] = mapped_column(String(64))
    cert_no: Mapped[str] = mapped_column(String(20))
    cert_expires_on: Mapped[date | None]
    labels: Mapped[list[str]] = mapped_column(JSON, default=list)
    area: Mapped[str] = mapped_column(String(40), default="")
    recused_firm_ids: Mapped[list[int]] = mapped_column(JSON, default=list)
    is_active: Mapped[bool] = mapped_column(default=True)


class InspectionItem(JurisdictionScoped, db.Model):
    """抽查事项: an entry of the published item list (R004–R006)."""

    __tablename__ = "inspection_items"
    __table_args__ = (UniqueConstraint("jurisdiction_id", "code"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(12), default="general")
    objects: Mapped[str] = mapped_column(String(200), default="")


class Checklist(JurisdictionScoped, db.Model):
    """检查表: one immutable version of a list; ``plan_tasks`` are the source's task references."""

    __tablename__ = "checklists"
    __table_args__ = (UniqueConstraint("jurisdiction_id", "code", "version"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40))
    version: Mapped[int]
    title: Mapped[str] = mapped_column(String(120))
    objects: Mapped[str] = mapped_column(String(200), default="")
    plan_tasks: Mapped[list[str]] = mapped_column(JSON, default=list)
    content_sha256: Mapped[str] = mapped_column(String(64))
    imported_at: Mapped[datetime] = mapped_column(UtcDateTime)
    entries: Mapped[list[CheckEntry]] = relationship(
        order_by="CheckEntry.position", back_populates="checklist"
    )

    @property
    def reference(self) -> str:
        """``passenger@1``: how sheets and phones name this version."""
        return f"{self.code}@{self.version}"


class CheckEntry(JurisdictionScoped, db.Model):
    """检查项. ``inspection_item_id`` may not be empty: 清单之外无检查 (R042)."""

    __tablename__ = "check_entries"
    __table_args__ = (UniqueConstraint("checklist_id", "code"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    checklist_id: Mapped[int] = mapped_column(ForeignKey("checklists.id"), index=True)
    inspection_item_id: Mapped[int] = mapped_column(ForeignKey("inspection_items.id"))
    position: Mapped[int]
    code: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text)
    basis: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    methods: Mapped[list[str]] = mapped_column(JSON)
    answer: Mapped[dict[str, Any]] = mapped_column(JSON)
    photo_on_fail: Mapped[bool]
    severity: Mapped[str] = mapped_column(String(12))
    department_name: Mapped[str | None] = mapped_column(String(80))
    checklist: Mapped[Checklist] = relationship(back_populates="entries")
