"""After a restore the photo store and the database may be of different days: rows that said
``stored`` whose bytes are gone, and bytes whose record is gone."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from sqlalchemy import delete, select, update

from domain.errors import Fault
from server.accounts.service import get_person
from server.accounts.sessions import actor_of
from server.db import db, scope_to, unit_of_work
from server.fieldsync.entities import write_effect
from server.fieldsync.files.blobs import add_blob, has_blob
from server.fieldsync.files.photo_rows import is_photo_row, mark_stored
from server.fieldsync.files.pictures import measure_picture
from server.fieldsync.files.storage import hash_file
from server.fieldsync.ids import make_op_id
from server.fieldsync.models import Blob, Entity, Receipt, Upload
from server.fieldsync.receipts import get_receipt
from server.fieldsync.server_ops import add_server_receipt
from server.fieldsync.spaces import lock_space
from server.fieldsync.visit import find_visit
from server.runtime import now, runtime
from sync.upload import UploadState

LOCKED = ("entered", "published")


def forget_uploads(hashes: Iterable[str] = ()) -> None:
    """No upload of another day can go on: its bytes are not what the record says. A phone is told
    404 and begins again from 0. Finished ones of ``hashes`` are forgotten too."""
    dropped = {"state": UploadState.DISCARDED.value}
    is_open = Upload.state == UploadState.OPEN.value
    with unit_of_work() as work:
        work.execute(update(Upload).where(is_open).values(dropped))
        for sha256 in hashes:
            work.execute(update(Upload).where(Upload.sha256 == sha256).values(dropped))


def forget_bytes(sha256: str) -> list[str]:
    """The store lost these bytes: its record goes, and every row that said ``stored`` says that
    the photo is wanted again, so that a phone that has it sends it. Answers the spaces whose row
    had to stay because its sheet is entered: nothing below a lock changes (R079)."""
    kept = []
    with unit_of_work() as work:
        work.execute(delete(Blob).where(Blob.sha256 == sha256))
    query = select(Entity).where(*is_photo_row(sha256), Entity.is_gone.is_(False))
    names = [one.space for one in db.session.scalars(query) if one.fields.get("stored") is True]
    for name in sorted(names):
        if not _mark_wanted(name, sha256):
            kept.append(name)
    return kept


def adopt_bytes(store: Path) -> int:
    """Photos in the store without a record, which an operation on record promised: hashed, decoded
    and taken in as if they had just arrived. What nobody promised stays where it is. Answers how
    many."""
    promised = _list_promised()
    adopted = 0
    for path in sorted(store.glob("[0-9a-f][0-9a-f]/*")):
        for person_id in promised.get(path.name, ()):
            person = get_person(person_id)
            scope_to(person.jurisdiction_id)
            if not has_blob(path.name) and hash_file(path) == path.name:
                adopted += _adopt(path, person_id)
            scope_to(None)
    return adopted


def _mark_wanted(name: str, sha256: str) -> bool:
    with unit_of_work():
        space, visit = lock_space(name), find_visit(name)
        row = visit.find_row(f"photo:{sha256}") if visit is not None else None
        if space is None or visit is None or row is None or row.sheet is None:
            return True
        sheet = visit.find_row(f"sheet:{row.sheet}")
        if sheet is not None and sheet.fields["state"] in LOCKED:
            return False
        op, at = make_op_id(), now()
        told = replace(row, fields={**row.fields, "stored": False})
        seq = write_effect(space, op, [told], visit.sheet_ids, at)
        payload = {"kind": "photo.lost", "sha256": sha256, "space": name}
        author = get_receipt(row.heads["attached"]).person_id
        add_server_receipt(op, "system", author, space, "photo.lost", payload, seq, at)
        return True


def _list_promised() -> dict[str, list[int]]:
    """Hash → the people whose operations declare it."""
    columns = select(Receipt.payload, Receipt.person_id).where(Receipt.kind == "photo.attach")
    found: dict[str, list[int]] = {}
    for payload, person_id in db.session.execute(columns.execution_options(yield_per=500)):
        found.setdefault(json.loads(payload)["photo"]["sha256"], []).append(person_id)
    return found


def _adopt(path: Path, person_id: int) -> bool:
    try:
        picture = measure_picture(path, runtime().config.max_photo_pixels)
    except Fault:
        return False
    actor = actor_of(get_person(person_id))
    with unit_of_work():
        add_blob(actor, path.name, path.stat().st_size, picture)
    mark_stored(actor, path.name)
    return True
