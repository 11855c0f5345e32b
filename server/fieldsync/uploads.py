"""Uploads by tus 1.0: bytes arrive in chunks, are hashed, decoded and only then stored
(docs/protocol part 7; I18, I19)."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select, update

from domain.access import Actor
from domain.errors import Fault, fault
from server.db import db, unit_of_work
from server.fieldsync.blobs import has_blob
from server.fieldsync.models import Blob, Receipt, Upload
from server.fieldsync.photo_rows import mark_stored
from server.fieldsync.pictures import measure_picture
from server.fieldsync.storage import BlobFolder, hash_file
from server.runtime import now, runtime
from sync.upload import Transfer, UploadState, advance, check_chunk, resume

LIFETIME = timedelta(days=7)
_SHA256 = re.compile(r"[0-9a-f]{64}")


def folder() -> BlobFolder:
    """The blob folder of the running application."""
    return BlobFolder(runtime().config.blob_dir)


def create_upload(actor: Actor, length: int, sha256: str, op: str) -> Upload:
    """Begins an upload of a photo that an operation of this person has declared; complete at once
    when the county has the bytes already. An open one of the same photo is continued, so that a
    phone that lost the address loses no bytes. Raises ``photo.*`` or ``upload.malformed``."""
    if not _SHA256.fullmatch(sha256):
        raise fault("upload.malformed", field="Upload-Metadata")
    if length > runtime().config.max_photo_bytes:
        raise fault("photo.too_many_bytes", max_bytes=runtime().config.max_photo_bytes)
    if not _is_declared(actor, op, sha256):
        raise fault("photo.not_declared")
    with unit_of_work() as work:
        known = has_blob(sha256)
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
        db.session.expunge(upload)
    if known:
        mark_stored(actor, sha256)
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


def write_chunk(
    actor: Actor, upload_id: str, offset: int, chunk: bytes, checksum: bytes | None
) -> Upload:
    """Writes one chunk; the answer's offset is on disk. The last one completes the upload.

    Raises ``upload.offset`` (409), ``upload.checksum`` (460, the chunk is dropped),
    ``upload.locked`` (423), and at completion ``photo.hash_mismatch``, ``photo.not_a_picture`` or
    ``photo.too_large``, after which the bytes are gone and the photo is wanted again.
    """
    with folder().writing(upload_id) as path:
        upload = get_upload(actor, upload_id)
        transfer = Transfer(upload.length, upload.offset, UploadState(upload.state))
        refused = check_chunk(transfer, offset, len(chunk), _is_expired(upload, now()))
        if refused is not None:
            raise refused.as_fault()
        if checksum is not None and hashlib.sha256(chunk).digest() != checksum:
            raise fault("upload.checksum")
        if resume(transfer, path.stat().st_size if path.exists() else 0) is None:
            _set(upload_id, state=UploadState.DISCARDED.value)
            raise fault("upload.not_found")  # the disk lost bytes: begin again from 0
        folder().append(path, offset, chunk)
        transfer = advance(transfer, len(chunk))
        if transfer.is_whole:
            _complete(actor, upload, path)
        else:
            _set(upload_id, offset=transfer.offset)
    return get_upload(actor, upload_id)


def end_upload(actor: Actor, upload_id: str) -> None:
    """tus termination: forgets an unfinished upload and its bytes."""
    with folder().writing(upload_id):
        upload = get_upload(actor, upload_id)
        if upload.state == UploadState.OPEN:
            _set(upload_id, state=UploadState.DISCARDED.value)
            folder().discard(upload_id)


def discard_expired_uploads() -> int:
    """Throws away the bytes of uploads nobody continued; the photos stay wanted. For a daily job;
    answers how many."""
    query = select(Upload.id).where(
        Upload.state == UploadState.OPEN.value, Upload.expires_at <= now()
    )
    found = list(db.session.scalars(query))
    for upload_id in found:
        with folder().writing(upload_id):
            _set(upload_id, state=UploadState.DISCARDED.value)
            folder().discard(upload_id)
    return len(found)


def _complete(actor: Actor, upload: Upload, path: Path) -> None:
    """Hash, decode, rename, record, and only then say ``stored``."""
    upload_id, sha256, length = upload.id, upload.sha256, upload.length
    try:
        if hash_file(path) != sha256:
            raise fault("photo.hash_mismatch")
        picture = measure_picture(path, runtime().config.max_photo_pixels)
    except Fault:
        _set(upload_id, state=UploadState.DISCARDED.value)
        folder().discard(upload_id)
        raise
    folder().keep(path, sha256)
    with unit_of_work() as work:
        if not has_blob(sha256):
            work.add(
                Blob(
                    jurisdiction_id=actor.jurisdiction_id,
                    sha256=sha256,
                    bytes=length,
                    mime=picture.mime,
                    width=picture.width,
                    height=picture.height,
                    stored_at=now(),
                )
            )
        _set(upload_id, offset=length, state=UploadState.COMPLETE.value)
    folder().discard(upload_id)
    mark_stored(actor, sha256)


def _set(upload_id: str, **values: object) -> None:
    with unit_of_work() as work:
        work.execute(update(Upload).where(Upload.id == upload_id).values(**values))


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
