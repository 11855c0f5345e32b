"""A real connection that looks like Flask's test client, so that one ``Phone`` serves both; and
the bare bytes of a request, for cutting."""

from __future__ import annotations

import http.client
import json
import socket
from dataclasses import dataclass, field
from email.message import Message
from typing import Any


@dataclass
class WireAnswer:
    """What came back."""

    status_code: int
    headers: Message
    data: bytes

    def get_json(self) -> Any:
        return json.loads(self.data)


class WireClient:
    """One kept-alive connection with its cookie."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookie: str | None = None
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def close(self) -> None:
        self._connection.close()

    def request(
        self, method: str, path: str, body: bytes | None = None, headers: Any = None
    ) -> WireAnswer:
        """Raises OSError or HTTPException where the server died meanwhile."""
        sent = dict(headers or {})
        if self.cookie:
            sent["Cookie"] = self.cookie
        try:
            self._connection.request(method, path, body, sent)
            answer = self._connection.getresponse()
            data = answer.read()
        except (OSError, http.client.HTTPException):
            self._connection.close()
            raise
        if answer.headers.get("Connection") == "close":
            self._connection.close()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            self.cookie = cookie.split(";", 1)[0]
        return WireAnswer(answer.status, answer.headers, data)

    def post(
        self, path: str, *, json: Any = None, data: bytes | None = None, headers: Any = None
    ) -> WireAnswer:
        if json is None:
            return self.request("POST", path, data, headers)
        head = {"Content-Type": "application/json", **(headers or {})}
        return self.request("POST", path, _dump(json), head)

    def patch(self, path: str, *, data: bytes, headers: Any = None) -> WireAnswer:
        return self.request("PATCH", path, data, headers)

    def get(self, path: str, *, headers: Any = None) -> WireAnswer:
        return self.request("GET", path, None, headers)

    def head(self, path: str, *, headers: Any = None) -> WireAnswer:
        return self.request("HEAD", path, None, headers)

    def delete(self, path: str, *, headers: Any = None) -> WireAnswer:
        return self.request("DELETE", path, None, headers)

    def options(self, path: str) -> WireAnswer:
        return self.request("OPTIONS", path)


@dataclass
class Door:
    """Stands where ``Phone`` expects the application."""

    port: int
    clients: list[WireClient] = field(default_factory=list)

    def test_client(self) -> WireClient:
        self.clients.append(WireClient(self.port))
        return self.clients[-1]

    def close(self) -> None:
        for client in self.clients:
            client.close()


def raw_request(
    method: str, path: str, body: bytes, headers: dict[str, str], length: int | None = None
) -> bytes:
    """The request's bytes; ``length`` is what it claims of its body."""
    head = {"Host": "localhost", "Content-Length": str(len(body) if length is None else length)}
    lines = [f"{method} {path} HTTP/1.1", *(f"{k}: {v}" for k, v in (head | headers).items())]
    return "\r\n".join([*lines, "", ""]).encode() + body


def exchange(port: int, sent: bytes, *, read_bytes: int = 1 << 20, end: bool = True) -> bytes:
    """Sends bytes, reads at most so many of the answer and closes; ``end`` says goodbye after the
    sending, as a connection cut on the way looks to the server."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as line:
        line.sendall(sent)
        if end:
            line.shutdown(socket.SHUT_WR)
        found = b""
        while len(found) < read_bytes and (part := line.recv(read_bytes - len(found))):
            found += part
        return found


def _dump(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()
