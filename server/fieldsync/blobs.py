"""Which bytes this county has (the table; the files are ``storage``'s)."""

from __future__ import annotations

from sqlalchemy import select

from server.db import db
from server.fieldsync.models import Blob


def has_blob(sha256: str) -> bool:
    """Whether bytes with this hash are stored for the county in scope."""
    return find_blob(sha256) is not None


def find_blob(sha256: str) -> Blob | None:
    """The record of stored bytes."""
    return db.session.scalar(select(Blob).where(Blob.sha256 == sha256))
