"""The soak's own record of what the phones made and what was destroyed on purpose, to count the
server's against. Shared by all threads."""

from __future__ import annotations

import threading
from collections import Counter


class Book:
    """``marks`` is how far a verified copy covers each device; None: no copies are restored, and
    the server's own mark counts."""

    def __init__(self, marks: dict[str, int] | None = None) -> None:
        self.ops: set[str] = set()
        self.events: dict[str, str] = {}
        self.marks = marks
        self._guard = threading.Lock()

    def made(self, op: str) -> None:
        with self._guard:
            self.ops.add(op)

    def destroyed(self, ops: set[str], event: str) -> None:
        """These are no longer on the phone that had them."""
        with self._guard:
            self.events |= dict.fromkeys(ops, event)

    def mark_of(self, device: str) -> int:
        return 2**53 if self.marks is None else self.marks.get(device, 0)

    def count_events(self, ops: set[str]) -> dict[str, int]:
        return dict(Counter(self.events[op] for op in ops))
