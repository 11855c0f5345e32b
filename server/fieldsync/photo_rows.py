"""Photo rows and their bytes: ``stored`` is said only after the bytes are safe (I18)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy import ColumnElement, literal_column, select

from domain.access import Actor
from domain.errors import Refused
from server.db import db, unit_of_work
from server.fieldsync.blobs import has_blob
from server.fieldsync.entities import write_effect
from server.fieldsync.ids import make_op_id
from server.fieldsync.models import Entity
from server.fieldsync.server_ops import add_server_receipt
from server.fieldsync.spaces import lock_space
from server.fieldsync.visit import find_visit
from server.runtime import now
from sync.operation import Operation


def mark_stored(actor: Actor, sha256: str) -> None:
    """Says ``stored`` in every inspection that declares the photo: an operation of the server with
    its own number and ledger line. Doing it twice changes nothing."""
    for name in _list_waiting_spaces(sha256):
        with unit_of_work():
            space, visit = lock_space(name), find_visit(name)
            row = visit.find_row(f"photo:{sha256}") if visit is not None else None
            if space is None or visit is None or row is None or row.fields.get("stored") is True:
                continue
            op, at = make_op_id(), now()
            told = replace(row, fields={**row.fields, "stored": True})
            seq = write_effect(space, op, [told], visit.sheet_ids, at)
            payload = {"kind": "photo.stored", "sha256": sha256, "space": name}
            add_server_receipt(
                op, "system", actor.person_id, space, "photo.stored", payload, seq, at
            )


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


def _list_waiting_spaces(sha256: str) -> list[str]:
    query = select(Entity).where(*is_photo_row(sha256), Entity.is_gone.is_(False))
    found = db.session.scalars(query)
    return sorted(one.space for one in found if one.fields.get("stored") is not True)


def is_photo_row(sha256: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Rows of a photo in any space. The type is written out: only so do both databases find the
    index that holds photos alone."""
    return Entity.id == f"photo:{sha256}", Entity.type == literal_column("'photo'")
