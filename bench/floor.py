"""What the same machine and database do with the same bytes and nothing else: rows of one plain
table, in durable transactions of one batch, from as many clients; straight into the database, and
over HTTP through the least of servers. Our share of it is the figure."""

from __future__ import annotations

import http.client
import os
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from bench.installation import ROOT, free_port, wait_until_healthy
from bench.phone import RECORD_BYTES, dump, uuid7

Writer = Callable[[list[tuple[str, str]]], None]
ROW = "x" * RECORD_BYTES


def measure_floor(
    folder: Path, database_url: str | None, *, clients: int, records: int, batch: int
) -> int:
    """Rows per second."""
    make = _sqlite_writer(folder) if database_url is None else _postgres_writer(database_url)
    share = max(1, records // clients // batch)
    work = [[[(uuid7(), ROW) for _ in range(batch)] for _ in range(share)] for _ in range(clients)]
    return round(clients * share * batch / _race([make() for _ in range(clients)], work))


def measure_http_floor(
    folder: Path, database_url: str | None, *, clients: int, threads: int, records: int, batch: int
) -> int:
    """Rows per second through ``plain_server``: one process with as many threads as the product."""
    share = max(1, records // clients // batch)
    work = [[_body(batch) for _ in range(share)] for _ in range(clients)]
    with _plain_server(folder, database_url, threads) as port:
        senders = [_http_sender(port) for _ in range(clients)]
        for send in senders:
            send(_body(1))  # each thread has its connection
        return round(clients * share * batch / _race(senders, work))


def _race(writers: Sequence[Callable[[Any], None]], work: Sequence[Sequence[Any]]) -> float:
    """Seconds until every writer has written its share, all starting at once."""
    gate = threading.Barrier(len(writers) + 1)

    def run(write: Callable[[Any], None], batches: Sequence[Any]) -> None:
        gate.wait()
        for one in batches:
            write(one)

    threads = [threading.Thread(target=run, args=pair) for pair in zip(writers, work, strict=True)]
    for thread in threads:
        thread.start()
    gate.wait()
    start = time.perf_counter()
    for thread in threads:
        thread.join()
    return time.perf_counter() - start


def _body(batch: int) -> bytes:
    return dump({"ops": [{"op": uuid7(), "body": ROW} for _ in range(batch)]})


def _http_sender(port: int) -> Callable[[bytes], None]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def send(body: bytes) -> None:
        connection.request("POST", "/", body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        answer.read()
        if answer.status != 200:
            raise RuntimeError(f"the plain server answered {answer.status}")

    return send


@contextmanager
def _plain_server(folder: Path, database_url: str | None, threads: int) -> Iterator[int]:
    target = str(folder / "plain.sqlite3")
    if database_url is not None:
        target = database_url.replace("postgresql+psycopg", "postgresql")
        with psycopg.connect(target, autocommit=True) as first:
            first.execute("CREATE TABLE IF NOT EXISTS plain (id TEXT PRIMARY KEY, body TEXT)")
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "bench.plain_server", str(port), str(threads)],
        env={**os.environ, "PLAIN_TARGET": target},
        cwd=ROOT,
        stdout=sys.stderr,
    )
    try:
        wait_until_healthy(server, port)
        yield port
    finally:
        server.terminate()
        server.wait(10)


def _sqlite_writer(folder: Path) -> Callable[[], Writer]:
    path, turn = folder / "floor.sqlite3", threading.Lock()

    def make() -> Writer:
        connection = sqlite3.connect(
            path, isolation_level=None, check_same_thread=False, timeout=60
        )
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("CREATE TABLE IF NOT EXISTS floor (id TEXT PRIMARY KEY, body TEXT)")

        def write(rows: list[tuple[str, str]]) -> None:
            with turn:
                connection.execute("BEGIN IMMEDIATE")
                connection.executemany("INSERT INTO floor VALUES (?, ?)", rows)
                connection.execute("COMMIT")

        return write

    return make


def _postgres_writer(database_url: str) -> Callable[[], Writer]:
    dsn = database_url.replace("postgresql+psycopg", "postgresql")
    with psycopg.connect(dsn, autocommit=True) as first:
        first.execute("CREATE TABLE IF NOT EXISTS bench_floor (id TEXT PRIMARY KEY, body TEXT)")

    def make() -> Writer:
        connection = psycopg.connect(dsn)

        def write(rows: list[tuple[str, str]]) -> None:
            with connection.cursor() as cursor:
                cursor.executemany("INSERT INTO bench_floor VALUES (%s, %s)", rows)
            connection.commit()

        return write

    return make
