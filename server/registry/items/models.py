"""Tables: versions of items, their guides, the provincial list, and what was published."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from server.db import JurisdictionScoped, UtcDateTime, db


class ItemVersion(JurisdictionScoped, db.Model):
    """An item as it stood from ``in_force_on`` on, append-only by trigger: what was drawn and
    checked by it can be read again. ``fields`` has every column of ``items.fields.FIELDS``."""

    __tablename__ = "item_versions"
    __table_args__ = (UniqueConstraint("item_id", "version"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("inspection_items.id"), index=True)
    version: Mapped[int]
    fields: Mapped[dict[str, Any]] = mapped_column(JSON)
    in_force_on: Mapped[date]
    reason: Mapped[str] = mapped_column(String(200), default="")
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ItemGuide(JurisdictionScoped, db.Model):
    """工作指引 of an item (R008), one row per confirmation, the newest holds. ``item_version`` is
    the version it was confirmed for: older than the item's, it has fallen behind the list."""

    __tablename__ = "item_guides"
    __table_args__ = (UniqueConstraint("item_id", "version"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("inspection_items.id"), index=True)
    version: Mapped[int]
    item_version: Mapped[int]
    steps: Mapped[str] = mapped_column(Text)
    materials: Mapped[str] = mapped_column(Text, default="")
    points: Mapped[str] = mapped_column(Text, default="")
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    confirmed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ProvinceItem(JurisdictionScoped, db.Model):
    """A line of the provincial list as last imported (R012). ``fields`` as of an item."""

    __tablename__ = "province_items"
    __table_args__ = (UniqueConstraint("jurisdiction_id", "code"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int]
    code: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(200))
    fields: Mapped[dict[str, Any]] = mapped_column(JSON)
    file_name: Mapped[str] = mapped_column(String(200))
    imported_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ItemPublication(JurisdictionScoped, db.Model):
    """The item list as it was made public (R004), append-only by trigger. ``items`` is what the
    public page shows, ``sha256`` of its canonical JSON."""

    __tablename__ = "item_publications"
    __table_args__ = (UniqueConstraint("jurisdiction_id", "edition"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    edition: Mapped[int]
    items: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    sha256: Mapped[str] = mapped_column(String(64))
    published_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
