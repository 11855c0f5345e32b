"""The hashes of all entries in files beside the database, `SUICHA_HOME/trail/<county>.leaves`: who
rewrites an entry and its hash in the database is named by them, because the signed root says which
of the two is right (docs/audit.md). 32 bytes each, in the order of places; never rewritten."""

from __future__ import annotations

import fcntl
import logging
import os
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from domain.merkle import Frontier
from server.audit.findings import Root

FOLDER, SUFFIX = "trail", ".leaves"
WIDTH = 32
Read = Callable[[int, int], Iterable[bytes]]  # from this place up to that one, which is left out
_NAME = re.compile(rf"([^./]+)(\.[0-9]+)?{re.escape(SUFFIX)}")
_log = logging.getLogger(__name__)


def read_leaves(data: bytes) -> Sequence[bytes]:
    """The hashes in one file, by place; what was cut in the middle is left out."""
    return [data[at : at + WIDTH] for at in range(0, len(data) - WIDTH + 1, WIDTH)]


def keep_leaves(home: Path, county: str, size: int, read: Read) -> None:
    """Adds what ``read`` answers up to ``size`` places. What is kept
    stays: where the database was set back, the file of before is put aside. A disk that takes no
    more must not keep a root from being signed: it is logged, and made good with the next root."""
    try:
        folder = home / FOLDER
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = folder / f"{county}{SUFFIX}"
        with (folder / ".lock").open("w") as turn:
            fcntl.flock(turn, fcntl.LOCK_EX)
            known = read_leaves(path.read_bytes()) if path.exists() else []
            if known and not _goes_on(known, size, read):
                put_aside(path)
                known = []
            with path.open("r+b" if path.exists() else "xb") as file:
                file.truncate(len(known) * WIDTH)  # what a cut in the middle of a hash left
                file.seek(0, os.SEEK_END)
                file.write(b"".join(read(len(known), size)))
                file.flush()
                os.fsync(file.fileno())
    except OSError as error:
        _log.warning("leaves of the trail were not kept: %s", error)


def _goes_on(known: Sequence[bytes], size: int, read: Read) -> bool:
    """Whether the database still has the last hash that was kept, at its place."""
    return len(known) <= size and list(read(len(known) - 1, len(known))) == [known[-1]]


def put_aside(path: Path, data: bytes | None = None) -> None:
    """The file itself, or these hashes beside it, under the next free name of its county."""
    number = 1
    while (aside := path.with_suffix(f".{number}{SUFFIX}")).exists():
        number += 1
    if data is None:
        path.rename(aside)
    else:
        aside.write_bytes(data)


def list_kept(home: Path) -> list[Path]:
    """Every file of this installation, of any county."""
    return sorted((home / FOLDER).glob(f"*{SUFFIX}"))


def county_of(name: str) -> str | None:
    """Of a file of hashes by its name; None for any other."""
    found = _NAME.fullmatch(name)
    return found[1] if found else None


def read_own(home: Path) -> dict[str, list[Sequence[bytes]]]:
    """The hashes this installation keeps itself: by county the files of it, also those aside."""
    found: dict[str, list[Sequence[bytes]]] = {}
    for one in list_kept(home):
        found.setdefault(county_of(one.name) or "", []).append(read_leaves(one.read_bytes()))
    return found


def count_signed(leaves: Sequence[bytes], roots: Sequence[Root]) -> int:
    """How many of these hashes the signed roots bear out, from the first on."""
    return len(_signed_part(leaves, roots))


def choose_signed(files: Sequence[Sequence[bytes]], roots: Sequence[Root]) -> Sequence[bytes]:
    """Of these files the hashes whose roots were signed: the longest such beginning; empty where no
    file gives a root of this county. Nothing of a file is believed that no signature bears out."""
    return max((_signed_part(one, roots) for one in files), key=len, default=[])


def _signed_part(leaves: Sequence[bytes], roots: Sequence[Root]) -> Sequence[bytes]:
    tree, good = Frontier(), 0
    for root in roots:
        if root.size > len(leaves) or root.size < tree.size:
            break
        while tree.size < root.size:
            tree.push(leaves[tree.size])
        if tree.root().hex() != root.root:
            break
        good = root.size
    return leaves[:good]
