"""Tables: the working-day calendar over which due dates are counted."""

from __future__ import annotations

from datetime import date

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from server.db import db


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
