"""Tables: the backups this installation has begun."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from server.db import UtcDateTime, db


class Backup(db.Model):
    """One run of ``suicha backup``. ``id`` is the folder's name. ``verified_at`` is empty while it
    runs; ``restored_at`` says that the present database came out of it."""

    __tablename__ = "backups"
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime)
    verified_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    restored_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
