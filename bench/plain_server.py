"""The least a server can do with a push: read the JSON, write one row of one plain table for each
operation in one durable transaction, answer. Started by ``floor``; no part of the product."""

from __future__ import annotations

import os
import sqlite3
import sys
import threading
from collections.abc import Callable, Iterable
from typing import Any

import orjson
import psycopg
from gunicorn.app.base import BaseApplication

Start = Callable[[str, list[tuple[str, str]]], Any]
_here = threading.local()
_turn = threading.Lock()


def _sqlite(path: str, rows: list[tuple[str, str]]) -> None:
    if not hasattr(_here, "connection"):
        _here.connection = sqlite3.connect(path, isolation_level=None, timeout=60)
        _here.connection.execute("PRAGMA journal_mode=WAL")
        _here.connection.execute("PRAGMA synchronous=FULL")
        _here.connection.execute(
            "CREATE TABLE IF NOT EXISTS plain (id TEXT PRIMARY KEY, body TEXT)"
        )
    with _turn:
        _here.connection.execute("BEGIN IMMEDIATE")
        _here.connection.executemany("INSERT INTO plain VALUES (?, ?)", rows)
        _here.connection.execute("COMMIT")


def _postgres(dsn: str, rows: list[tuple[str, str]]) -> None:
    if not hasattr(_here, "connection"):
        _here.connection = psycopg.connect(dsn)
    with _here.connection.cursor() as cursor:
        cursor.executemany("INSERT INTO plain VALUES (%s, %s)", rows)
    _here.connection.commit()


def serve_push(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
    """WSGI: the body of a push in, the ids out; anything else is only answered."""
    length = int(environ.get("CONTENT_LENGTH") or 0)
    ids: list[str] = []
    if length:
        ops = orjson.loads(environ["wsgi.input"].read(length))["ops"]
        rows = [(one["op"], orjson.dumps(one).decode()) for one in ops]
        ids = [one for one, _ in rows]
        target = os.environ["PLAIN_TARGET"]
        (_postgres if target.startswith("host=") or "://" in target else _sqlite)(target, rows)
    content = orjson.dumps(ids)
    start("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(content)))])
    return [content]


class Server(BaseApplication):
    """gunicorn as the product runs it: one process, threads."""

    def load_config(self) -> None:
        for name, value in {
            "bind": f"127.0.0.1:{sys.argv[1]}",
            "workers": 1,
            "threads": int(sys.argv[2]),
            "worker_class": "gthread",
            "keepalive": 65,
            "accesslog": None,
            "loglevel": "warning",
            "control_socket_disable": True,
        }.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        return serve_push


if __name__ == "__main__":
    Server().run()
