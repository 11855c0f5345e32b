"""Real server processes over a county of their own, and what they left behind."""

from __future__ import annotations

import os
import signal
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask

from server.db import db
from tests.conftest import ROOT, Clock, free_port, make_app
from tests.faults.wire import Door
from tests.integration.builders import Field, build_field, hash_as_the_product
from tests.integration.fieldsync.phone import Phone
from tests.processes import Forked

KEY = "test-key-test-key-test-key-test-key"


@dataclass
class County:
    """A database and a home. ``app`` looks at it from this process, with a clock of its own."""

    home: Path
    database_url: str
    app: Flask = field(init=False)
    field: Field = field(init=False)

    def __post_init__(self) -> None:
        self.app = make_app(self.database_url, self.home, Clock())
        with self.app.app_context():
            self.field = build_field()

    def environment(self, port: int, **settings: str) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith("SUICHA_")}
        return {
            **kept,
            "PYTHONPATH": str(ROOT),
            "SUICHA_HOME": str(self.home),
            "SUICHA_DATABASE_URL": self.database_url,
            "SUICHA_SECRET_KEY": KEY,
            "SUICHA_PORT": str(port),
            "SUICHA_WORKERS": "1",  # the one that is stopped or killed, see Running.worker
            **settings,
        }

    @contextmanager
    def looking(self) -> Iterator[None]:
        """An application context to ask the database in, with nothing remembered."""
        with self.app.app_context():
            try:
                yield
            finally:
                db.session.remove()

    def close(self) -> None:
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()


@dataclass
class Running:
    """A server process of a county."""

    county: County
    port: int
    process: Forked
    door: Door

    def phone(self, name: str, device: str | None = None) -> Phone:
        return Phone(self.door, self.county.field, name, device)  # type: ignore[arg-type]

    @property
    def worker(self) -> int:
        """The process that answers: gunicorn's newest child, or the process itself. Older is the
        one that keeps the jobs' worker."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        found = children.read_text().split()
        return int(found[-1]) if found else self.process.pid


@contextmanager
def running(
    county: County, module: tuple[str, ...] = ("server.cli", "run"), **settings: str
) -> Iterator[Running]:
    """``suicha run`` (or another module) until the block ends, ready to answer."""
    with county.looking():
        hash_as_the_product()
    port = free_port()
    door = Door(port)
    name, *words = module
    process = Forked(name, words, county.environment(port, **settings), county.home / "server.log")
    try:
        _wait(process, port, county.home / "server.log")
        yield Running(county, port, process, door)
    finally:
        door.close()
        with suppress(ProcessLookupError):  # it ended by itself; its log says why
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)


def _wait(process: Forked, port: int, log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text()
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    raise AssertionError("the server did not start")
