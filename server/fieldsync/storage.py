"""The folder of photo bytes, named by their SHA-256: temp file, fsync, atomic rename, fsync of the
folder. What has its final name is whole and hashes to it (I18)."""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from domain.errors import fault

_SHA256 = re.compile(r"[0-9a-f]{64}")
_UPLOAD = re.compile(r"[A-Za-z0-9_-]{8,40}")
BLOCK_BYTES = 1024 * 1024


class BlobFolder:
    """``<sha[:2]>/<sha>`` holds bytes, ``uploads/<id>`` what is still arriving."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def blob_path(self, sha256: str, suffix: str = "") -> Path:
        """Where bytes with this hash are kept; ``suffix`` for what is made from them."""
        if not _SHA256.fullmatch(sha256):
            raise ValueError("not a SHA-256")
        return self._root / sha256[:2] / f"{sha256}{suffix}"

    def part_path(self, upload_id: str) -> Path:
        """Where an upload's bytes gather."""
        if not _UPLOAD.fullmatch(upload_id):
            raise fault("upload.not_found")
        return self._root / "uploads" / upload_id

    def has(self, sha256: str) -> bool:
        return self.blob_path(sha256).is_file()

    @contextmanager
    def writing(self, upload_id: str) -> Iterator[Path]:
        """One writer per upload, across threads and processes of this machine; a second one gets
        ``upload.locked`` at once (423) and waits: two writers never interleave (I19)."""
        path = self.part_path(upload_id)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.with_suffix(".lock").open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise fault("upload.locked") from error
            yield path

    def append(self, path: Path, offset: int, chunk: bytes) -> None:
        """Writes the chunk at the offset, dropping whatever a crash left beyond it, and fsyncs."""
        with path.open("r+b" if path.exists() else "w+b") as file:
            file.truncate(offset)
            file.seek(offset)
            file.write(chunk)
            file.flush()
            os.fsync(file.fileno())

    def keep(self, path: Path, sha256: str) -> None:
        """Gives a finished, already hashed file its final name; safe to repeat."""
        target = self.blob_path(sha256)
        target.parent.mkdir(parents=True, exist_ok=True)
        with path.open("rb") as file:
            os.fsync(file.fileno())
        path.replace(target)
        _fsync_folder(target.parent)
        _fsync_folder(self._root)

    def write_derived(self, sha256: str, suffix: str, data: bytes) -> Path:
        """Stores what was made from a blob (a thumbnail) beside it, atomically."""
        target = self.blob_path(sha256, suffix)
        target.parent.mkdir(parents=True, exist_ok=True)
        temp = target.with_name(f"{target.name}.{os.getpid()}.{os.urandom(4).hex()}")
        with temp.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temp.replace(target)
        _fsync_folder(target.parent)
        return target

    def discard(self, upload_id: str) -> None:
        """Throws an upload's bytes away."""
        path = self.part_path(upload_id)
        path.unlink(missing_ok=True)
        path.with_suffix(".lock").unlink(missing_ok=True)


def hash_file(path: Path) -> str:
    """SHA-256 of the bytes on disk, hex."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK_BYTES):
            digest.update(block)
    return digest.hexdigest()


def _fsync_folder(folder: Path) -> None:
    # Without this the rename itself may be lost in a power cut (POSIX).
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
