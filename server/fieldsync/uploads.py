"""Uploads by tus 1.0: bytes arrive in chunks, are hashed, decoded and only then stored
(docs/protocol part 7; I18, I19)."""

from __future__ import annotations

import json
import re
import secrets
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select, update

from domain.access import Actor
from domain.errors import Fault, fault
from server.db import db, end_reading, unit_of_work
from server.fieldsync.blobs import add_blob, has_blob
from server.fieldsync.chunks import Chunk, receive_chunk
from server.fieldsync.models import Receipt, Upload
from server.fieldsync.photo_rows import mark_stored
from server.fieldsync.pictures import measure_picture
from server.fieldsync.storage import BlobFolder, hash_file, refusing_when_full
from server.fieldsync.upload_tidy import tidy_uploads_hourly
from server.runtime import now, runtime
from sync.upload import Transfer, UploadState, advance, check_chunk, resume

LIFETIME = timedelta(days=7)
_SHA256 = re.compile(r"[0-9a-f]{64}")


def folder() -> BlobFolder:
    """The blob folder of the running application."""
    return BlobFolder(runtime().config.blob_dir)


def create_upload(actor: Actor, length: int, sha256: str, op: str) -> Upload:
    """Begins an upload of a photo that an operation of this person has declared; complete at once
    when the county has the bytes already, on record and on disk. An open one of the same photo is
    continued, so that a phone that lost the address loses no bytes. Raises ``photo.*`` or
    ``upload.malformed``."""
    if not _SHA256.fullmatch(sha256):
        raise fault("upload.malformed", field="Upload-Metadata")
    if length > runtime().config.max_photo_bytes:
        raise fault("photo.too_many_bytes", max_bytes=runtime().config.max_photo_bytes)
    if not _is_declared(actor, op, sha256):
        raise fault("photo.not_declared")
    tidy_uploads_hourly()
    with unit_of_work() as work:
        known = has_blob(sha256) and folder().measure(folder().blob_path(sha256)) == length
        upload = None if known else _find_open(actor, sha256, length)
        if upload is None:
            at = now()
            upload = Upload(
                id=secrets.token_urlsafe(18),
                jurisdiction_id=actor.jurisdiction_id,
                person_id=actor.person_id,
                sha256=sha256,
                op=op,
                length=length,
                offset=length if known else 0,
                state=(UploadState.COMPLETE if known else UploadState.OPEN).value,
                created_at=at,
                expires_at=at + LIFETIME,
            )
            work.add(upload)
            work.flush()
        if known:
            mark_stored(actor, sha256)
        db.session.expunge(upload)
    return upload


def get_upload(actor: Actor, upload_id: str) -> Upload:
    """The person's own upload. Raises ``upload.not_found`` or ``upload.expired``."""
    upload = db.session.scalar(
        select(Upload)
        .where(Upload.id == upload_id, Upload.person_id == actor.person_id)
        .execution_options(populate_existing=True)
    )
    if upload is None or upload.state == UploadState.DISCARDED:
        raise fault("upload.not_found")
    if _is_expired(upload, now()):
        raise fault("upload.expired")
    return upload


def write_chunk(actor: Actor, upload_id: str, offset: int, chunk: Chunk) -> Upload:
    """Takes one chunk; the answer's offset is on disk. The last one completes the upload.

    Raises ``upload.offset`` (409), ``upload.checksum`` (460, the chunk is dropped),
    ``upload.locked`` (423), ``upload.no_space`` (507, the offset stays), and at completion
    ``photo.hash_mismatch``, ``photo.not_a_picture`` or ``photo.too_large``, after which the bytes
    are gone and the photo is wanted again.
    """
    with refusing_when_full(), folder().writing(upload_id) as path:
        upload = get_upload(actor, upload_id)
        transfer = Transfer(upload.length, upload.offset, UploadState(upload.state))
        is_late = _is_expired(upload, now())
        refused = check_chunk(transfer, offset, chunk.length or 0, is_late)
        if refused is not None:
            raise refused.as_fault()
        db.session.expunge(upload)
        end_reading()  # the bytes may take a minute to come
        if resume(transfer, folder().measure(path)) is None:
            return _find_finished(actor, upload, path)
        with folder().extending(path, offset) as file:
            taken = receive_chunk(chunk, file, offset, transfer.length - offset)
        transfer = advance(transfer, taken)
        if transfer.is_whole:
            return complete_upload(actor, upload, path)
        with unit_of_work():
            _set(upload_id, offset=transfer.offset)
        upload.offset = transfer.offset
        return upload


def _find_finished(actor: Actor, upload: Upload, path: Path) -> Upload:
    """Fewer bytes than the offset says: the server died between giving the whole file its name and
    recording it, or the disk lost bytes and the phone begins again from 0."""
    blob = folder().blob_path(upload.sha256)
    if not path.exists() and folder().measure(blob) == upload.length:
        return complete_upload(actor, upload, blob)
    with unit_of_work():
        _set(upload.id, state=UploadState.DISCARDED.value)
    raise fault("upload.not_found")


def end_upload(actor: Actor, upload_id: str) -> None:
    """tus termination: forgets an unfinished upload and its bytes."""
    with folder().writing(upload_id):
        upload = get_upload(actor, upload_id)
        if upload.state == UploadState.OPEN:
            with unit_of_work():
                _set(upload_id, state=UploadState.DISCARDED.value)
            folder().discard(upload_id)


def complete_upload(actor: Actor, upload: Upload, path: Path) -> Upload:
    """Hash, decode, rename, record, and only then say ``stored``: one commit says all of it.

    The file is read again as a whole, because what is stored hashes to its name (I18), and not
    what once went through memory: bytes may have come in chunks before a restart. It costs a
    millisecond per 2 MB out of the page cache.
    """
    try:
        if hash_file(path) != upload.sha256:
            raise fault("photo.hash_mismatch")
        picture = measure_picture(path, runtime().config.max_photo_pixels)
    except Fault:
        with unit_of_work():
            _set(upload.id, state=UploadState.DISCARDED.value)
        folder().discard(upload.id)
        raise
    folder().keep(path, upload.sha256)
    with unit_of_work():
        add_blob(actor, upload.sha256, upload.length, picture)
        _set(upload.id, offset=upload.length, state=UploadState.COMPLETE.value)
        mark_stored(actor, upload.sha256)
    # Again, for who declared the photo after we looked and found no bytes before we committed.
    mark_stored(actor, upload.sha256)
    folder().discard(upload.id)
    upload.offset, upload.state = upload.length, UploadState.COMPLETE.value
    return upload


def _set(upload_id: str, **values: object) -> None:
    db.session.execute(update(Upload).where(Upload.id == upload_id).values(**values))


def _find_open(actor: Actor, sha256: str, length: int) -> Upload | None:
    query = select(Upload).where(
        Upload.person_id == actor.person_id,
        Upload.sha256 == sha256,
        Upload.length == length,
        Upload.state == UploadState.OPEN.value,
        Upload.expires_at > now(),
    )
    return db.session.scalar(query.order_by(Upload.created_at).limit(1))


def _is_declared(actor: Actor, op: str, sha256: str) -> bool:
    """Whether a receipt of this person promised these bytes: whatever became of it, late evidence
    keeps its bytes."""
    query = select(Receipt.payload).where(
        Receipt.op == op, Receipt.person_id == actor.person_id, Receipt.kind == "photo.attach"
    )
    payload = db.session.scalar(query)
    return payload is not None and json.loads(payload)["photo"]["sha256"] == sha256


def _is_expired(upload: Upload, at: datetime) -> bool:
    return upload.state == UploadState.OPEN and upload.expires_at <= at
