"""Other people's servers, small and local: a push service, a gateway, a mail server."""

from __future__ import annotations

import base64
import json
import os
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.databases import free_port


def encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Called:
    """One request as it arrived; ``connection`` is the caller's port."""

    path: str
    headers: dict[str, str]
    body: bytes
    connection: int


@dataclass
class Receiver:
    """Writes down what it is sent. ``answers`` are given one after the other, then 201; a path in
    ``answers_at`` has its own: several senders come in any order. From the call number
    ``holds_from`` on it answers nothing until ``let_go``. ``talks`` bytes follow each answer's
    head; ``is_cut`` once the caller did not want to hear them."""

    url: str
    called: list[Called] = field(default_factory=list)
    answers: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    answers_at: dict[str, int] = field(default_factory=dict)
    holds_from: int | None = None
    held: threading.Event = field(default_factory=threading.Event)
    let_go: threading.Event = field(default_factory=threading.Event)
    talks: int = 0
    is_cut: threading.Event = field(default_factory=threading.Event)


@contextmanager
def receiver() -> Iterator[Receiver]:
    """On a port of its own, until the block ends."""
    port = free_port()
    told = Receiver(f"http://127.0.0.1:{port}")

    class Server(ThreadingHTTPServer):
        daemon_threads = True  # a caller may keep its connection for longer than this stays

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.title(): value for name, value in self.headers.items()}
            told.called.append(Called(self.path, headers, body, self.client_address[1]))
            if told.holds_from is not None and len(told.called) >= told.holds_from:
                told.held.set()
                told.let_go.wait(60)
                self.close_connection = True
                return
            if self.path in told.answers_at:
                status, headers = told.answers_at[self.path], {}
            else:
                status, headers = told.answers.pop(0) if told.answers else (201, {})
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(told.talks))
            self.end_headers()
            try:
                self.wfile.write(b"x" * told.talks)
            except ConnectionError:
                told.is_cut.set()

        def log_message(self, *_: Any) -> None:
            pass

    with Server(("127.0.0.1", port), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield told
        finally:
            server.shutdown()
            thread.join()


class Browser:
    """What a browser keeps of its subscription: it alone can read what is sent to it."""

    def __init__(self, service: str, name: str = "one") -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.auth = os.urandom(16)
        self.endpoint = f"{service}/push/{name}"

    @property
    def subscription(self) -> dict[str, Any]:
        point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return {
            "endpoint": self.endpoint,
            "keys": {"p256dh": encode(point), "auth": encode(self.auth)},
        }

    def read(self, body: bytes) -> Any:
        """By an implementation of RFC 8188 that is not the sender's own code path."""
        plain = http_ece.decrypt(
            body, private_key=self.key, auth_secret=self.auth, version="aes128gcm"
        )
        return json.loads(plain)


@contextmanager
def mail_server(refuses: str = "") -> Iterator[tuple[int, list[str]]]:
    """Port and the messages that arrived; ``refuses`` is what it answers to a recipient."""
    arrived: list[str] = []

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.say("220 here")
            while line := self.rfile.readline().decode().strip():
                word = line.split(maxsplit=1)[0].upper()
                if word == "DATA":
                    self.say("354 go on")
                    lines = iter(self.rfile.readline, b".\r\n")
                    arrived.append(b"".join(lines).decode())
                said = {"QUIT": "221 bye", "RCPT": refuses}.get(word, "")
                self.say(said or "250 ok")

        def say(self, text: str) -> None:
            self.wfile.write(f"{text}\r\n".encode())

    with socketserver.ThreadingTCPServer(("127.0.0.1", free_port()), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server.server_address[1], arrived
        finally:
            server.shutdown()
            thread.join()
