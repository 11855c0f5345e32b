"""Tables: entered versions of a sheet. Append-only by trigger, whoever writes (DESIGN §5.3)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from server.db import JurisdictionScoped, UtcDateTime, db


class SheetVersion(JurisdictionScoped, db.Model):
    """What was signed: ``content`` is canonical JSON, ``digest`` its SHA-256 (docs/protocol 13.5).

    ``snapshot`` holds the same sheet with texts, names and codes as they were, for people. From
    version 2 on ``op`` is the proposal's operation and ``entered_by`` approved it.
    """

    __tablename__ = "sheet_versions"
    __table_args__ = (UniqueConstraint("sheet_id", "version"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    sheet_id: Mapped[int] = mapped_column(ForeignKey("sheets.id"), index=True)
    version: Mapped[int]
    op: Mapped[str] = mapped_column(String(36))
    content: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64))
    result_code: Mapped[int]
    entered_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    snapshot: Mapped[dict[str, Any]] = mapped_column(JSON)


class SheetCosigner(JurisdictionScoped, db.Model):
    """A second officer who entered the same content while the first had just locked it."""

    __tablename__ = "sheet_cosigners"
    __table_args__ = (UniqueConstraint("sheet_version_id", "person_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    sheet_version_id: Mapped[int] = mapped_column(ForeignKey("sheet_versions.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    op: Mapped[str] = mapped_column(String(36))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
