"""A server that dies where it is told to. Run as ``python -m tests.faults.server_process``.

It is the product's own application; the doors for dying are put in here, from outside: before each
statement, before and after each commit, fsync and rename, and before the answer. A request that
carries ``X-Die-At: n`` dies by SIGKILL at the n-th of them. The parent holds the listening socket
and forks the next process at once, as a supervisor would: it has all modules and compiled
statements in memory, so that a restart costs milliseconds.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import wraps
from typing import Any

from flask import Flask
from sqlalchemy import Engine, event
from werkzeug.serving import WSGIRequestHandler, make_server

from server.app import create_app
from server.db import db
from tests.statements import before_each

DIE_AT = "HTTP_X_DIE_AT"
WARM_UP = b"/warmed-up"


class Deaths:
    """Counts the places where the request under way may die; one request at a time."""

    def __init__(self) -> None:
        self.left: int | None = None
        self.passed = 0

    def arm(self, text: str | None) -> None:
        self.left, self.passed = (int(text) if text else None), 0

    def may_die(self, *_args: Any, **_more: Any) -> None:
        self.passed += 1
        if self.left is not None and self.passed >= self.left:
            os.kill(os.getpid(), signal.SIGKILL)


def install(app: Flask, deaths: Deaths) -> Any:
    """The application with its places to die; answers carry how many they passed."""
    with app.app_context():
        engine: Engine = db.engine
    before_each(engine, deaths.may_die)
    event.listen(engine, "commit", deaths.may_die)
    for module, name in ((engine.dialect, "do_commit"), (os, "fsync"), (os, "replace")):
        setattr(module, name, _dying_around(getattr(module, name), deaths))

    def answer(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        deaths.arm(environ.get(DIE_AT))
        told: list[Any] = []
        body = b"".join(app.wsgi_app(environ, lambda *head: told.extend(head)))
        deaths.may_die()
        headers = [*told[1], ("X-Places", str(deaths.passed)), ("Connection", "close")]
        deaths.arm(None)
        start(told[0], headers)
        return [body]

    return answer


def _dying_around(inner: Callable[..., Any], deaths: Deaths) -> Callable[..., Any]:
    @wraps(inner)
    def around(*args: Any, **more: Any) -> Any:
        deaths.may_die()
        try:
            return inner(*args, **more)
        finally:
            deaths.may_die()

    return around


class Quiet(WSGIRequestHandler):
    def log(self, *_args: Any) -> None:
        """The test has the answers."""


def main() -> None:
    app = create_app()
    answer = install(app, Deaths())
    line = socket.create_server(("127.0.0.1", int(os.environ["SUICHA_PORT"])), backlog=64)
    line.set_inheritable(True)
    server = make_server("127.0.0.1", 0, answer, request_handler=Quiet, fd=line.fileno())
    is_warm = threading.Event()

    def warm_up(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        if environ["PATH_INFO"].encode() == WARM_UP:
            is_warm.set()
        return answer(environ, start)

    server.app = warm_up
    while not is_warm.is_set():
        server.handle_request()
    server.app = answer
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    while True:
        if (child := os.fork()) == 0:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            server.serve_forever()
        with suppress(InterruptedError):
            os.waitpid(child, 0)


if __name__ == "__main__":
    sys.exit(main())
