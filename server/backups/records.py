"""What is on record about backups, for other subjects."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from server.backups.models import Backup
from server.db import db


def first_mark() -> int | None:
    """The durable mark of a phone that is enrolled now: None where commits count, 0 where only a
    verified backup does."""
    return 0 if db.session.scalar(select(Backup.id).limit(1)) is not None else None


def last_verified_at() -> datetime | None:
    """When the newest verified backup was verified; None where there is none."""
    return db.session.scalar(select(func.max(Backup.verified_at)))
