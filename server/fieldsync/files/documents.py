"""Papers somebody attaches on a page: a PDF or a photo of a sealed sheet. Known by their hash, kept
and backed up like photos; what they are is found out, never believed."""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from domain.access import Actor
from domain.errors import Fault, fault
from server.fieldsync.files.blobs import add_blob, add_county_blob, find_blob
from server.fieldsync.files.pictures import (
    THUMB_PIXELS,
    VIEW_PIXELS,
    Picture,
    measure_picture,
    shrink_picture,
)
from server.fieldsync.files.storage import BLOCK_BYTES, refusing_when_full
from server.fieldsync.files.uploads import folder
from server.runtime import runtime

PDF = "application/pdf"
TAIL_BYTES = 2048
_HEAD = re.compile(rb"%PDF-[12]\.[0-9]")
_TAIL = re.compile(rb"startxref\s+([0-9]{1,10})\s+%%EOF\s*\Z")
_TABLE = re.compile(rb"\s*(xref\b|[0-9]{1,10}\s+[0-9]{1,5}\s+obj\b)")


@dataclass(frozen=True, slots=True)
class Document:
    """Bytes on disk under their hash; on record after ``record_document``."""

    sha256: str
    length: int
    picture: Picture


def keep_document(file: IO[bytes]) -> Document:
    """Measures, decodes and stores the bytes; to be called before a unit of work. Raises
    ``document.too_large``, ``document.unknown_type``, ``document.bad_pdf``, ``photo.too_large`` and
    ``upload.no_space``."""
    most = runtime().config.max_photo_bytes
    digest, length = hashlib.sha256(), 0
    file.seek(0)
    while block := file.read(BLOCK_BYTES):
        digest.update(block)
        length += len(block)
        if length > most:
            raise fault("document.too_large", megabytes=most // 2**20)
    picture = _measure(file, length)
    sha256 = digest.hexdigest()
    with refusing_when_full():
        _store(file, sha256)
    return Document(sha256, length, picture)


def find_kept_document(sha256: str) -> Document | None:
    """What ``keep_document`` stored and nobody has named yet, measured anew; that the asker may
    have it, is the caller's to know."""
    path = folder().blob_path(sha256)
    if not path.is_file():
        return None
    with path.open("rb") as file:
        length = path.stat().st_size
        return Document(sha256, length, _measure(file, length))


def read_kept_document(document: Document) -> bytes:
    """Its bytes, at most as many as one that is sent may have."""
    return folder().blob_path(document.sha256).read_bytes()


def record_document(actor: Actor, document: Document) -> None:
    """In the unit of work of whatever names the document."""
    add_blob(actor, document.sha256, document.length, document.picture)


def record_public_document(county_id: int, document: Document) -> None:
    """The same for what a visitor sent, who is signed in nowhere."""
    add_county_blob(county_id, document.sha256, document.length, document.picture)


def get_document(sha256: str) -> tuple[str, Path]:
    """Type and file of a document of the county in sight; who may read it is the caller's to ask.
    Raises ``attachment.not_found``."""
    blob = find_blob(sha256)
    path = folder().blob_path(sha256) if blob is not None else None
    if blob is None or path is None or not path.is_file():
        raise fault("attachment.not_found")
    return blob.mime, path


def get_document_view(sha256: str, *, is_small: bool = False) -> bytes:
    """A picture as any browser shows it, made anew: none of what its file says beside the picture
    is in it. Raises ``attachment.not_found``, also for a PDF."""
    mime, path = get_document(sha256)
    if mime == PDF:
        raise fault("attachment.not_found")
    side = THUMB_PIXELS if is_small else VIEW_PIXELS
    return shrink_picture(path, side, runtime().config.max_photo_pixels)


def _measure(file: IO[bytes], length: int) -> Picture:
    file.seek(0)
    head = file.read(16)
    if _HEAD.match(head):
        _check_pdf(file, length)
        return Picture(PDF, 0, 0)
    file.seek(0)
    try:
        return measure_picture(file, runtime().config.max_photo_pixels)
    except Fault as refused:
        if refused.code == "photo.not_a_picture":
            raise fault("document.unknown_type") from refused
        raise


def _check_pdf(file: IO[bytes], length: int) -> None:
    """It ends where a PDF ends, and its end leads to its table of objects: a file that was cut, or
    that only calls itself a PDF, does not."""
    file.seek(max(0, length - TAIL_BYTES))
    end = _TAIL.search(file.read(TAIL_BYTES))
    if end is None or int(end[1]) >= length:
        raise fault("document.bad_pdf")
    file.seek(int(end[1]))
    if not _TABLE.match(file.read(40)):
        raise fault("document.bad_pdf")


def _store(file: IO[bytes], sha256: str) -> None:
    store, name = folder(), f"doc-{secrets.token_hex(12)}"
    if store.blob_path(sha256).is_file():
        return
    file.seek(0)
    with store.beginning(name) as part:
        while rest := memoryview(file.read(BLOCK_BYTES)):
            while rest:
                rest = rest[part.write(rest) :]
    store.keep(store.part_path(name), sha256)
