"""A push service as Firefox speaks to one: a WebSocket of JSON to the browser, and the address of
RFC 8030 to which the product posts. What is posted goes to the browser as it came."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.databases import free_port

MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455
TEXT, CLOSE, PING, PONG = 1, 8, 9, 10


@dataclass
class PushService:
    """``url`` for the preference ``dom.push.serverURL``. ``acked``: the browser had it,
    and by ``codes`` what it did with it: 100 is delivered to the worker."""

    port: int
    posted: list[dict[str, str]] = field(default_factory=list)
    codes: list[int] = field(default_factory=list)
    acked: threading.Event = field(default_factory=threading.Event)
    connections: dict[str, Any] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/"


@contextmanager
def push_service() -> Iterator[PushService]:
    """On a port of its own, until the block ends."""
    service = PushService(free_port())

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            key = self.headers["Sec-WebSocket-Key"] + MAGIC
            accept = base64.b64encode(hashlib.sha1(key.encode()).digest()).decode()
            self.send_response(101)
            for name, value in (("Upgrade", "websocket"), ("Connection", "Upgrade"),
                                ("Sec-WebSocket-Accept", accept)):  # fmt: skip
                self.send_header(name, value)
            self.end_headers()
            self.close_connection = True
            while (told := self.hear()) is not None:
                self.answer(told)

        def answer(self, told: dict[str, Any]) -> None:
            kind = told.get("messageType")
            if kind == "hello":
                self.say({"messageType": "hello", "uaid": "a" * 32, "status": 200,
                          "use_webpush": True})  # fmt: skip
            elif kind == "register":
                channel = told["channelID"]
                service.connections[channel] = self
                where = f"http://127.0.0.1:{service.port}/push/{channel}"
                self.say({"messageType": "register", "channelID": channel, "status": 200,
                          "pushEndpoint": where})  # fmt: skip
            elif kind == "ack":
                service.codes += [one.get("code", 0) for one in told["updates"]]
                service.acked.set()
            elif not told:
                self.say({})  # a ping of this protocol

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            channel = self.path.rpartition("/")[2]
            service.posted.append({name.lower(): value for name, value in self.headers.items()})
            data = base64.urlsafe_b64encode(body).decode().rstrip("=")
            service.connections[channel].say({
                "messageType": "notification", "channelID": channel, "version": "1",
                "data": data, "headers": {"encoding": "aes128gcm"},
            })  # fmt: skip
            self.send_response(201)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def say(self, told: dict[str, Any]) -> None:
            self.frame(TEXT, json.dumps(told).encode())

        def frame(self, kind: int, data: bytes) -> None:
            size = len(data)
            head = bytes([0x80 | kind, size]) if size < 126 else bytes([0x80 | kind, 126])
            self.wfile.write(head + (size.to_bytes(2, "big") if size >= 126 else b"") + data)
            self.wfile.flush()

        def hear(self) -> dict[str, Any] | None:
            """The next message; None when the browser has gone."""
            while len(head := self.rfile.read(2)) == 2:
                kind, size = head[0] & 15, head[1] & 127
                if size >= 126:
                    size = int.from_bytes(self.rfile.read(2 if size == 126 else 8), "big")
                mask = self.rfile.read(4)
                data = bytes(b ^ mask[i % 4] for i, b in enumerate(self.rfile.read(size)))
                if kind == TEXT:
                    found: dict[str, Any] = json.loads(data)
                    return found
                if kind == PING:
                    self.frame(PONG, data)
                if kind == CLOSE:
                    return None
            return None

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", service.port), Handler) as server:
        server.daemon_threads = True
        server.block_on_close = False
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield service
        finally:
            server.shutdown()
            thread.join()
