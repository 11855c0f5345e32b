"""What stands between the phone and the server: passes on, records, and misbehaves when told to."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

FAILPOINT = "/app/failpoint"
HOP_BY_HOP = {"connection", "transfer-encoding", "keep-alive", "content-length", "date", "server"}


@dataclass(frozen=True)
class Asked:
    """One request as it came."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Answered:
    """One answer; ``body`` is whole."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


Instead = Callable[[Asked], Answered | None]
Afterwards = Callable[[Asked, Answered], Answered | None]


@dataclass
class Gateway:
    """``instead`` may answer in the server's place; ``afterwards`` may change its answer, or return
    None to lose it after the server has done its work. ``most_at_once`` counts pushes under way
    together: more than one means two senders. ``is_cut_off``: no signal, every connection drops
    (the browser is not told, as on a real road)."""

    port: int
    target: int
    instead: Instead = lambda asked: None
    afterwards: Afterwards = lambda asked, answered: answered
    asked: list[Asked] = field(default_factory=list)
    steps: list[str] = field(default_factory=list)
    reached: threading.Event = field(default_factory=threading.Event)
    is_cut_off: bool = False
    most_at_once: int = 0
    _pushes: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _ended: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def pushes(self) -> list[bytes]:
        """The bodies of all pushes so far."""
        return [one.body for one in list(self.asked) if one.path == "/api/v1/sync/push"]

    def heal(self) -> None:
        """From now on everything passes."""
        self.is_cut_off = False
        self.instead = lambda asked: None
        self.afterwards = lambda asked, answered: answered

    def rearm(self) -> None:
        """Forgets the failpoint that was reached."""
        self.steps.clear()
        self.reached.clear()

    def pass_on(self, asked: Asked) -> Answered:
        """Asks the server as the phone did."""
        connection = http.client.HTTPConnection("127.0.0.1", self.target, timeout=60)
        try:
            body = asked.body or None
            connection.request(asked.method, asked.path, body=body, headers=asked.headers)
            answer = connection.getresponse()
            return Answered(answer.status, answer.getheaders(), answer.read())
        finally:
            connection.close()

    def handle(self, asked: Asked) -> Answered | None:
        """The answer, None to drop the connection without one."""
        if asked.path.startswith(FAILPOINT):
            self.steps.append(parse_qs(urlsplit(asked.path).query)["step"][0])
            self.reached.set()
            self._ended.wait(60)  # nobody answers: the page stands still until it is killed
            return None
        if self.is_cut_off:
            return None
        is_push = asked.path == "/api/v1/sync/push"
        with self._lock:
            self.asked.append(asked)
            self._pushes += is_push
            self.most_at_once = max(self.most_at_once, self._pushes)
        try:
            done = self.instead(asked)
            if done is not None:
                return done
            return self.afterwards(asked, self.pass_on(asked))
        except OSError:
            return None  # the server is down
        finally:
            with self._lock:
                self._pushes -= is_push


@contextmanager
def gateway_to(target: int) -> Iterator[Gateway]:
    """A gateway before the server on that port, until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _any(self) -> None:
            size = int(self.headers.get("Content-Length") or 0)
            headers = {k: v for k, v in self.headers.items() if k.lower() not in HOP_BY_HOP}
            asked = Asked(self.command, self.path, headers, self.rfile.read(size))
            answered = gateway.handle(asked)
            if answered is None:
                self.close_connection = True
                return
            self.send_response(answered.status)
            for name, value in answered.headers:
                if name.lower() not in HOP_BY_HOP:
                    self.send_header(name, value)
            if answered.status not in (204, 304):
                self.send_header("Content-Length", str(len(answered.body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(answered.body)

        do_GET = do_POST = do_PATCH = do_HEAD = do_DELETE = do_PUT = do_OPTIONS = _any

        def handle(self) -> None:
            try:
                super().handle()
            except (ConnectionError, TimeoutError):
                self.close_connection = True  # the browser was killed

        def log_message(self, *words: object) -> None:
            return

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 128

        def handle_error(self, request: object, client_address: object) -> None:
            return

    server = Quiet(("127.0.0.1", 0), Handler)
    gateway = Gateway(port=server.server_address[1], target=target)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield gateway
    finally:
        gateway._ended.set()
        server.shutdown()
        server.server_close()
        thread.join()
