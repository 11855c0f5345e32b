"""Tables of the sync protocol: epochs, spaces, receipts, ledger, rows, proposals, uploads."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Float,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from server.db import JurisdictionScoped, UtcDateTime, db

# The three tables written with every operation leave out the index on the county that the mixin
# brings: nothing reads it, and every operation would write it.


class Epoch(db.Model):
    """The server's history has one name until a restore; the newest row is in force."""

    __tablename__ = "epochs"
    number: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(String(40), unique=True)
    since: Mapped[datetime] = mapped_column(UtcDateTime)


class Space(JurisdictionScoped, db.Model):
    """A unit of order. ``counter`` is taken under this row's lock, so that commit order and
    number order are the same on both databases (PROTOCOL §4). ``digest`` (§13.4) is kept with
    each write, so that a pull need not read what it does not send."""

    __tablename__ = "spaces"
    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    counter: Mapped[int] = mapped_column(BigInteger, default=0)
    digest: Mapped[str] = mapped_column(String(16), default="0" * 16)


class Receipt(JurisdictionScoped, db.Model):
    """Every operation ever understood, with the answer it got; receipts never expire.

    ``payload`` is the canonical JSON as hashed; ``prev`` and ``mono_ms`` stand beside it, and
    ``is_chain_broken`` says that ``prev`` is not what the operation before it makes (§13.3). Only
    a ``held`` one may change, once, to its outcome.
    """

    __tablename__ = "receipts"
    __table_args__ = (
        Index("ix_receipts_device_seq", "device", "seq"),
        Index("ix_receipts_space_status", "space", "status"),
    )
    jurisdiction_id: Mapped[int] = mapped_column(ForeignKey("jurisdictions.id"))
    op: Mapped[str] = mapped_column(String(36), primary_key=True)
    device: Mapped[str] = mapped_column(String(60))
    side_device: Mapped[str | None] = mapped_column(String(60))
    seq: Mapped[int] = mapped_column(BigInteger)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    space: Mapped[str] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(40))
    payload: Mapped[str] = mapped_column(Text)
    payload_sha256: Mapped[str] = mapped_column(String(64))
    status: Mapped[str] = mapped_column(String(20))
    outcome: Mapped[dict[str, Any]] = mapped_column(JSON)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    prev: Mapped[str | None] = mapped_column(String(64))
    mono_ms: Mapped[float | None] = mapped_column(Float(53))
    is_chain_broken: Mapped[bool] = mapped_column(default=False, server_default=false())


class LedgerEntry(JurisdictionScoped, db.Model):
    """One committed effect: the rows as they stand after operation ``op``. Append-only."""

    __tablename__ = "ledger"
    __table_args__ = (UniqueConstraint("space", "space_seq"),)
    jurisdiction_id: Mapped[int] = mapped_column(ForeignKey("jurisdictions.id"))
    id: Mapped[int] = mapped_column(primary_key=True)
    space: Mapped[str] = mapped_column(ForeignKey("spaces.name"))
    space_seq: Mapped[int] = mapped_column(BigInteger)
    op: Mapped[str] = mapped_column(String(36), index=True)
    effect: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Entity(JurisdictionScoped, db.Model):
    """A row as phones pull it. ``sheet_id`` is set for what belongs to a sheet: the lock's
    triggers look at it."""

    __tablename__ = "entities"
    __table_args__ = (
        Index("ix_entities_space_seq", "space", "seq"),
        Index(
            "ix_entities_photo",
            "id",
            sqlite_where=text("type = 'photo'"),
            postgresql_where=text("type = 'photo'"),
        ),
    )
    jurisdiction_id: Mapped[int] = mapped_column(ForeignKey("jurisdictions.id"))
    space: Mapped[str] = mapped_column(ForeignKey("spaces.name"), primary_key=True)
    id: Mapped[str] = mapped_column(String(120), primary_key=True)
    type: Mapped[str] = mapped_column(String(16))
    seq: Mapped[int] = mapped_column(BigInteger)
    sheet_id: Mapped[int | None] = mapped_column(ForeignKey("sheets.id"), index=True)
    fields: Mapped[dict[str, Any]] = mapped_column(JSON)
    heads: Mapped[dict[str, str]] = mapped_column(JSON)
    siblings: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    is_gone: Mapped[bool] = mapped_column(default=False)


class Proposal(JurisdictionScoped, db.Model):
    """A late or unauthorised operation kept whole as a draft correction (DESIGN §5.4). Its author
    adds ``reason`` and, where the item's national code changes too, ``result`` when submitting."""

    __tablename__ = "proposals"
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    op: Mapped[str] = mapped_column(ForeignKey("receipts.op"), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    inspection_id: Mapped[int | None] = mapped_column(ForeignKey("inspections.id"), index=True)
    space: Mapped[str] = mapped_column(String(60))
    entity: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(40))
    status: Mapped[str] = mapped_column(String(20))
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    against: Mapped[dict[str, Any]] = mapped_column(JSON)
    current: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(12), default="draft")
    is_author_revoked: Mapped[bool] = mapped_column(default=False, server_default=false())
    reason: Mapped[str] = mapped_column(Text, default="", server_default="")
    result: Mapped[int | None]
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Blob(JurisdictionScoped, db.Model):
    """Stored bytes whose SHA-256 is their name; written only after fsync and hash (I18)."""

    __tablename__ = "blobs"
    __table_args__ = (UniqueConstraint("jurisdiction_id", "sha256"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    bytes: Mapped[int] = mapped_column(BigInteger)
    mime: Mapped[str] = mapped_column(String(40))
    width: Mapped[int]
    height: Mapped[int]
    stored_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Upload(JurisdictionScoped, db.Model):
    """A tus upload under way; ``offset`` never exceeds the fsynced bytes on disk (I19)."""

    __tablename__ = "uploads"
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    op: Mapped[str | None] = mapped_column(String(36))
    length: Mapped[int] = mapped_column(BigInteger)
    offset: Mapped[int] = mapped_column(BigInteger, default=0)
    state: Mapped[str] = mapped_column(String(12), default="open")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
