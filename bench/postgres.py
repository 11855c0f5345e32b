"""A private PostgreSQL from Debian's binaries, durable as an office's would be: fsync stays on."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from bench.installation import free_port

START_SECONDS = 30


@contextmanager
def running_postgres() -> Iterator[str]:
    """Answers the URL of an empty database; the server and its folder go with the block."""
    found = list(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        raise RuntimeError("PostgreSQL is missing: apt-get install postgresql, or --database-url")
    binaries = max(found, key=lambda path: int(path.parts[4])).parent
    folder = tempfile.mkdtemp(prefix="suicha-bench-pg-")
    rights: dict[str, Any] = {}
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        user = pwd.getpwnam("postgres")
        os.chown(folder, user.pw_uid, user.pw_gid)
        rights = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    env = {"PATH": f"{binaries}:/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": folder}
    subprocess.run(
        [f"{binaries}/initdb", "-D", f"{folder}/d", "-U", "app", "--auth=trust", "-E", "UTF8",
         "--locale=C.UTF-8"],
        check=True, env=env, cwd=folder, stdout=subprocess.DEVNULL, **rights,
    )  # fmt: skip
    port = free_port()
    server = subprocess.Popen(
        [f"{binaries}/postgres", "-D", f"{folder}/d", "-k", folder, "-h", "127.0.0.1",
         "-p", str(port)],
        env=env, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **rights,
    )  # fmt: skip
    try:
        _make_database(f"host=127.0.0.1 port={port} user=app dbname=postgres")
        yield f"postgresql+psycopg://app@127.0.0.1:{port}/bench"
    finally:
        server.send_signal(2)
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
        shutil.rmtree(folder, ignore_errors=True)


def _make_database(dsn: str) -> None:
    give_up = time.monotonic() + START_SECONDS
    while True:
        try:
            with psycopg.connect(dsn, autocommit=True) as connection:
                connection.execute("CREATE DATABASE bench")
            return
        except psycopg.OperationalError:
            if time.monotonic() > give_up:
                raise
            time.sleep(0.1)
