"""A copy of the database taken while the server is down, and its return under a new epoch (F29)."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from server.app import create_app
from server.config import Config
from server.db import db
from server.fieldsync import service
from tests.e2e.harness import Server


class Copies:
    """One copy; the server must be down for both acts. Photos on disk stay: they are newer then."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.is_taken = False

    def take(self) -> dict[str, int]:
        """Answers how far the copy covers each device."""
        marks = {str(d): int(n) for d, n in self.server.sql("SELECT id, last_seq FROM devices")}
        if self.server.database_url.startswith("sqlite"):
            self._copy_files(self._path(), self._path("copy"))
        else:
            self._copy_database(self._name(), self._name() + "_copy")
        self.is_taken = True
        return marks

    def put_back(self) -> None:
        """The copy replaces the database; a new epoch begins."""
        if self.server.database_url.startswith("sqlite"):
            self._copy_files(self._path("copy"), self._path())
        else:
            self._copy_database(self._name() + "_copy", self._name())
        with application(self.server):
            service.start_epoch()

    def _path(self, more: str = "") -> Path:
        path = Path(self.server.database_url.removeprefix("sqlite:///"))
        return path.with_name(f"{more}-{path.name}") if more else path

    def _name(self) -> str:
        return self.server.database_url.rpartition("/")[2]

    @staticmethod
    def _copy_files(source: Path, target: Path) -> None:
        """The file and the part of it that is still in the log."""
        for end in ("", "-wal"):
            one, other = source.with_name(source.name + end), target.with_name(target.name + end)
            if one.exists():
                shutil.copy(one, other)
            else:
                other.unlink(missing_ok=True)
        target.with_name(target.name + "-shm").unlink(missing_ok=True)

    def _copy_database(self, source: str, target: str) -> None:
        prefix = self.server.database_url.rpartition("/")[0].replace("+psycopg", "")
        with psycopg.connect(f"{prefix}/postgres", autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {target} WITH (FORCE)".encode())
            connection.execute(f"CREATE DATABASE {target} TEMPLATE {source}".encode())


@contextmanager
def application(server: Server) -> Iterator[None]:
    """An application of our own over the same database, for what an operator does."""
    config = Config(
        home=server.home,
        database_url=server.database_url,
        secret_key="soak-key-soak-key-soak-key-soak-key",
        blob_dir=server.home / "blobs",
        is_development=True,
    )
    with create_app(config).app_context():
        try:
            yield
        finally:
            db.session.remove()
            db.engine.dispose()


def release_waiting(server: Server) -> None:
    """The lead gives up waiting for numbers that no phone will offer any more."""
    with application(server):
        for device in {receipt.device for receipt in service.list_early()}:
            service.release_early(device)
