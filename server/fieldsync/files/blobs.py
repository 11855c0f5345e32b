"""Which bytes this county has (the table; the files are ``storage``'s)."""

from __future__ import annotations

from sqlalchemy import bindparam, select
from sqlalchemy.dialects import postgresql, sqlite

from domain.access import Actor
from server.db import db
from server.fieldsync.files.pictures import Picture
from server.fieldsync.models import Blob
from server.runtime import now

_ADD = {
    name: insert(Blob.__table__).on_conflict_do_nothing().inline()
    for name, insert in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert))
}
_TABLE = Blob.__table__.c
_BYTES = select(_TABLE.bytes).where(
    _TABLE.sha256 == bindparam("sha256"), _TABLE.jurisdiction_id == bindparam("county")
)


def find_blob_bytes(actor: Actor, sha256: str) -> int | None:
    """How many bytes with this hash are stored for the actor's county; None where there are none.
    Each photo asks: made once, as a plain column."""
    asked = {"sha256": sha256, "county": actor.jurisdiction_id}
    found: int | None = db.session.connection().execute(_BYTES, asked).scalar()
    return found


def has_blob(sha256: str) -> bool:
    """Whether bytes with this hash are stored for the county in scope."""
    return find_blob(sha256) is not None


def find_blob(sha256: str) -> Blob | None:
    """The record of stored bytes."""
    return db.session.scalar(select(Blob).where(Blob.sha256 == sha256))


def add_blob(actor: Actor, sha256: str, length: int, picture: Picture) -> None:
    """Records stored bytes, unless another phone's upload of the same photo just did."""
    add_county_blob(actor.jurisdiction_id, sha256, length, picture)


def add_county_blob(county_id: int, sha256: str, length: int, picture: Picture) -> None:
    """The same where nobody is signed in."""
    connection = db.session.connection()
    values = {
        "jurisdiction_id": county_id,
        "sha256": sha256,
        "bytes": length,
        "mime": picture.mime,
        "width": picture.width,
        "height": picture.height,
        "stored_at": now(),
    }
    connection.execute(_ADD[connection.dialect.name], values)
