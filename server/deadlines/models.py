"""Tables: the working-day calendar over which due dates are counted, its notices and what they
moved, what happened to each term, and the pauses of a visit's term."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from server.db import JurisdictionScoped, UtcDateTime, db

if TYPE_CHECKING:
    from server.accounts.models import Department
    from server.inspections.models import Inspection


class CalendarDay(db.Model):
    """A day off (``holiday``) or a make-up working day (``makeup``) from a State Council notice."""

    __tablename__ = "calendar_days"
    day: Mapped[date] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(8))
    name: Mapped[str] = mapped_column(String(40), default="")


class CalendarYear(db.Model):
    """A year whose notice is known; without it due dates that reach its days are
    provisional (DESIGN §6)."""

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
    """The day a met deadline was met against, where a later notice, or without one another setting,
    would count another."""

    __tablename__ = "kept_due_dates"
    sheet_id: Mapped[int] = mapped_column(ForeignKey("sheets.id"), primary_key=True)
    due_on: Mapped[date]
    notice_id: Mapped[int | None] = mapped_column(ForeignKey("calendar_notices.id"), index=True)


class TermEventRow(JurisdictionScoped, db.Model):
    """One event of ``domain.term_events``, append-only by trigger. ``subject_id`` is a sheet, for
    ``follow_up`` a case, for ``revisit`` a revisit, for ``clue_…`` a clue, for ``report`` the
    number of a date (``report_calendar.number_of``); the last two belong to no visit. ``at``: when
    it happened; ``recorded_at``: when it was written down, later where nobody asked for a while.
    Within a county ids grow in the order of writing, so that a reader who remembers the last one
    misses none."""

    __tablename__ = "term_events"
    __table_args__ = (
        UniqueConstraint("jurisdiction_id", "term", "subject_id", "turn", "kind", "step"),
        CheckConstraint(
            "inspection_id IS NOT NULL OR term IN ('clue_accept', 'clue_finish', 'report')",
            name="visit",
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    term: Mapped[str] = mapped_column(String(12))
    subject_id: Mapped[int]
    inspection_id: Mapped[int | None] = mapped_column(ForeignKey("inspections.id"), index=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("departments.id"))
    turn: Mapped[int]
    kind: Mapped[str] = mapped_column(String(8))
    step: Mapped[int]
    due_on: Mapped[date]
    met_on: Mapped[date | None]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class TermRun(db.Model):
    """Until when a county's events are written down; its row is the lock under which they are."""

    __tablename__ = "term_runs"
    jurisdiction_id: Mapped[int] = mapped_column(ForeignKey("jurisdictions.id"), primary_key=True)
    advanced_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class TermPause(JurisdictionScoped, db.Model):
    """中止 of a visit's term, both days included: asked for with reason and evidence, decided by a
    head of ``department``. What was asked never changes and is never deleted; it is decided once.
    """

    __tablename__ = "term_pauses"
    __table_args__ = (
        CheckConstraint("from_on <= to_on", name="days"),
        Index(
            "uq_term_pauses_open",
            "inspection_id",
            unique=True,
            sqlite_where=text("state = 'requested'"),
            postgresql_where=text("state = 'requested'"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    inspection_id: Mapped[int] = mapped_column(ForeignKey("inspections.id"), index=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("departments.id"))
    state: Mapped[str] = mapped_column(String(12), default="requested")
    reason: Mapped[str] = mapped_column(String(20))
    words: Mapped[str] = mapped_column(Text)
    from_on: Mapped[date]
    to_on: Mapped[date]
    document_sha256: Mapped[str] = mapped_column(String(64))
    document_name: Mapped[str] = mapped_column(String(200))
    requested_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decision: Mapped[str] = mapped_column(Text, default="")
    inspection: Mapped[Inspection] = relationship()
    department: Mapped[Department] = relationship()
