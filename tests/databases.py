"""Real databases: what a test begins with is made once per test process, and copied.

``EMPTY`` is migrated and holds nothing, ``COUNTY`` is that with ``builders.build_field`` done. A
room whose tests all begin with more says so with a fixture of its own named ``beginning``.
"""

from __future__ import annotations

import itertools
import os
import pwd
import re
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest
from flask import Flask

from tests.apps import Clock, close_app, make_app
from tests.once import make_once_a_run

Run = Callable[[str], object]


@dataclass
class Beginning:
    """What is in a database when a test begins. ``build`` writes it into an empty one, within an
    application context, and answers what a test has to know of it: ids, never objects; files beside
    the database are not copied."""

    name: str
    build: Callable[[], Any]
    _told: dict[str, Any] = field(default_factory=dict)

    def write(self, url: str, home: Path) -> None:
        """Into the database that is going to be copied."""
        app = make_app(url, home / "home", Clock())
        with app.app_context():
            self._told[_kind_of(url)] = self.build()
        close_app(app)

    def told(self, app: Flask) -> Any:
        """What ``build`` answered of the database this application's is a copy of."""
        return deepcopy(self._told[_kind_of(app.extensions["suicha"].config.database_url)])


def _build_field() -> None:
    from tests.integration.builders import build_field, keep_ready

    keep_ready(build_field())


EMPTY = Beginning("empty", lambda: None)
COUNTY = Beginning("county", _build_field)

# For what no database changes: how a page looks, what a form or a file says.
ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
# What the two databases do differently is in the names of such tests. Whatever else is about
# triggers, statements, numbers or search, or is its room's way through the whole, is marked `both`.
ABOUT_DATABASES = re.compile(r"at_once|database|statement|altered|rewritten")
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
def sqlite_empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file to copy."""

    def make(folder: Path) -> None:
        folder.mkdir()
        _migrate(f"sqlite:///{folder}/suicha.sqlite3")

    return make_once_a_run(tmp_path_factory, "empty", make) / "suicha.sqlite3"


_templates: dict[tuple[str, str], str] = {}


def _template(request: pytest.FixtureRequest, kind: str, beginning: Beginning) -> str:
    """The path of the file, or the name of the database, to copy."""
    empty = str(request.getfixturevalue(f"{kind.removesuffix('ql')}_empty"))
    if beginning is EMPTY:
        return empty
    key = kind, beginning.name
    if key not in _templates:
        home = request.getfixturevalue("tmp_path_factory").mktemp(beginning.name)
        if kind == "sqlite":
            made = str(shutil.copy(empty, home))
            beginning.write(f"sqlite:///{made}", home)
        else:
            made = f"tpl_{beginning.name}"
            request.getfixturevalue("run_on_postgres")(_copying(made, empty))
            beginning.write(f"{request.getfixturevalue('postgres_server')}/{made}", home)
        _templates[key] = made
    return _templates[key]


@pytest.fixture(scope="session")
def sqlite_county(request: pytest.FixtureRequest) -> Path:
    """A SQLite file with a county to copy."""
    return Path(_template(request, "sqlite", COUNTY))


_count = 0


@pytest.fixture
def make_database_url(
    request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Callable[..., str]]:
    """A function from ``sqlite`` or ``postgresql`` to the URL of a fresh, migrated database that
    holds nothing, or another beginning."""
    made: list[str] = []

    def make(kind: str, beginning: Beginning = EMPTY) -> str:
        global _count
        _count += 1
        template = _template(request, kind, beginning)
        if kind == "sqlite":
            path = shutil.copy(template, tmp_path / f"suicha{_count}.sqlite3")
            return f"sqlite:///{path}"
        made.append(f"t{os.getpid()}_{_count}")
        request.getfixturevalue("run_on_postgres")(_copying(made[-1], template))
        return f"{request.getfixturevalue('postgres_server')}/{made[-1]}"

    yield make
    for name in made:
        request.getfixturevalue("run_on_postgres")(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture
def beginning(request: pytest.FixtureRequest) -> Beginning:
    """For a test that asks for a ``field`` the county is there already."""
    return COUNTY if "field" in request.fixturenames else EMPTY


def is_for_soak(item: pytest.Item) -> bool:
    """Whether it repeats on PostgreSQL what is shown on SQLite each day: all that is neither about
    databases, nor a proof of docs/reliability.md, nor meant for PostgreSQL alone."""
    case = getattr(item, "callspec", None)
    if case is None or case.params.get("database_url") != "postgresql":
        return False
    chosen = [mark.args[0] for mark in item.iter_markers("parametrize")]
    is_marked = any(item.get_closest_marker(name) for name in ("both", "proves"))
    is_about = ABOUT_DATABASES.search(item.name.partition("[")[0])
    return not ("database_url" in chosen or is_marked or is_about)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(
    request: pytest.FixtureRequest, make_database_url: Callable[..., str], beginning: Beginning
) -> str:
    """A fresh, migrated database with the test's beginning; it runs once on each kind,
    on PostgreSQL in the soak where ``is_for_soak``."""
    return make_database_url(request.param, beginning)


def _copying(name: str, template: str) -> str:
    # by files: page by page through the log takes PostgreSQL three times as long
    return f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY"


def _migrate(url: str) -> None:
    from sqlalchemy import create_engine

    from server.schema import upgrade_schema

    engine = create_engine(url)
    upgrade_schema(engine)
    engine.dispose()


def _kind_of(url: str) -> str:
    return url.partition(":")[0]


def _plain(prefix: str) -> str:
    return prefix.replace("postgresql+psycopg", "postgresql")
