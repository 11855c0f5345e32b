"""Fixtures every test may use: real SQLite, real PostgreSQL, an application with a given clock."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from flask import Flask

from tests.reliability.plugin import pytest_addoption, pytest_configure

__all__ = ["pytest_addoption", "pytest_configure"]  # pytest looks for its hooks here

ROOT = Path(__file__).parent.parent
START = datetime(2026, 3, 4, 1, 0, tzinfo=UTC)  # Wednesday 09:00 in Asia/Shanghai


class Clock:
    """A clock a test winds by hand."""

    def __init__(self, at: datetime = START) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def advance(self, **delta: float) -> None:
        self.at += timedelta(**delta)


def free_port() -> int:
    """A TCP port nobody listens on at this moment."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


def fast_folder() -> str:
    """Memory where there is plenty of it: each test copies a database, and files on a disk cost a
    fifth of the whole run. What must survive a power cut is not tested here."""
    memory = "/dev/shm"
    has_room = Path(memory).is_dir() and shutil.disk_usage(memory).free > 2**30
    return memory if has_room and os.access(memory, os.W_OK) else "/tmp"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """A PostgreSQL of our own from Debian's binaries; answers the DSN's prefix, no database."""
    found = list(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    assert found, "PostgreSQL is missing: `make test` installs it"
    binaries = max(found, key=lambda path: int(path.parts[4])).parent
    folder = tempfile.mkdtemp(prefix="suicha-pg-", dir=fast_folder())
    privileges: dict[str, object] = {}
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root: Popen drops the rights itself
        user = pwd.getpwnam("postgres")
        os.chown(folder, user.pw_uid, user.pw_gid)
        privileges = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    env = {"PATH": f"{binaries}:/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": folder}
    subprocess.run(
        [f"{binaries}/initdb", "-D", f"{folder}/d", "-U", "app", "--auth=trust", "-E", "UTF8",
         "--locale=C.UTF-8", "--no-sync"],
        check=True, env=env, cwd=folder, stdout=subprocess.DEVNULL, **privileges,
    )  # fmt: skip
    port = free_port()
    server = subprocess.Popen(
        [f"{binaries}/postgres", "-D", f"{folder}/d", "-k", folder, "-h", "127.0.0.1",
         "-p", str(port), "-F", "-c", "synchronous_commit=off", "-c", "full_page_writes=off",
         "-c", "max_connections=60"],
        env=env, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **privileges,
    )  # fmt: skip
    prefix = f"postgresql+psycopg://app@127.0.0.1:{port}"
    dsn = f"host=127.0.0.1 port={port} user=app dbname=postgres"
    for _ in range(200):
        try:
            psycopg.connect(dsn).close()
            break
        except psycopg.OperationalError:
            time.sleep(0.05)
    else:
        pytest.fail("PostgreSQL did not start")
    _make_template(prefix, dsn)
    yield prefix
    server.send_signal(2)
    server.wait(20)
    shutil.rmtree(folder, ignore_errors=True)


def _make_template(prefix: str, dsn: str) -> None:
    from sqlalchemy import create_engine

    from server.schema import upgrade_schema

    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("CREATE DATABASE tpl")
    engine = create_engine(f"{prefix}/tpl")
    upgrade_schema(engine)
    engine.dispose()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file to copy."""
    from sqlalchemy import create_engine

    from server.schema import upgrade_schema

    path = tmp_path_factory.mktemp("template") / "suicha.sqlite3"
    engine = create_engine(f"sqlite:///{path}")
    upgrade_schema(engine)
    engine.dispose()
    return path


_count = 0


@pytest.fixture
def make_database_url(
    request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Callable[[str], str]]:
    """A function from ``sqlite`` or ``postgresql`` to the URL of a fresh, migrated database."""
    made: list[tuple[str, str]] = []

    def make(kind: str) -> str:
        global _count
        _count += 1
        if kind == "sqlite":
            path = tmp_path / f"suicha{_count}.sqlite3"
            shutil.copy(request.getfixturevalue("sqlite_template"), path)
            return f"sqlite:///{path}"
        prefix = request.getfixturevalue("postgres_server")
        name = f"t{os.getpid()}_{_count}"
        dsn = prefix.replace("postgresql+psycopg", "postgresql")
        with psycopg.connect(f"{dsn}/postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE tpl")
        made.append((dsn, name))
        return f"{prefix}/{name}"

    yield make
    for dsn, name in made:
        with psycopg.connect(f"{dsn}/postgres", autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, make_database_url: Callable[[str], str]) -> str:
    """A fresh, migrated database; the test runs once on each kind."""
    return make_database_url(request.param)


@pytest.fixture
def clock() -> Clock:
    """Wednesday 2026-03-04 09:00 in Asia/Shanghai, moved by the test only."""
    return Clock()


def make_app(database_url: str, home: Path, clock: Clock) -> Flask:
    """An application over a migrated database, with its own home and clock."""
    from server.app import create_app
    from server.config import Config

    (home / "blobs").mkdir(parents=True, exist_ok=True)
    config = Config(
        home=home,
        database_url=database_url,
        secret_key="test-key-test-key-test-key-test-key",
        blob_dir=home / "blobs",
        is_development=True,
    )
    app = create_app(config, clock=clock)
    app.config["TESTING"] = True
    app.config["PROPAGATE_EXCEPTIONS"] = False
    return app


@pytest.fixture
def app(database_url: str, tmp_path: Path, clock: Clock) -> Iterator[Flask]:
    """The application, on SQLite and on PostgreSQL."""
    from server.db import db

    app = make_app(database_url, tmp_path / "home", clock)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def sqlite_app(
    make_database_url: Callable[[str], str], tmp_path: Path, clock: Clock
) -> Iterator[Flask]:
    """The application on SQLite only: for what does not touch the database's nature."""
    from server.db import db

    app = make_app(make_database_url("sqlite"), tmp_path / "home", clock)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
