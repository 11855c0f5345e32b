"""Tables: the working-day calendar over which due dates are counted, its notices, and what they
moved."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from server.db import JurisdictionScoped, UtcDateTime, db


class CalendarDay(db.Model):
    """A day off (``holiday``) or a make-up working day (``makeup``) from a State Council notice."""

    __tablename__ = "calendar_days"
    day: Mapped[date] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(8))
    name: Mapped[str] = mapped_column(String(40), default="")


class CalendarYear(db.Model):
    """A year whose notice is known; without it due dates are provisional (DESIGN §6)."""

    __tablename__ = "calendar_years"
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    source: Mapped[str] = mapped_column(String(80))


class CalendarNotice(db.Model):
    """A notice that was imported: what it says of which day, word for word as it came. The country
    has one calendar, so it belongs to no county. ``days`` is ``[{"day", "old", "new", "name"}, …]``
    with the kinds of ``DayKind`` or None."""

    __tablename__ = "calendar_notices"
    id: Mapped[int] = mapped_column(primary_key=True)
    document: Mapped[str] = mapped_column(String(60))
    years: Mapped[list[int]] = mapped_column(JSON)
    days: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    text: Mapped[str] = mapped_column(Text)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    imported_at: Mapped[datetime] = mapped_column(UtcDateTime)


class DueDateMove(JurisdictionScoped, db.Model):
    """What a notice made of the due date of an open sheet: another day, or certain instead of
    provisional."""

    __tablename__ = "due_date_moves"
    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("calendar_notices.id"), index=True)
    inspection_id: Mapped[int] = mapped_column(ForeignKey("inspections.id"))
    sheet_id: Mapped[int] = mapped_column(ForeignKey("sheets.id"))
    old_on: Mapped[date]
    new_on: Mapped[date]
    was_provisional: Mapped[bool]
    is_provisional: Mapped[bool]


class KeptDueDate(JurisdictionScoped, db.Model):
    """The day a met deadline was met against, where a later notice would count another."""

    __tablename__ = "kept_due_dates"
    sheet_id: Mapped[int] = mapped_column(ForeignKey("sheets.id"), primary_key=True)
    due_on: Mapped[date]
    notice_id: Mapped[int] = mapped_column(ForeignKey("calendar_notices.id"), index=True)
