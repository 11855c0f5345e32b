"""The hashes beside the database when it is backed up and put back (docs/audit.md §6).

They are there to contradict the database, so a restore must not make them agree with it: a file of
which the restored database does not hold everything stays, aside, and is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from fcntl import LOCK_EX, flock
from itertools import takewhile
from pathlib import Path
from typing import Any

from server.audit.kept_leaves import (
    FOLDER,
    SUFFIX,
    WIDTH,
    county_of,
    list_kept,
    put_aside,
    read_leaves,
)
from server.audit.roots import list_leaf_hashes


@dataclass(frozen=True, slots=True)
class SetBack:
    """A county's ``file`` had ``kept`` hashes, of which the restored database has the first
    ``restored``; ``last`` is the file's last one, by which the file is known again."""

    county: str
    file: str
    kept: int
    restored: int
    last: str


def copy_kept(home: Path) -> dict[str, bytes]:
    """Every file of hashes by its name, none while it is being written. To be read BEFORE the
    database is copied: a file grows after the commit, so it never holds more than that copy."""
    if not (home / FOLDER).is_dir():
        return {}
    with _alone(home):
        return {one.name: one.read_bytes() for one in list_kept(home)}


def find_set_back(home: Path, connection: Any, counties: Mapping[str, int]) -> list[SetBack]:
    """Each file that goes on behind what this database has, or otherwise than it; also those aside,
    for the entry that told of them may be gone with the restore. ``counties``: ids by code."""
    found = []
    for path in list_kept(home):
        county = county_of(path.name) or ""
        kept = read_leaves(path.read_bytes())
        known: list[bytes] = []
        if county in counties:
            known += list_leaf_hashes(connection, counties[county], 0, len(kept))
        pairs = zip(kept, known, strict=False)
        agreed = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
        if agreed < len(kept):
            found.append(SetBack(county, path.name, len(kept), agreed, kept[-1].hex()))
    return found


def settle_kept(home: Path, set_back: list[SetBack], offered: Mapping[str, bytes]) -> None:
    """Puts aside the files that were set back and takes over those of the backup: where one goes on
    from what is here, in its place; where it says something else, beside it."""
    folder = home / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _alone(home):
        for one in set_back:
            if one.file == f"{one.county}{SUFFIX}":
                put_aside(folder / one.file)
        for name, data in sorted(offered.items()):
            _take_over(home, name, data[: len(data) // WIDTH * WIDTH])


def _take_over(home: Path, name: str, data: bytes) -> None:
    county = county_of(name)
    if county is None or not data:
        return
    ours = [one.read_bytes() for one in list_kept(home) if county_of(one.name) == county]
    present = home / FOLDER / f"{county}{SUFFIX}"
    now = present.read_bytes() if present.exists() else b""
    if name == present.name and data.startswith(now):
        new = present.with_suffix(".new")
        new.write_bytes(data)
        new.replace(present)
    elif not any(one.startswith(data) for one in ours):
        put_aside(present, data)


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    with (home / FOLDER / ".lock").open("w") as turn:
        flock(turn, LOCK_EX)
        yield
