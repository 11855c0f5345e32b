"""The folder of photo bytes, named by their SHA-256: temp file, fsync, atomic rename, fsync of the
folder. What has its final name is whole and hashes to it (I18)."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from io import FileIO
from pathlib import Path

from domain.errors import fault

_SHA256 = re.compile(r"[0-9a-f]{64}")
_UPLOAD = re.compile(r"[A-Za-z0-9_-]{8,40}")
BLOCK_BYTES = 1024 * 1024
# full, over the quota, over the largest file this process may write
_NO_SPACE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


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

    def measure(self, path: Path) -> int:
        """Bytes in the file; 0 where there is none."""
        try:
            return path.stat().st_size
        except FileNotFoundError:
            return 0

    def list_parts(self) -> Iterator[Path]:
        """Part files and their locks, whoever they belong to."""
        return (self._root / "uploads").glob("*")

    @contextmanager
    def writing(self, upload_id: str) -> Iterator[Path]:
        """One writer per upload, across threads and processes of this machine; a second one gets
        ``upload.locked`` at once (423) and waits: two writers never interleave (I19)."""
        with self.trying_to_write(upload_id) as path:
            if path is None:
                raise fault("upload.locked")
            yield path

    @contextmanager
    def trying_to_write(self, upload_id: str) -> Iterator[Path | None]:
        """As ``writing``, with None where somebody else writes."""
        path = self.part_path(upload_id)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.with_suffix(".lock").open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                yield None
            else:
                yield path

    @contextmanager
    def beginning(self, upload_id: str) -> Iterator[FileIO]:
        """A part file under a name nobody else knows, therefore without a lock. When the block
        ends the bytes are on disk, the name is after ``settle`` or ``keep``; when it raises there
        is no file."""
        path = self.part_path(upload_id)
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with path.open("xb", buffering=0) as file:
                yield file
                os.fsync(file.fileno())
        except BaseException:
            path.unlink(missing_ok=True)
            raise

    def settle(self, path: Path) -> None:
        """The file's name is on disk, too."""
        _fsync_folder(path.parent)

    @contextmanager
    def extending(self, path: Path, offset: int) -> Iterator[FileIO]:
        """The part file at ``offset``, whatever a crash left beyond it dropped. When the block ends
        the bytes and the file's name are on disk; when it raises the file ends at ``offset`` again,
        and a full disk gets its room back."""
        is_new = not path.exists()
        with path.open("w+b" if is_new else "r+b", buffering=0) as file:
            file.truncate(offset)
            file.seek(offset)
            try:
                yield file
                os.fsync(file.fileno())
            except BaseException:
                file.truncate(offset)
                raise
        if is_new:
            self.settle(path)

    def keep(self, path: Path, sha256: str) -> None:
        """Gives a finished, fsynced and hashed file its final name; safe to repeat."""
        target = self.blob_path(sha256)
        if not target.parent.is_dir():
            target.parent.mkdir(parents=True, exist_ok=True)
            _fsync_folder(self._root)
        path.replace(target)
        _fsync_folder(target.parent)

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
        """Throws an upload's bytes away. Its verdict is on record: who still waits for the lock,
        and then holds one nobody sees, is refused by that."""
        path = self.part_path(upload_id)
        path.unlink(missing_ok=True)
        path.with_suffix(".lock").unlink(missing_ok=True)


@contextmanager
def refusing_when_full() -> Iterator[None]:
    """A disk that takes no more is ``upload.no_space`` (507) and no defect of ours."""
    try:
        yield
    except OSError as error:
        if error.errno in _NO_SPACE:
            raise fault("upload.no_space") from error
        raise


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
