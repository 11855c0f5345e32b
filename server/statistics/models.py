"""Table: warnings somebody has looked at and set aside."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from server.db import JurisdictionScoped, UtcDateTime, db


class SetAsideWarning(JurisdictionScoped, db.Model):
    """搁置预警 (R097). ``kind`` is ``item`` or ``trade``, ``code`` which one, ``month`` its first
    day. ``found`` is how many findings there were then: with one more the warning is back.
    ``department_id``: whose sheets were counted, None for the county's. Rows are added, never
    changed; the newest holds."""

    __tablename__ = "set_aside_warnings"
    __table_args__ = (Index("ix_set_aside_warnings_month", "jurisdiction_id", "month"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    department_id: Mapped[int | None] = mapped_column(ForeignKey("departments.id"))
    kind: Mapped[str] = mapped_column(String(8))
    code: Mapped[str] = mapped_column(String(40))
    month: Mapped[date]
    checked: Mapped[int]
    found: Mapped[int]
    reason: Mapped[str] = mapped_column(Text)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
