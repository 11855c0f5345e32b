"""A bad network between phones and a server, of our own: it loses, cuts, doubles, delays, stalls
and answers for the server. One request per connection, to and from 127.0.0.1 only; seeded."""

from __future__ import annotations

import random
import socket
import threading
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress

# fault → how many of 100 requests; the rest goes through untouched
FAULTS = {
    "request lost": 6,  # F1
    "request cut": 3,  # F1
    "answer lost": 7,  # F2
    "answer cut": 6,  # F3
    "sent twice at once": 6,  # F4
    "replayed later": 4,  # F5, F9
    "delayed": 8,  # F6
    "stalled": 2,  # F7
    "portal": 4,  # F8
    "busy": 6,  # F10
    "too large": 2,  # F11
}
PORTAL = b"<!doctype html><title>Wi-Fi</title><form action='/login'>Sign in here</form>"
STALL_SECONDS = 4.0  # longer than a phone of the soak waits
MAX_BODY = 8 * 2**20


class FlakyProxy:
    """Listens on ``port``; forwards to ``target`` until ``close``. The first requests meet each
    fault once, the later ones by chance; ``heal`` ends all faults."""

    def __init__(self, target: int, seed: int, faults: dict[str, int] | None = None) -> None:
        self.target, self.counts = target, Counter[str]()
        self._faults = FAULTS if faults is None else faults
        self._chance = random.Random(seed)
        self._guard = threading.Lock()
        self._kept: list[bytes] = []
        self._due = self._chance.sample(sorted(self._faults), len(self._faults))  # each once
        self._closed = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def heal(self) -> None:
        """From here on everything goes through once."""
        self._faults = {}

    def close(self) -> None:
        """Ends the listening; running connections end by their own deadlines."""
        self._closed.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(5)

    def _accept(self) -> None:
        while not self._closed.is_set():
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with client, suppress(OSError):
            client.settimeout(20)
            request = read_request(client)
            if request:
                self._pass_on(client, request, self._choose())

    def _choose(self) -> str:
        with self._guard:
            if self._faults and self._due:
                self.counts[fault := self._due.pop()] += 1
                return fault
            drawn = self._chance.uniform(0, 100)
            for fault, share in self._faults.items():
                drawn -= share
                if drawn < 0:
                    self.counts[fault] += 1
                    return fault
            self.counts["untouched"] += 1
            return ""

    def _pass_on(self, client: socket.socket, request: bytes, fault: str) -> None:
        match fault:
            case "request lost":
                return
            case "request cut":
                self._send(request[: self._part(len(request))], waits=False)
            case "answer lost":
                self._send(request)
            case "answer cut":
                answer = self._send(request)
                client.sendall(answer[: self._part(len(answer))])
            case "sent twice at once":
                twin = threading.Thread(target=self._send, args=(request,), daemon=True)
                twin.start()
                answer = self._send(request)
                twin.join(20)
                client.sendall(answer)
            case "replayed later":
                answer = self._send(request)
                self._replay(request)
                client.sendall(answer)
            case "delayed":
                self._closed.wait(self._amount(0.05, 0.8))
                client.sendall(self._send(request))
            case "stalled":
                answer = self._send(request) if self._amount(0, 1) < 0.5 else b""
                client.sendall(answer[: len(answer) // 2])
                self._closed.wait(STALL_SECONDS)
            case "portal":
                client.sendall(respond("200 OK", PORTAL, "text/html"))
            case "busy":
                client.sendall(respond(self._pick(("502 Bad Gateway", "503 Busy", "429 Slow"))))
            case "too large":
                client.sendall(respond(self._pick(("413 Too Large", "408 Timeout"))))
            case _:
                client.sendall(self._send(request))

    def _replay(self, request: bytes) -> None:
        """Keeps some requests and sends an older one again, to nobody's answer."""
        with self._guard:
            self._kept.append(request)
            del self._kept[:-40]
            older = self._chance.choice(self._kept)
        self._send(older)

    def _send(self, request: bytes, *, waits: bool = True) -> bytes:
        """The server's whole answer, empty when there is none."""
        found = b""
        with (
            suppress(OSError),
            socket.create_connection(("127.0.0.1", self.target), timeout=20) as server,
        ):
            server.sendall(request)
            while waits and (part := server.recv(65536)):
                found += part
        return found

    def _part(self, length: int) -> int:
        with self._guard:
            return self._chance.randrange(length) if length else 0

    def _amount(self, least: float, most: float) -> float:
        with self._guard:
            return self._chance.uniform(least, most)

    def _pick(self, names: Sequence[str]) -> str:
        with self._guard:
            return self._chance.choice(names)


def read_request(client: socket.socket) -> bytes:
    """One request with a Content-Length or without a body; empty when the client left."""
    found = b""
    while b"\r\n\r\n" not in found:
        part = client.recv(65536)
        if not part:
            return b""
        found += part
    head, _, body = found.partition(b"\r\n\r\n")
    length = 0
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            length = min(int(value), MAX_BODY)
    while len(body) < length:
        part = client.recv(65536)
        if not part:
            return b""
        body += part
    return head + b"\r\n\r\n" + body


def respond(status: str, body: bytes = b"", kind: str = "text/plain") -> bytes:
    """A whole HTTP answer that the server never gave."""
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
    return f"{head}Retry-After: 1\r\nConnection: close\r\n\r\n".encode() + body
