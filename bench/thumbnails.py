"""Thumbnails of a visit's photos over HTTP: how many a second while each is made for the first
time, and how many once it lies on the disk. Several ask at once, as the lead's pages do."""

from __future__ import annotations

import http.client
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from bench.archive import SIZE
from bench.installation import ROOT, environment, running_server
from bench.machine import cpu_seconds
from bench.phone import Refused

ASKING = 4  # at once
ACCOUNT = "ducha"


def measure_thumbnails(
    photos: int, workers: int, threads: int, say: Callable[[str], None]
) -> dict[str, Any]:
    """The demo county, one visit with so many photos of twelve megapixels."""
    say(f"thumbnails of {photos} photos")
    with tempfile.TemporaryDirectory(prefix="suicha-bench-") as folder:
        env = environment(Path(folder), None, workers, threads)
        env |= {"SUICHA_SECRET_KEY": "measured" * 8}
        made = [sys.executable, "-m", "bench.archive", folder, str(photos)]
        subprocess.run(made, env=env, cwd=ROOT, stdout=sys.stderr, check=True)
        listed = [sys.executable, "-m", "bench.thumbnails", folder]
        found = subprocess.run(
            listed, env=env, cwd=ROOT, capture_output=True, text=True, check=True
        )
        password, *hashes = found.stdout.split()
        with running_server(env) as (port, pid):
            cookie = _sign_in(port, password)
            first = _ask_all(port, cookie, hashes, pid)
            again = _ask_all(port, cookie, hashes, pid)
    return {"photos": len(hashes), "asking": ASKING, "workers": workers, "threads": threads,
            "made": first, "kept": again}  # fmt: skip


def _ask_all(port: int, cookie: str, hashes: Sequence[str], pid: int) -> dict[str, float]:
    def ask(sha256: str) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        try:
            connection.request("GET", f"/api/v1/photos/{sha256}/thumb", headers={"Cookie": cookie})
            answer = connection.getresponse()
            body = answer.read()
        finally:
            connection.close()
        if answer.status != 200 or not body.startswith(b"\xff\xd8"):
            raise Refused(f"{answer.status} for a thumbnail")
        return len(body)

    start, cpu = time.perf_counter(), cpu_seconds(pid)
    with ThreadPoolExecutor(ASKING) as pool:
        sizes = list(pool.map(ask, hashes))
    seconds, cpu = time.perf_counter() - start, cpu_seconds(pid) - cpu
    return {
        "a_second": round(len(sizes) / seconds, 1),
        "seconds": round(seconds, 2),
        "processor_ms_each": round(cpu / len(sizes) * 1000, 1),
        "kilobytes_each": round(sum(sizes) / len(sizes) / 1000, 1),
    }


def _sign_in(port: int, password: str) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", "/sign-in")
    answer = connection.getresponse()
    token = re.search(r'name="csrf_token" value="([^"]+)"', answer.read().decode())
    cookie = (answer.getheader("Set-Cookie") or "").partition(";")[0]
    if token is None:
        raise Refused("the sign-in page has no token")
    form = {"account": ACCOUNT, "password": password, "csrf_token": token[1]}
    headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", "/sign-in", urlencode(form), headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    if answer.status != 302:
        raise Refused(f"{answer.status} at the sign-in")
    return (answer.getheader("Set-Cookie") or cookie).partition(";")[0]


def _list() -> None:
    """The demo password and the hashes of the visit's photos: the county is another process's."""
    from server.app import create_app
    from server.db import db, scope_to
    from server.demo.service import demo_password
    from server.fieldsync.models import Blob

    app = create_app()
    with app.app_context():
        scope_to(None)
        photos = db.session.query(Blob).filter_by(width=SIZE[0], height=SIZE[1])
        print(demo_password(), *(one.sha256 for one in photos))
        db.session.remove()
        db.engine.dispose()


if __name__ == "__main__":
    _list()
