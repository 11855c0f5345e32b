"""Photo rows and their bytes: ``stored`` is said only after the bytes are safe (I18)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy import ColumnElement, bindparam, insert, literal_column, select, update

from domain.access import Actor
from domain.errors import Refused
from server.db import db, unit_of_work
from server.fieldsync.effects import digest_after, dump_effect
from server.fieldsync.entities import load_row
from server.fieldsync.files.blobs import has_blob
from server.fieldsync.ids import make_op_id
from server.fieldsync.models import Entity, LedgerEntry, Space
from server.fieldsync.server_ops import add_server_receipt
from server.inspections.records import list_sheet_codes
from server.runtime import now
from sync.cursor import Mark
from sync.operation import Operation

# Each photo runs these: made once, as plain columns. Built anew each time, and through the unit of
# work, they cost three to five times what the database does.
_SPACES, _ROWS = Space.__table__, Entity.__table__
_IS_PHOTO = _ROWS.c.type == literal_column("'photo'")  # finds the index that holds photos alone
_WAITING = select(_ROWS.c.space, _ROWS.c.fields).where(
    _ROWS.c.id == bindparam("photo"),
    _IS_PHOTO,
    _ROWS.c.jurisdiction_id == bindparam("county"),
    _ROWS.c.is_gone.is_(False),
)
_LOCK = (
    select(_SPACES)
    .where(_SPACES.c.name == bindparam("name"), _SPACES.c.jurisdiction_id == bindparam("county"))
    .with_for_update(key_share=True)
)
_ROW = select(_ROWS).where(_ROWS.c.space == bindparam("name"), _ROWS.c.id == bindparam("photo"))
_TELL = update(_ROWS).where(_ROWS.c.space == bindparam("name"), _ROWS.c.id == bindparam("photo"))
_TELL = _TELL.values(seq=bindparam("number"), fields=bindparam("told"))
_COUNT = update(_SPACES).where(_SPACES.c.name == bindparam("at"))
_COUNT = _COUNT.values(counter=bindparam("number"), digest=bindparam("sum"))
_LEDGER = insert(LedgerEntry.__table__)


def mark_stored(actor: Actor, sha256: str) -> None:
    """Says ``stored`` in every inspection of the actor's county that declares the photo: an
    operation of the server with its own number and ledger line. Doing it twice changes nothing."""
    for name in _list_waiting_spaces(actor, sha256):
        with unit_of_work():
            _tell_stored(actor, name, sha256)


def _tell_stored(actor: Actor, name: str, sha256: str) -> None:
    """In one space, under its lock: only there is the row what it will be."""
    db.session.flush()
    connection, county = db.session.connection(), actor.jurisdiction_id
    photo = f"photo:{sha256}"
    space = connection.execute(_LOCK, {"name": name, "county": county}).first()
    found = connection.execute(_ROW, {"name": name, "photo": photo}).first()
    if space is None or found is None or found.fields.get("stored") is True:
        return
    row = load_row(found, list_sheet_codes(found.sheet_id))
    told = replace(row, fields={**row.fields, "stored": True})
    op, at, seq = make_op_id(), now(), space.counter + 1
    digest = digest_after(space.digest, {photo: Mark(row.type, photo, found.seq)}, [told], seq)
    line = {"space": name, "space_seq": seq, "op": op, "effect": [dump_effect(told)], "at": at}
    connection.execute(_LEDGER, {"jurisdiction_id": county, **line})
    connection.execute(
        _TELL, {"name": name, "photo": photo, "number": seq, "told": dict(told.fields)}
    )
    connection.execute(_COUNT, {"at": name, "number": seq, "sum": digest})
    payload = {"kind": "photo.stored", "sha256": sha256, "space": name}
    add_server_receipt(op, "system", actor.person_id, space, "photo.stored", payload, seq, at)


def mark_stored_since(actor: Actor, reads: Iterable[Operation | Refused]) -> None:
    """After a push committed: bytes may have arrived between the look for them and the commit."""
    hashes = {
        read.photo.sha256
        for read in reads
        if isinstance(read, Operation) and read.photo is not None
    }
    for sha256 in sorted(hashes):
        if has_blob(sha256):
            mark_stored(actor, sha256)


def _list_waiting_spaces(actor: Actor, sha256: str) -> list[str]:
    db.session.flush()
    asked = {"photo": f"photo:{sha256}", "county": actor.jurisdiction_id}
    found = db.session.connection().execute(_WAITING, asked)
    return sorted(one.space for one in found if one.fields.get("stored") is not True)


def is_photo_row(sha256: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Rows of a photo in any space. The type is written out: only so do both databases find the
    index that holds photos alone."""
    return Entity.id == f"photo:{sha256}", Entity.type == literal_column("'photo'")
