"""Tables: receipts of the official platform and publications. Append-only by trigger: a mistake is
a later entry with its reason."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from server.db import JurisdictionScoped, UtcDateTime, db


class PlatformReceipt(JurisdictionScoped, db.Model):
    """平台回执 of one version of a department's sheet. The newest entry of a version counts;
    ``is_void`` says that the ones before it were about something else. ``document_sha256`` is the
    proof, empty without one."""

    __tablename__ = "platform_receipts"
    id: Mapped[int] = mapped_column(primary_key=True)
    sheet_id: Mapped[int] = mapped_column(ForeignKey("sheets.id"), index=True)
    version: Mapped[int]
    number: Mapped[str] = mapped_column(String(80))
    received_on: Mapped[date]
    document_sha256: Mapped[str] = mapped_column(String(64), default="")
    document_name: Mapped[str] = mapped_column(String(200), default="")
    is_void: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(Text, default="")
    recorded_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Publication(JurisdictionScoped, db.Model):
    """公示 of one version: where (``channel``, ``address``), since when, and the proof. As a
    receipt, the newest entry of a version counts."""

    __tablename__ = "publications"
    id: Mapped[int] = mapped_column(primary_key=True)
    sheet_id: Mapped[int] = mapped_column(ForeignKey("sheets.id"), index=True)
    version: Mapped[int]
    channel: Mapped[str] = mapped_column(String(80))
    published_on: Mapped[date]
    address: Mapped[str] = mapped_column(String(500), default="")
    document_sha256: Mapped[str] = mapped_column(String(64), default="")
    document_name: Mapped[str] = mapped_column(String(200), default="")
    is_void: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(Text, default="")
    recorded_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
