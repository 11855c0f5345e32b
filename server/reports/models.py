"""Tables: reports as they were made, what is entered for them by hand, and by when they are due."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from server.db import JurisdictionScoped, UtcDateTime, db


class Report(JurisdictionScoped, db.Model):
    """A report, frozen: ``content`` is canonical JSON with every number and the ids behind it,
    ``digest`` its SHA-256. Append-only by trigger. ``period`` is what it is about (``2026``,
    ``2026-10``, a task's id and type), ``subject`` that task's name; made again it is the next
    ``number`` of that."""

    __tablename__ = "reports"
    __table_args__ = (UniqueConstraint("jurisdiction_id", "kind", "period", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))
    period: Mapped[str] = mapped_column(String(40))
    number: Mapped[int]
    subject: Mapped[str] = mapped_column(Text, default="")
    day: Mapped[date]
    # Ids of 200,000 visits are a megabyte or two: read with the report, not with the list.
    content: Mapped[str] = mapped_column(Text, deferred=True)
    digest: Mapped[str] = mapped_column(String(64))
    made_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ReportEntry(JurisdictionScoped, db.Model):
    """What no record of a visit can tell: a meeting, a document, a training, a paper of a draw
    (``domain.reports.entries.EntryKind``). ``number`` is the document's, ``people`` how many were
    trained, ``text`` in what. ``removed_at``: taken back; reports made before keep it."""

    __tablename__ = "report_entries"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    day: Mapped[date] = mapped_column(index=True)
    name: Mapped[str] = mapped_column(String(200))
    number: Mapped[str] = mapped_column(String(80), default="")
    people: Mapped[int | None]
    text: Mapped[str] = mapped_column(Text, default="")
    entered_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ReportHead(JurisdictionScoped, db.Model):
    """单位名称, 联系人, 联系电话, 手机 on every form; one row per county."""

    __tablename__ = "report_heads"
    __table_args__ = (UniqueConstraint("jurisdiction_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    unit: Mapped[str] = mapped_column(String(80), default="")
    name: Mapped[str] = mapped_column(String(64), default="")
    phone: Mapped[str] = mapped_column(String(32), default="")
    mobile: Mapped[str] = mapped_column(String(32), default="")


class ReportDay(JurisdictionScoped, db.Model):
    """A date of one year's table (``domain.reports.report_calendar``): the day it was set to, None
    for the usual one, and when that report was handed in."""

    __tablename__ = "report_days"
    __table_args__ = (UniqueConstraint("jurisdiction_id", "year", "key"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int]
    key: Mapped[str] = mapped_column(String(16))
    day: Mapped[date | None]
    handed_in_on: Mapped[date | None]


class ProvinceTask(JurisdictionScoped, db.Model):
    """省级分派: a task the province assigned, which annex 1 leaves out (R108); no plan says so."""

    __tablename__ = "province_tasks"
    __table_args__ = (UniqueConstraint("task_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("plan_tasks.id"))
    marked_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    marked_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SummaryPart(JurisdictionScoped, db.Model):
    """One department's part of a joint task's summary table as it handed it to the department that
    leads (R101): ``content`` is canonical JSON of the form and of each visit behind it, ``digest``
    its SHA-256; handed over again it is the next ``number``. Append-only by trigger."""

    __tablename__ = "summary_parts"
    __table_args__ = (UniqueConstraint("task_id", "department_id", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("plan_tasks.id"))
    department_id: Mapped[int] = mapped_column(ForeignKey("departments.id"))
    to_department_id: Mapped[int] = mapped_column(ForeignKey("departments.id"))
    number: Mapped[int]
    content: Mapped[str] = mapped_column(Text, deferred=True)
    digest: Mapped[str] = mapped_column(String(64))
    handed_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    handed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    returned: Mapped[SummaryPartReturn | None] = relationship()


class SummaryPartReturn(JurisdictionScoped, db.Model):
    """A part that the department that leads gave back, and why. Append-only by trigger."""

    __tablename__ = "summary_part_returns"
    __table_args__ = (UniqueConstraint("part_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    part_id: Mapped[int] = mapped_column(ForeignKey("summary_parts.id"))
    reason: Mapped[str] = mapped_column(Text)
    returned_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    returned_at: Mapped[datetime] = mapped_column(UtcDateTime)
