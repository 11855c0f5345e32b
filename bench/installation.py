"""An installation for one measurement: settings of its own and a real server process."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parent.parent
START_SECONDS = 30


def environment(home: Path, database_url: str | None, workers: int, threads: int) -> dict[str, str]:
    """This process's environment with the measured installation's settings and no other."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("SUICHA_")}
    env |= {
        "PYTHONPATH": str(ROOT),
        "SUICHA_HOME": str(home),
        "SUICHA_HOST": "127.0.0.1",
        "SUICHA_PORT": str(free_port()),
        "SUICHA_WORKERS": str(workers),
        "SUICHA_THREADS": str(threads),
    }
    if database_url:
        env["SUICHA_DATABASE_URL"] = database_url
    return env


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def upgrade_database(env: dict[str, str]) -> None:
    """Makes the tables in the home or database that ``env`` names."""
    subprocess.run(
        [sys.executable, "-m", "server.cli", "db", "upgrade"],
        env=env,
        cwd=ROOT,
        stdout=sys.stderr,
        check=True,
    )


@contextmanager
def running_server(env: dict[str, str]) -> Iterator[tuple[int, int]]:
    """`suicha run` until the block ends; answers its port and process once /healthz does."""
    port = int(env["SUICHA_PORT"])
    server = subprocess.Popen(
        [sys.executable, "-m", "server.cli", "run"], env=env, cwd=ROOT, stdout=sys.stderr
    )
    try:
        wait_until_healthy(server, port)
        yield port, server.pid
    finally:
        server.terminate()
        try:
            server.wait(timeout=10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def wait_until_healthy(server: subprocess.Popen[bytes], port: int) -> None:
    """Until it answers /healthz. Raises RuntimeError when it ended or takes too long."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise RuntimeError(f"`suicha run` ended with {server.returncode}")
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
        try:
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.1)
        finally:
            connection.close()
    raise RuntimeError(f"`suicha run` did not answer /healthz within {START_SECONDS} s")
