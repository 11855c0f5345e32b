"""Who uses an installation's folder: servers and backups together, a restore alone."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from domain.errors import fault

NAME = "in_use.lock"


@contextmanager
def holding_home(home: Path, *, alone: bool = False) -> Iterator[None]:
    """Holds the folder until the end of the block, also for child processes (the lock is the open
    file's, and a fork shares it). Raises ``restore.running`` while a restore runs, or, for one that
    wants to be ``alone``, while anybody else is here. A killed process holds nothing."""
    home.mkdir(parents=True, exist_ok=True)
    with (home / NAME).open("a") as file:
        try:
            fcntl.flock(file, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except OSError as error:
            raise fault("restore.running", home=str(home)) from error
        yield
