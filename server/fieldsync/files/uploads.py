"""Uploads by tus 1.0: bytes arrive in chunks, are hashed, decoded and only then stored
(docs/protocol part 7; I18, I19)."""

from __future__ import annotations

import re
from pathlib import Path

from domain.access import Actor
from domain.errors import Fault, fault
from server.db import db, end_reading, unit_of_work
from server.fieldsync.files.blobs import add_blob, find_blob_bytes
from server.fieldsync.files.chunks import Chunk, receive_chunk
from server.fieldsync.files.photo_rows import mark_stored
from server.fieldsync.files.pictures import measure_picture
from server.fieldsync.files.storage import BlobFolder, hash_file, refusing_when_full
from server.fieldsync.files.upload_rows import (
    build_upload,
    find_open,
    get_upload,
    is_declared,
    is_expired,
    put_upload,
    set_upload,
)
from server.fieldsync.files.upload_tidy import tidy_uploads_hourly
from server.fieldsync.models import Upload
from server.runtime import now, runtime
from sync.upload import Transfer, UploadState, advance, check_chunk, resume

# A longer one gets its record before its bytes: with a dead server goes no more than with a chunk
# of a phone, which is as long at most.
MAX_WHOLE_BYTES = 4 * 1024 * 1024
_SHA256 = re.compile(r"[0-9a-f]{64}")


def folder() -> BlobFolder:
    """The blob folder of the running application."""
    return BlobFolder(runtime().config.blob_dir)


def create_upload(
    actor: Actor, length: int, sha256: str, op: str, chunk: Chunk | None = None
) -> Upload:
    """Begins an upload of a photo that an operation of this person has declared; complete at once
    when the county has the bytes already, on record and on disk. An open one of the same photo is
    continued, so that a phone that lost the address loses no bytes. ``chunk``: the photo from its
    beginning, as far as it came along (tus creation-with-upload). Raises ``photo.*``,
    ``upload.malformed`` or, of the chunk, what ``write_chunk`` does."""
    if not _SHA256.fullmatch(sha256):
        raise fault("upload.malformed", field="Upload-Metadata")
    if length > runtime().config.max_photo_bytes:
        raise fault("photo.too_many_bytes", max_bytes=runtime().config.max_photo_bytes)
    if chunk is not None and (chunk.length or 0) > length:
        raise fault("upload.malformed", field="Upload-Length")
    if not is_declared(actor, sha256, op):
        raise fault("photo.not_declared")
    tidy_uploads_hourly()
    if chunk is not None and chunk.length == length and _is_short_and_new(actor, length, sha256):
        return _take_whole(actor, build_upload(actor, length, sha256, op), chunk)
    upload = _record_upload(actor, length, sha256, op)
    if chunk is None or upload.state != UploadState.OPEN:
        return upload
    return _take_along(actor, upload, chunk)


def _record_upload(actor: Actor, length: int, sha256: str, op: str) -> Upload:
    with unit_of_work():
        is_known = _is_known(actor, length, sha256)
        upload = None if is_known else find_open(actor, length, sha256)
        if upload is not None:
            db.session.expunge(upload)
            return upload
        upload = build_upload(actor, length, sha256, op)
        if is_known:
            upload.offset, upload.state = length, UploadState.COMPLETE.value
        put_upload(upload)
        if is_known:
            mark_stored(actor, sha256)
    return upload


def _take_whole(actor: Actor, upload: Upload, chunk: Chunk) -> Upload:
    """A photo that comes with its creation, all of it: recorded once, by what became of it. Its
    address is known to nobody before the answer, so no second writer can be at its file. Cut on
    the way it is an upload like any other, as long as what arrived. A server that dies leaves a
    file without a record (``upload_tidy``), and the phone sends the photo again."""
    end_reading()  # the bytes may take a minute to come
    with refusing_when_full():
        with folder().beginning(upload.id) as file:
            taken = receive_chunk(chunk, file, 0, upload.length)
        path = folder().part_path(upload.id)
        if taken == upload.length:
            return complete_upload(actor, upload, path)
        folder().settle(path)
    upload.offset = taken
    with unit_of_work():
        put_upload(upload)
    return upload


