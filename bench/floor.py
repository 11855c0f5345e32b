"""What the same machine and database do with the same bytes and nothing else: rows of one plain
table, in durable transactions of one batch, from as many clients. Our share of it is the figure."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import psycopg

from bench.phone import RECORD_BYTES, uuid7

Writer = Callable[[list[tuple[str, str]]], None]
ROW = "x" * RECORD_BYTES


def measure_floor(
    folder: Path, database_url: str | None, *, clients: int, records: int, batch: int
) -> int:
    """Rows per second."""
    make = _sqlite_writer(folder) if database_url is None else _postgres_writer(database_url)
    writers = [make() for _ in range(clients)]
    share = max(1, records // clients // batch)
    work = [[[(uuid7(), ROW) for _ in range(batch)] for _ in range(share)] for _ in range(clients)]
    gate = threading.Barrier(clients + 1)

    def run(write: Writer, batches: Sequence[list[tuple[str, str]]]) -> None:
        gate.wait()
        for rows in batches:
            write(rows)

    threads = [threading.Thread(target=run, args=pair) for pair in zip(writers, work, strict=True)]
    for thread in threads:
        thread.start()
    gate.wait()
    start = time.perf_counter()
    for thread in threads:
        thread.join()
    return round(clients * share * batch / (time.perf_counter() - start))


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
