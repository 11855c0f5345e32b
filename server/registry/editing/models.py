"""Tables: a checklist being worked on. What is published becomes a ``Checklist`` version."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from server.db import JurisdictionScoped, UtcDateTime, db
from server.registry.models import InspectionItem


class ChecklistDraft(JurisdictionScoped, db.Model):
    """The one draft of a list. ``base_version`` is the version it was begun from, None for a new
    list; ``plan_tasks`` with their places in the plan files, as of ``Checklist``."""

    __tablename__ = "checklist_drafts"
    __table_args__ = (UniqueConstraint("jurisdiction_id", "code"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40))
    base_version: Mapped[int | None]
    title: Mapped[str] = mapped_column(String(120))
    objects: Mapped[str] = mapped_column(String(200))
    plan_tasks: Mapped[list[str]] = mapped_column(JSON, default=list)
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    entries: Mapped[list[DraftEntry]] = relationship(
        order_by="DraftEntry.position",
        back_populates="draft",
        cascade="all, delete-orphan",
    )


class DraftEntry(JurisdictionScoped, db.Model):
    """An entry of a draft. Without an item it cannot be stored (R042). ``content`` is the entry
    as a checklists file writes it, without its code and its item."""

    __tablename__ = "draft_entries"
    __table_args__ = (UniqueConstraint("draft_id", "code"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    draft_id: Mapped[int] = mapped_column(ForeignKey("checklist_drafts.id"), index=True)
    inspection_item_id: Mapped[int] = mapped_column(ForeignKey("inspection_items.id"))
    position: Mapped[int]
    code: Mapped[str] = mapped_column(String(20))
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    draft: Mapped[ChecklistDraft] = relationship(back_populates="entries")
    item: Mapped[InspectionItem] = relationship()
