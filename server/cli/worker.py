"""gunicorn's threaded worker, with an end to its patience."""

from __future__ import annotations

from typing import Any

from gunicorn.workers.gthread import ThreadWorker

from server.patience import PatientSocket


class PatientWorker(ThreadWorker):  # type: ignore[misc]
    """Each connection is a PatientSocket; ``stall_seconds`` is set by ``serve``."""

    stall_seconds = 20.0

    def handle(self, conn: Any) -> Any:
        """Runs in a thread of the pool, before the connection is read for the first time."""
        if not isinstance(conn.sock, PatientSocket):
            conn.sock = PatientSocket(fileno=conn.sock.detach())
        with conn.sock.reading_request(self.stall_seconds):
            return super().handle(conn)

    def finish_request(self, conn: Any, fs: Any) -> None:
        """Runs in the one thread that accepts connections. gunicorn would wait here for up to two
        seconds for a goodbye; from a phone that fell silent none will come."""
        if getattr(conn.sock, "has_stalled", False):
            self.nr_conns -= 1
            conn.close()
        else:
            super().finish_request(conn, fs)
