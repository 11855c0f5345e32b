"""gunicorn's threaded worker, with an end to its patience."""

from __future__ import annotations

import time
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

from server.patience import PatientSocket

# more than any body a phone sends; who sends more than that is cut off
MAX_UNREAD_BYTES = 64 * 1024 * 1024


class PatientWorker(ThreadWorker):  # type: ignore[misc]
    """Each connection is a PatientSocket; ``stall_seconds`` is set by ``serve``."""

    stall_seconds = 20.0

    def handle(self, conn: Any) -> Any:
        """Runs in a thread of the pool, before the connection is read for the first time."""
        if not isinstance(conn.sock, PatientSocket):
            conn.sock = PatientSocket(fileno=conn.sock.detach())
        with conn.sock.reading_request(self.stall_seconds):
            return super().handle(conn)

    def _keepalive_after(self, conn: Any, keepalive: bool) -> bool:
        """An answer given before the whole body was read (413, 409) must reach a phone that is
        still sending: closed over unread bytes, the connection is reset and the answer is lost
        with it. gunicorn reads 64 KiB on; a batch that must be halved is larger."""
        deadline = time.monotonic() + self.stall_seconds
        if not conn.parser.finish_body(deadline=deadline, max_bytes=MAX_UNREAD_BYTES):
            return False
        return bool(super()._keepalive_after(conn, keepalive))

    def finish_request(self, conn: Any, fs: Any) -> None:
        """Runs in the one thread that accepts connections. gunicorn would wait here for up to two
        seconds for a goodbye; from a phone that fell silent none will come."""
        if getattr(conn.sock, "has_stalled", False):
            self.nr_conns -= 1
            conn.close()
        else:
            super().finish_request(conn, fs)
