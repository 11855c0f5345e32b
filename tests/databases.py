"""Real databases: what every test begins with is made once per test process, and copied.

``empty`` is migrated and holds nothing, ``county`` is that with ``builders.build_field`` done.
"""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from tests.apps import Clock, close_app, make_app

Run = Callable[[str], object]
FIRST_PORT, PORTS_EACH, MOST_WORKERS = 20_000, 1_500, 8
# From another beginning in each process: what the last run left in TIME_WAIT is passed by.
_ports = itertools.count(os.getpid())


def free_port() -> int:
    """A port nobody listens on, given once. Below those from which the system serves connections
    that go out, and from this process's own share: between the asking and the listening nobody
    else takes it."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    first = FIRST_PORT + worker % MOST_WORKERS * PORTS_EACH
    for _ in range(PORTS_EACH):
        port = first + next(_ports) % PORTS_EACH
        with socket.socket() as s:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                s.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise AssertionError("no port is free")


def fast_folder() -> str:
    """Memory where there is plenty of it: each test copies a database and makes its commits wait
    for the disk, which costs half of the whole run. What must survive a power cut is not tested
    here."""
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
         "-c", "max_connections=60", "-c", "autovacuum=off"],
        env=env, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **privileges,
    )  # fmt: skip
    prefix = f"postgresql+psycopg://app@127.0.0.1:{port}"
    for _ in range(200):
        try:
            psycopg.connect(f"{_plain(prefix)}/postgres").close()
            break
        except psycopg.OperationalError:
            time.sleep(0.05)
    else:
        pytest.fail("PostgreSQL did not start")
    yield prefix
    server.send_signal(2)
    server.wait(20)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def run_on_postgres(postgres_server: str) -> Iterator[Run]:
    """Statements on the server itself, over one connection: a new one costs it a process."""
    with psycopg.connect(f"{_plain(postgres_server)}/postgres", autocommit=True) as connection:
        yield lambda statement: connection.execute(statement.encode())


@pytest.fixture(scope="session")
def postgres_empty(postgres_server: str, run_on_postgres: Run) -> str:
    """The name of a migrated, empty database to copy."""
    run_on_postgres("CREATE DATABASE tpl_empty")
    _migrate(f"{postgres_server}/tpl_empty")
    return "tpl_empty"


@pytest.fixture(scope="session")
def postgres_county(
    postgres_server: str,
    postgres_empty: str,
    run_on_postgres: Run,
    tmp_path_factory: pytest.TempPathFactory,
) -> str:
    """The name of a database with a county to copy."""
    run_on_postgres(_copying("tpl_county", postgres_empty))
    _build_county(f"{postgres_server}/tpl_county", tmp_path_factory.mktemp("county"))
    return "tpl_county"


@pytest.fixture(scope="session")
def sqlite_empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file to copy."""
    path = tmp_path_factory.mktemp("empty") / "suicha.sqlite3"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def sqlite_county(sqlite_empty: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with a county to copy."""
    home = tmp_path_factory.mktemp("county")
    path = Path(shutil.copy(sqlite_empty, home))
    _build_county(f"sqlite:///{path}", home)
    return path


_count = 0


@pytest.fixture
def make_database_url(
    request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Callable[..., str]]:
    """A function from ``sqlite`` or ``postgresql`` to the URL of a fresh, migrated database; with
    ``has_county`` its ``build_field`` is done."""
    made: list[str] = []

    def make(kind: str, *, has_county: bool = False) -> str:
        global _count
        _count += 1
        template = request.getfixturevalue(
            f"{kind.removesuffix('ql')}_{'county' if has_county else 'empty'}"
        )
        if kind == "sqlite":
            path = shutil.copy(template, tmp_path / f"suicha{_count}.sqlite3")
            return f"sqlite:///{path}"
        made.append(f"t{os.getpid()}_{_count}")
        request.getfixturevalue("run_on_postgres")(_copying(made[-1], template))
        return f"{request.getfixturevalue('postgres_server')}/{made[-1]}"

    yield make
    for name in made:
        request.getfixturevalue("run_on_postgres")(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, make_database_url: Callable[..., str]) -> str:
    """A fresh, migrated database; the test runs once on each kind. For a test that asks for a
    ``field`` the county is there already."""
    return make_database_url(request.param, has_county="field" in request.fixturenames)


def _copying(name: str, template: str) -> str:
    # by files: page by page through the log takes PostgreSQL three times as long
    return f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY"


def _migrate(url: str) -> None:
    from sqlalchemy import create_engine

    from server.schema import upgrade_schema

    engine = create_engine(url)
    upgrade_schema(engine)
    engine.dispose()


def _build_county(url: str, home: Path) -> None:
    from tests.integration.builders import build_field, keep_ready

    app = make_app(url, home / "home", Clock())
    with app.app_context():
        keep_ready(build_field())
    close_app(app)


def _plain(prefix: str) -> str:
    return prefix.replace("postgresql+psycopg", "postgresql")
