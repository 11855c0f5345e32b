"""Photos between the store and a backup: named by their SHA-256, hashed again each time."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection, select

from server.backups.folder import copy_file, fsync_folder
from server.db import Base
from server.fieldsync.files.storage import BlobFolder, hash_file

Tell = Callable[[str, int, int], None]  # what, how many are done, of how many


@dataclass(slots=True)
class PhotoTally:
    """``missing``: hashes nobody has whole bytes of."""

    count: int = 0
    size: int = 0
    missing: list[str] = field(default_factory=list)


def list_photos(copy: Connection) -> list[str]:
    """Hashes of all photos on record, each once."""
    blobs = Base.metadata.tables["blobs"]
    query = select(blobs.c.sha256).distinct().order_by(blobs.c.sha256)
    return list(copy.scalars(query))


def gather_photos(
    wanted: Iterable[str], store: Path, target: Path, earlier: Path | None, tell: Tell
) -> PhotoTally:
    """Every photo wanted into the backup: linked from the one before where it is whole there, else
    copied from the store."""
    kept = BlobFolder(target)
    sources = [BlobFolder(earlier)] if earlier is not None else []
    tally, hashes = PhotoTally(), list(wanted)
    target.mkdir(mode=0o700)
    for done, sha256 in enumerate(hashes):
        tell("photos", done, len(hashes))
        path = kept.blob_path(sha256)
        path.parent.mkdir(exist_ok=True, mode=0o700)
        if any(_link(one.blob_path(sha256), path) for one in sources) or _copy(
            BlobFolder(store).blob_path(sha256), path
        ):
            tally.count += 1
            tally.size += path.stat().st_size
        else:
            tally.missing.append(sha256)
    tell("photos", len(hashes), len(hashes))
    return tally


def find_damaged(photos: Path, wanted: Iterable[str], tell: Tell) -> list[str]:
    """Hashes whose bytes in the backup are gone or changed."""
    folder, hashes, found = BlobFolder(photos), list(wanted), []
    for done, sha256 in enumerate(hashes):
        tell("check", done, len(hashes))
        if not is_whole(folder.blob_path(sha256)):
            found.append(sha256)
    tell("check", len(hashes), len(hashes))
    return found


def bring_back(
    wanted: Iterable[str], photos: Path, store: Path, aside: Path, tell: Tell
) -> PhotoTally:
    """Every photo on record into the store: what is whole there stays, what is damaged is moved
    aside, what is gone comes out of the backup."""
    target, source = BlobFolder(store), BlobFolder(photos)
    tally, hashes = PhotoTally(), list(wanted)
    for done, sha256 in enumerate(hashes):
        tell("restore", done, len(hashes))
        path = target.blob_path(sha256)
        if is_whole(path):
            continue
        if path.is_file():
            aside.mkdir(parents=True, exist_ok=True, mode=0o700)
            path.rename(aside / sha256)
        path.parent.mkdir(parents=True, exist_ok=True)
        if _copy(source.blob_path(sha256), path):
            tally.count += 1
            tally.size += path.stat().st_size
        else:
            tally.missing.append(sha256)
    tell("restore", len(hashes), len(hashes))
    return tally


def is_whole(path: Path) -> bool:
    """Whether the file is there and hashes to its name."""
    try:
        return hash_file(path) == path.name
    except OSError:
        return False


def _link(source: Path, target: Path) -> bool:
    if not is_whole(source):
        return False
    try:
        target.hardlink_to(source)
    except OSError:  # a file system without links
        copy_file(source, target)
        return is_whole(target)
    return True


def _copy(source: Path, target: Path) -> bool:
    """Under its final name only when the bytes are on disk and hash to it."""
    temp = target.with_name(f"{target.name}.{os.getpid()}")
    try:
        temp.unlink(missing_ok=True)  # of a killed run with this number
        copy_file(source, temp)
        if hash_file(temp) != target.name:
            return False
        temp.replace(target)
        fsync_folder(target.parent)
    except FileNotFoundError:
        return False
    finally:
        temp.unlink(missing_ok=True)
    return True
