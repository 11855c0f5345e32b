"""What is on record about backups, for other subjects."""

from __future__ import annotations

from sqlalchemy import select

from server.backups.models import Backup
from server.db import db


def first_mark() -> int | None:
    """The durable mark of a phone that is enrolled now: None where commits count, 0 where only a
    verified backup does."""
    return 0 if db.session.scalar(select(Backup.id).limit(1)) is not None else None
