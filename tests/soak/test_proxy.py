"""The bad network does what it says: each fault seen from both ends, over real sockets."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.soak.proxy import FlakyProxy

BODY = b'{"answer": 42}' * 20


class Echo(BaseHTTPRequestHandler):
    """Counts what arrives whole."""

    arrived: list[bytes]

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        body = self.rfile.read(length)
        if len(body) == length:
            self.arrived.append(body)
        self.send_response(200)
        self.send_header("Content-Length", str(len(BODY)))
        self.end_headers()
        self.wfile.write(BODY)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def server() -> Iterator[ThreadingHTTPServer]:
    Echo.arrived = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def ask(server: ThreadingHTTPServer, fault: str, times: int = 1) -> list[object]:
    """What a client gets through a proxy with only this fault: (status, body) or the error."""
    proxy = FlakyProxy(server.server_address[1], 7, {fault: 100} if fault else {})
    found: list[object] = []
    for _ in range(times):
        connection = http.client.HTTPConnection("127.0.0.1", proxy.port, timeout=15)
        try:
            connection.request("POST", "/", b"hello", {"Connection": "close"})
            answer = connection.getresponse()
            found.append((answer.status, answer.read()))
        except (OSError, http.client.HTTPException) as error:
            found.append(type(error).__name__)
        finally:
            connection.close()
    proxy.close()
    return found


@pytest.mark.parametrize(
    ("fault", "arrivals", "is_answered"),
    [
        ("", 1, True),
        ("request lost", 0, False),
        ("request cut", 0, False),
        ("answer lost", 1, False),
        ("answer cut", 1, False),
        ("sent twice at once", 2, True),
        ("replayed later", 2, True),
        ("delayed", 1, True),
    ],
)
def test_fault_is_what_it_says(
    server: ThreadingHTTPServer, fault: str, arrivals: int, is_answered: bool
) -> None:
    (told,) = ask(server, fault)
    assert len(Echo.arrived) == arrivals
    assert (told == (200, BODY)) is is_answered


@pytest.mark.parametrize(("fault", "statuses"), [("busy", {502, 503, 429}), ("portal", {200})])
def test_answers_of_others_never_reach_the_server(
    server: ThreadingHTTPServer, fault: str, statuses: set[int]
) -> None:
    told = ask(server, fault, 4)
    assert Echo.arrived == []
    assert {one[0] for one in told if isinstance(one, tuple)} <= statuses
    assert all(isinstance(one, tuple) and one[1] != BODY for one in told)


def test_healed_network_loses_nothing(server: ThreadingHTTPServer) -> None:
    proxy = FlakyProxy(server.server_address[1], 7, {"request lost": 100})
    proxy.heal()
    connection = http.client.HTTPConnection("127.0.0.1", proxy.port, timeout=15)
    connection.request("POST", "/", b"hello", {"Connection": "close"})
    assert connection.getresponse().read() == BODY
    connection.close()
    proxy.close()
    assert Echo.arrived == [b"hello"]
