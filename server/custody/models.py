"""Tables: the public keys that custody receipts were ever signed with."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from server.db import UtcDateTime, db


class CustodyKey(db.Model):
    """A public key on record, append-only by trigger, so that old receipts verify after the
    private key was changed. The installation's, not one county's. ``public_key``: raw 32 bytes in
    base64url without padding; ``key_id``: first 16 hex digits of their SHA-256."""

    __tablename__ = "custody_keys"
    key_id: Mapped[str] = mapped_column(String(16), primary_key=True)
    public_key: Mapped[str] = mapped_column(String(43))
    since: Mapped[datetime] = mapped_column(UtcDateTime)
