"""How long one connection may hold a thread: a stalled phone must not keep others waiting (F7).

A worker has few threads, and a phone that lost its network in the middle of a body sends neither
bytes nor a goodbye. Such a connection is ended; the phone comes again.
"""

from __future__ import annotations

import errno
import socket
import ssl
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

WHOLE_REQUEST = 3  # times the patience for one silence: a drop now and then is no progress


class Stalled(ConnectionResetError):
    """The other end fell silent. For gunicorn this is a connection that broke."""

    def __init__(self) -> None:
        super().__init__(errno.ECONNRESET, "no progress in time")


class PatientSocket(socket.socket):
    """A connection whose reads and writes wait ``seconds`` at most, and whose one request may
    take three times that to arrive. ``seconds`` None waits for ever."""

    has_stalled = False
    _seconds: float | None = None
    _deadline: float = 0.0

    @contextmanager
    def reading_request(self, seconds: float) -> Iterator[None]:
        """One request: its head and body must arrive within the time, its answer must flow."""
        self._begin(seconds)
        try:
            yield
        finally:
            self._seconds = None

    def _begin(self, seconds: float) -> None:
        self._seconds, self._deadline = seconds, time.monotonic() + WHOLE_REQUEST * seconds
        whole, part = divmod(seconds, 1)
        self.setsockopt(
            socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", int(whole), int(part * 1e6))
        )

    def recv(self, *args: Any) -> bytes:  # type: ignore[override]
        """As ``socket.recv``; raises Stalled."""
        if self._seconds is None:
            return super().recv(*args)
        before = self.gettimeout()
        left = min(self._seconds, self._deadline - time.monotonic())
        if left <= 0:
            raise self._stall()
        self.settimeout(left if before is None else min(before, left))
        try:
            return super().recv(*args)
        except TimeoutError as error:
            if before is not None:
                raise  # whoever set a time of his own knows what to do
            raise self._stall() from error
        finally:
            self.settimeout(before)

    def sendall(self, *args: Any) -> None:  # type: ignore[override]
        """As ``socket.sendall``; raises Stalled when not a byte is taken in time."""
        try:
            super().sendall(*args)
        except BlockingIOError as error:
            raise self._stall() from error

    def sendfile(self, *args: Any, **more: Any) -> int:
        """As ``socket.sendfile``; raises Stalled when not a byte is taken in time."""
        before = self.gettimeout()
        self.settimeout(self._seconds)
        try:
            return super().sendfile(*args, **more)
        except TimeoutError as error:
            raise self._stall() from error
        finally:
            self.settimeout(before)

    def _stall(self) -> Stalled:
        self.has_stalled = True
        return Stalled()


class PatientTlsSocket(PatientSocket, ssl.SSLSocket):
    """The same where the server itself speaks TLS (``SSLContext.sslsocket_class``): patience begins
    with the handshake, which is part of the first request's time. Here Python waits, not the
    system: a wait that the system ends is begun again inside ``ssl``."""

    stall_seconds = 20.0

    def do_handshake(self, block: bool = False) -> None:
        """As ``ssl.SSLSocket.do_handshake``; raises Stalled."""
        self._begin(self.stall_seconds)
        with self._waiting():
            super().do_handshake(block)

    def sendall(self, *args: Any) -> None:  # type: ignore[override]
        """As ``socket.sendall``; raises Stalled when not a byte is taken in time."""
        with self._waiting():
            ssl.SSLSocket.sendall(self, *args)

    @contextmanager
    def _waiting(self) -> Iterator[None]:
        before = self.gettimeout()
        self.settimeout(self._seconds)
        try:
            yield
        except TimeoutError as error:
            raise self._stall() from error
        finally:
            self.settimeout(before)


def is_stalled(error: BaseException) -> bool:
    """Whether a body ended because its sender fell silent."""
    return isinstance(error.__context__, Stalled) or isinstance(error, Stalled)
