"""The folder with all backups: one writer, a temporary name until it is whole, the newest kept."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
from collections.abc import Callable, Iterator, Set
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from domain.errors import fault
from server.backups.manifest import NAME

BACKUP = re.compile(r"\d{8}T\d{6}Z(-\d+)?")
PARTIAL = ".partial"
REMOVING = ".removing"


@contextmanager
def writing(root: Path) -> Iterator[None]:
    """One backup at a time in this folder; what a killed one left behind is cleared away."""
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (root / ".lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise fault("backup.busy") from error
        for left in [*root.glob(f"*{PARTIAL}"), *root.glob(f"*{REMOVING}")]:
            if BACKUP.fullmatch(left.stem):
                shutil.rmtree(left)
        yield


def list_backups(root: Path) -> list[Path]:
    """Finished backups, the oldest first."""
    found = [one for one in root.iterdir() if BACKUP.fullmatch(one.name) and (one / NAME).is_file()]
    return sorted(found, key=lambda one: _order(one.name))


def make_partial(root: Path, at: datetime, taken: Set[str]) -> Path:
    """An empty folder under a temporary name; its stem is the backup's id, by UTC. ``taken`` are
    ids on record: another folder may have been written in the same second."""
    name = choose_stamp(at, lambda one: one in taken or (root / one).exists())
    partial = root / f"{name}{PARTIAL}"
    partial.mkdir(mode=0o700)
    return partial


def choose_stamp(at: datetime, is_taken: Callable[[str], bool]) -> str:
    """The second by UTC, with a serial from 2 on while something bears that name already."""
    stamp = at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    serial, name = 1, stamp
    while is_taken(name):
        serial += 1
        name = f"{stamp}-{serial}"
    return name


def finish(partial: Path) -> Path:
    """Gives the folder its name, when everything below it is on disk."""
    for folder, _folders, _files in os.walk(partial):
        fsync_folder(Path(folder))
    target = partial.with_suffix("")
    partial.rename(target)
    fsync_folder(target.parent)
    return target


def prune(root: Path, keep: int) -> list[str]:
    """Removes all but the ``keep`` newest; answers the names of those removed."""
    old = list_backups(root)[:-keep]
    for one in old:
        dying = one.with_name(f"{one.name}{REMOVING}")
        one.rename(dying)  # first: half a backup must never look like one
        shutil.rmtree(dying)
    return [one.name for one in old]


def write_file(path: Path, content: bytes) -> None:
    """Readable by its owner only, on disk when this returns."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def copy_file(source: Path, target: Path) -> None:
    """The same with another file's content, in blocks. Raises FileExistsError: what is there may be
    the last copy of something, even ``source`` itself under a second name."""
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with source.open("rb") as reader, os.fdopen(handle, "wb") as file:
        shutil.copyfileobj(reader, file, 1024 * 1024)
        file.flush()
        os.fsync(file.fileno())


def fsync_folder(folder: Path) -> None:
    """Names in the folder are on disk when this returns (POSIX)."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _order(name: str) -> tuple[str, int]:
    stamp, _, serial = name.partition("-")
    return stamp, int(serial or 1)
