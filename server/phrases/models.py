"""Table: the phrases of a department."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from server.db import JurisdictionScoped, UtcDateTime, db

MAX_CHARACTERS = 200


class Phrase(JurisdictionScoped, db.Model):
    """常用语. ``item_code`` is the check entry it is meant for; empty for any. A retired one leaves
    the phones and stays on the page."""

    __tablename__ = "phrases"
    id: Mapped[int] = mapped_column(primary_key=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("departments.id"), index=True)
    item_code: Mapped[str] = mapped_column(String(20), default="")
    text: Mapped[str] = mapped_column(String(MAX_CHARACTERS))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
