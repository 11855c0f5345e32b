"""Whose turn it is to compute, among the threads of this process (docs/decisions/0008).

The interpreter runs one thread at a time. Eight pushes that all compute at once only pass it back
and forth: each takes eight times as long, and those that hold a lock hold it eight times as long.
So they take turns. While a thread waits for PostgreSQL the turn is another's; on SQLite, where the
database computes in our own thread and one transaction writes at a time, it is kept to the commit.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Thinking:
    """The turn of one process. Who holds it must not wait for anybody else who may need it."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._mine = threading.local()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Until the block ends no other thread computes what asks for the turn."""
        with self._turn:
            self._mine.is_held = True
            try:
                yield
            finally:
                self._mine.is_held = False

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Lets others think while the block waits; nothing for a thread without the turn."""
        if not getattr(self._mine, "is_held", False):
            yield
            return
        self._mine.is_held = False
        self._turn.release()
        try:
            yield
        finally:
            self._turn.acquire()
            self._mine.is_held = True


thinking = Thinking()
