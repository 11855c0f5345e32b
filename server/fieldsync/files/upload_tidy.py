"""Uploads nobody continues: their bytes go, the photos stay wanted (tus expiration)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import select

from server.db import db, unit_of_work
from server.fieldsync.files.storage import BlobFolder
from server.fieldsync.models import Upload
from server.runtime import now, runtime
from sync.upload import UploadState

ORPHAN_AGE = timedelta(days=7)
TIDY_EVERY = timedelta(hours=1)
_LAST = "suicha_uploads_tidied_at"


@dataclass(frozen=True, slots=True)
class Tidied:
    """``expired`` uploads were ended, ``orphans`` are files that no open upload owned."""

    expired: int
    orphans: int


def tidy_uploads() -> Tidied:
    """Of all counties, whoever asks. May run while phones send: an upload somebody is writing to
    is left for the next time."""
    folder = BlobFolder(runtime().config.blob_dir)
    return Tidied(_end_expired(folder), _remove_orphans(folder))


def tidy_uploads_hourly() -> None:
    """At the first creation of an upload after the start and once an hour from then on; a process
    with nobody to serve has nothing to tidy."""
    last: datetime | None = current_app.extensions.get(_LAST)
    if last is None or now() - last >= TIDY_EVERY:
        current_app.extensions[_LAST] = now()
        tidy_uploads()


def _end_expired(folder: BlobFolder) -> int:
    table = Upload.__table__
    is_over = (table.c.state == UploadState.OPEN.value) & (table.c.expires_at <= now())
    found = list(db.session.scalars(select(table.c.id).where(is_over)))
    ended = 0
    for upload_id in found:
        with folder.trying_to_write(upload_id) as path:
            if path is None:
                continue
            with unit_of_work() as work:
                discarded = {"state": UploadState.DISCARDED.value}
                work.execute(table.update().where(table.c.id == upload_id, is_over), discarded)
            folder.discard(upload_id)
            ended += 1
    return ended


def _remove_orphans(folder: BlobFolder) -> int:
    """Bytes a crash left behind: after the upload was ended on record, before its file went."""
    table = Upload.__table__
    before = (now() - ORPHAN_AGE).timestamp()
    old = {path.stem for path in folder.list_parts() if path.stat().st_mtime < before}
    if not old:
        return 0
    is_open = table.c.id.in_(old) & (table.c.state == UploadState.OPEN.value)
    kept = set(db.session.scalars(select(table.c.id).where(is_open)))
    for upload_id in old - kept:
        folder.discard(upload_id)
    return len(old - kept)
