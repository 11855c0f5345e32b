"""Whose turn it is to write on SQLite, among the threads of all processes (docs/decisions/0004).

SQLite's own waiting is polling with growing pauses: under eight phones one writer could starve past
its time-out while others overtook it. Threads queue at a lock of their process, and the first of
each process at a file beside the database. The file holds nothing; a process that dies lets go.
"""

from __future__ import annotations

import fcntl
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from domain.errors import fault

PATIENCE_SECONDS = 15
LOOK_SECONDS = 0.002


class Turns:
    """The queue of one database. ``path`` None: a database of this process alone."""

    def __init__(self, path: str | None) -> None:
        self._path = path
        self._threads = threading.Lock()
        self._file: int | None = None
        self._pid = 0

    @contextmanager
    def wait(self) -> Iterator[None]:
        """Until the block ends nobody else writes. Raises ``server.busy`` when a writer of this
        process or another keeps its turn for longer than anybody should."""
        give_up = time.monotonic() + PATIENCE_SECONDS
        if not self._threads.acquire(timeout=PATIENCE_SECONDS):
            raise fault("server.busy", retry_after=1)
        try:
            file = self._open()
            if file is not None:
                _take(file, give_up)
            try:
                yield
            finally:
                if file is not None:
                    fcntl.flock(file, fcntl.LOCK_UN)
        finally:
            self._threads.release()

    def _open(self) -> int | None:
        """One descriptor for each process: a lock taken through an inherited one is shared."""
        if self._path is None:
            return None
        if self._file is None or self._pid != os.getpid():
            self._file = os.open(f"{self._path}-turn", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            self._pid = os.getpid()
        return self._file


def _take(file: int, give_up: float) -> None:
    # flock cannot be told how long to wait; one thread of each process looks, the others queue.
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() > give_up:
                raise fault("server.busy", retry_after=1) from None
            time.sleep(LOOK_SECONDS)


_turns: dict[str | None, Turns] = {}


def turns_of(path: str | None) -> Turns:
    """The queue of the SQLite file with this path."""
    name = str(Path(path).resolve()) if path and path != ":memory:" else None
    return _turns.setdefault(name, Turns(name))
