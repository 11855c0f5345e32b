"""The measurements: many phones push, one phone pulls everything, then only what is new."""

from __future__ import annotations

import statistics
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from bench.machine import cpu_seconds
from bench.phone import Phone

DELTA_ROWS = 20
DELTA_REPEATS = 20


@dataclass(frozen=True)
class Slot:
    """One unanswered item of one seeded sheet."""

    space: str
    sheet: str
    item: str


def deal(slots: Sequence[Slot], phones: int) -> list[list[Slot]]:
    """Equal runs, so that two phones seldom wait for the same inspection."""
    share, rest = divmod(len(slots), phones)
    if rest:
        raise ValueError(f"{len(slots)} records cannot be dealt to {phones} phones equally")
    return [list(slots[i * share : (i + 1) * share]) for i in range(phones)]


def measure_push(
    phones: Sequence[Phone], slots: Sequence[Slot], batch: int, server_pid: int = 0
) -> dict[str, Any]:
    """All phones push their share at once. Bodies are made before the clock starts."""
    work = [
        (phone, [phone.push_body(ops) for ops in _batches(phone, share, batch)])
        for phone, share in zip(phones, deal(slots, len(phones)), strict=True)
    ]
    busy_before = sum(len(phone.busy_ms) for phone in phones)
    times: list[float] = []
    failures: list[BaseException] = []
    gate = threading.Barrier(len(work) + 1)

    def send(phone: Phone, bodies: list[bytes]) -> None:
        gate.wait()
        try:
            for body in bodies:
                start = time.perf_counter()
                phone.push(body)
                times.append((time.perf_counter() - start) * 1000)
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=send, args=entry) for entry in work]
    for thread in threads:
        thread.start()
    gate.wait()
    start, cpu = time.perf_counter(), cpu_seconds(server_pid)
    for thread in threads:
        thread.join()
    seconds, cpu = time.perf_counter() - start, cpu_seconds(server_pid) - cpu
    if failures:
        raise failures[0]
    held = _held(phones)
    return {
        "records": len(slots),
        "record_bytes": sum(len(b) for _, bodies in work for b in bodies) // len(slots),
        "phones": len(phones),
        "batch": batch,
        "seconds": round(seconds, 3),
        "records_per_second": round(len(slots) / seconds),
        "server_cpu_us_per_record": round(cpu / len(slots) * 1e6),
        "request_ms": spread(times),
        "held_ms": spread(held),
        "busy_answers": sum(len(phone.busy_ms) for phone in phones) - busy_before,
    }


def _held(phones: Sequence[Phone]) -> list[float]:
    """Our work under the locks of one transaction: without waiting for another phone's lock, and
    without the database's commit."""
    held: list[float] = []
    for phone in phones:
        pairs = zip(phone.times["held"], phone.times["queue"], strict=True)
        held += [whole - waited for whole, waited in pairs]
        phone.times.clear()
    return held


def _batches(phone: Phone, share: list[Slot], batch: int) -> list[list[dict[str, Any]]]:
    slots, batches = iter(share), []
    while part := list(islice(slots, batch)):
        batches.append([phone.answer_op(slot.space, slot.sheet, slot.item) for slot in part])
    return batches


def measure_pull(phone: Phone, spaces: Sequence[str]) -> tuple[dict[str, Any], dict[str, int]]:
    """A first load of these spaces; also answers the cursors it ended with."""
    start, received = time.perf_counter(), phone.received_bytes
    rows, requests, cursors = phone.pull_all(dict.fromkeys(spaces, 0))
    seconds = time.perf_counter() - start
    figures = {
        "rows": rows,
        "spaces": len(spaces),
        "requests": requests,
        "seconds": round(seconds, 3),
        "kilobytes": round((phone.received_bytes - received) / 1000),
        "rows_per_second": round(rows / seconds),
    }
    return figures, cursors


def measure_delta(phone: Phone, cursors: dict[str, int], stored_rows: int) -> dict[str, Any]:
    """The same small pull again and again: the daily case of a phone that was away for an hour."""
    times: list[float] = []
    rows = 0
    for _ in range(DELTA_REPEATS):
        start = time.perf_counter()
        rows, _, _ = phone.pull_all(cursors)
        times.append((time.perf_counter() - start) * 1000)
    return {
        "rows": rows,
        "among_rows": stored_rows,
        "spaces": len(cursors),
        "repeats": DELTA_REPEATS,
        "request_ms": spread(times),
    }


def spread(times: Sequence[float]) -> dict[str, float]:
    """Median, 95th percentile and the worst, in milliseconds."""
    ordered = sorted(times)
    return {
        "median": round(statistics.median(ordered), 2),
        "p95": round(ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))], 2),
        "max": round(ordered[-1], 2),
    }