def _take_along(actor: Actor, upload: Upload, chunk: Chunk) -> Upload:
    """What came with the creation, as a chunk. Where somebody else is writing or has written
    meanwhile, the answer tells the offset, and the phone goes on from there."""
    try:
        return write_chunk(actor, upload.id, upload.offset, chunk, skip=upload.offset)
    except Fault as refused:
        if refused.code not in {"upload.locked", "upload.offset", "upload.already_complete"}:
            raise
    upload = get_upload(actor, upload.id)
    db.session.expunge(upload)
    return upload


def write_chunk(
    actor: Actor, upload_id: str, offset: int, chunk: Chunk, *, skip: int = 0
) -> Upload:
    """Takes one chunk; the answer's offset is on disk. The last one completes the upload. The
    chunk's first ``skip`` bytes are those before ``offset``: they are on disk already.

    Raises ``upload.offset`` (409), ``upload.checksum`` (460, the chunk is dropped),
    ``upload.locked`` (423), ``upload.no_space`` (507, the offset stays), and at completion
    ``photo.hash_mismatch``, ``photo.not_a_picture`` or ``photo.too_large``, after which the bytes
    are gone and the photo is wanted again.
    """
    with refusing_when_full(), folder().writing(upload_id) as path:
        upload = get_upload(actor, upload_id)
        transfer = Transfer(upload.length, upload.offset, UploadState(upload.state))
        is_late = is_expired(upload, now())
        refused = check_chunk(transfer, offset, max(0, (chunk.length or 0) - skip), is_late)
        if refused is not None:
            raise refused.as_fault()
        db.session.expunge(upload)
        end_reading()  # the bytes may take a minute to come
        if resume(transfer, folder().measure(path)) is None:
            return _find_finished(actor, upload, path)
        with folder().extending(path, offset) as file:
            taken = receive_chunk(chunk, file, offset, transfer.length - offset, skip=skip)
        transfer = advance(transfer, taken)
        if transfer.is_whole:
            return complete_upload(actor, upload, path)
        with unit_of_work():
            set_upload(upload_id, offset=transfer.offset)
        upload.offset = transfer.offset
        return upload


def _find_finished(actor: Actor, upload: Upload, path: Path) -> Upload:
    """Fewer bytes than the offset says: the server died between giving the whole file its name and
    recording it, or the disk lost bytes and the phone begins again from 0."""
    blob = folder().blob_path(upload.sha256)
    if not path.exists() and folder().measure(blob) == upload.length:
        return complete_upload(actor, upload, blob)
    with unit_of_work():
        set_upload(upload.id, state=UploadState.DISCARDED.value)
    raise fault("upload.not_found")


def end_upload(actor: Actor, upload_id: str) -> None:
    """tus termination: forgets an unfinished upload and its bytes."""
    with folder().writing(upload_id):
        upload = get_upload(actor, upload_id)
        if upload.state == UploadState.OPEN:
            with unit_of_work():
                set_upload(upload_id, state=UploadState.DISCARDED.value)
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
        upload.state = UploadState.DISCARDED.value
        with unit_of_work():
            put_upload(upload)
        folder().discard(upload.id)
        raise
    folder().keep(path, upload.sha256)
    upload.offset, upload.state = upload.length, UploadState.COMPLETE.value
    with unit_of_work():
        add_blob(actor, upload.sha256, upload.length, picture)
        put_upload(upload)
        mark_stored(actor, upload.sha256)
    # Again, for who declared the photo after we looked and found no bytes before we committed.
    mark_stored(actor, upload.sha256)
    folder().discard(upload.id)
    return upload


def _is_short_and_new(actor: Actor, length: int, sha256: str) -> bool:
    return (
        length <= MAX_WHOLE_BYTES
        and not _is_known(actor, length, sha256)
        and find_open(actor, length, sha256) is None
    )


def _is_known(actor: Actor, length: int, sha256: str) -> bool:
    is_on_record = find_blob_bytes(actor, sha256) is not None
    return is_on_record and folder().measure(folder().blob_path(sha256)) == length
