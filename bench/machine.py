"""What a figure was measured on: without it no two figures can be compared."""

from __future__ import annotations

import os
import platform
import sqlite3
import statistics
import time
from importlib.metadata import version
from pathlib import Path

PACKAGES = ("flask", "werkzeug", "gunicorn", "sqlalchemy", "psycopg", "orjson")


def machine_facts(folder: Path) -> dict[str, object]:
    """Processor, memory, versions, and what one fsync in ``folder`` costs."""
    return {
        "cpu": _first_field(Path("/proc/cpuinfo"), "model name") or platform.processor(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_mib": int((_first_field(Path("/proc/meminfo"), "MemTotal") or "0 kB").split()[0])
        // 1024,
        "kernel": platform.release(),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "packages": {name: version(name) for name in PACKAGES},
        "fsync_ms": _fsync_ms(folder),
    }


def _first_field(path: Path, name: str) -> str | None:
    if not path.exists():
        return None
    for line in path.read_text().splitlines():
        key, _, value = line.partition(":")
        if key.strip() == name:
            return value.strip()
    return None


def cpu_seconds(pid: int) -> float:
    """What a process and its children have computed so far, all threads; 0 where there is none.
    Unlike the clock it says little about what else the machine is doing."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return 0.0
    own = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return own + sum(cpu_seconds(int(child)) for child in children)


def _fsync_ms(folder: Path) -> float:
    """Median time of writing 4 KiB through to the disk: the floor of a durable commit."""
    path = folder / "fsync-probe"
    times = []
    with path.open("wb", buffering=0) as file:
        for _ in range(30):
            start = time.perf_counter()
            file.write(b"\0" * 4096)
            os.fsync(file.fileno())
            times.append((time.perf_counter() - start) * 1000)
    path.unlink()
    return round(statistics.median(times), 3)
