"""Photos by tus: how fast they arrive, and whether the server's memory stays flat meanwhile."""

from __future__ import annotations

import io
import random
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from PIL import Image

from bench.machine import cpu_seconds
from bench.phone import Phone

PHOTO_BYTES = 300_000
SAMPLE_SECONDS = 0.02


def make_photo(number: int, size: int = PHOTO_BYTES) -> bytes:
    """A JPEG of exactly this size that no other number makes: noise, then a comment as padding."""
    side = int((size * 0.6) ** 0.5)
    noise = random.Random(number).randbytes(side * side)
    out = io.BytesIO()
    Image.frombytes("L", (side, side), noise).save(out, "JPEG", quality=75)
    picture = out.getvalue()
    while (room := size - len(picture)) >= 4:
        length = min(room - 2, 65_535)
        comment = b"\xff\xfe" + length.to_bytes(2, "big") + bytes(length - 2)
        picture = picture[:2] + comment + picture[2:]
    return picture


def measure_photos(
    phones: Sequence[Phone], space: str, entity: str, count: int, server_pid: int
) -> dict[str, Any]:
    """``count`` photos, declared before the clock starts, sent by all phones at once."""
    photos = [make_photo(number) for number in range(count)]
    phone = phones[0]
    declared = [phone.photo_op(space, entity, photo) for photo in photos]
    for at in range(0, count, 50):
        phone.push(phone.push_body(declared[at : at + 50]))
    memory = _Memory(server_pid)
    queue = iter(list(zip(declared, photos, strict=True)))
    taking = threading.Lock()

    def send(sender: Phone) -> None:
        while True:
            with taking:
                job = next(queue, None)
            if job is None:
                return
            sender.upload(job[0]["op"], job[0]["photo"]["sha256"], job[1])

    with memory, ThreadPoolExecutor(len(phones)) as pool:
        start, cpu = time.perf_counter(), cpu_seconds(server_pid)
        for done in [pool.submit(send, sender) for sender in phones]:
            done.result()
        seconds, cpu = time.perf_counter() - start, cpu_seconds(server_pid) - cpu
    total = sum(map(len, photos))
    return {
        "photos": count,
        "bytes_each": total // count,
        "at_once": len(phones),
        "seconds": round(seconds, 3),
        "mb_per_second": round(total / seconds / 1e6, 1),
        "server_cpu_ms_each": round(cpu / count * 1000, 1),
        "server_mib": memory.told,
    }


class _Memory:
    """The server's resident memory, all its processes together, in MiB."""

    def __init__(self, pid: int) -> None:
        self._pid, self._stop = pid, threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self.told: dict[str, int] = {}

    def __enter__(self) -> None:
        self.told["before"] = self.told["most"] = resident_mib(self._pid)
        self._thread.start()

    def __exit__(self, *_error: object) -> None:
        self._stop.set()
        self._thread.join()
        self.told["after"] = resident_mib(self._pid)

    def _watch(self) -> None:
        while not self._stop.wait(SAMPLE_SECONDS):
            self.told["most"] = max(self.told["most"], resident_mib(self._pid))


def resident_mib(pid: int) -> int:
    """Of a process and all its children, from /proc; 0 where there is none."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return 0
    own = next((line.split()[1] for line in status.splitlines() if line.startswith("VmRSS")), "0")
    return int(own) // 1024 + sum(resident_mib(int(child)) for child in children)
