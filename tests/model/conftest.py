"""One application per test process and database; each example begins with a copy of its data."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import make_app
from tests.model.at_rest import prepare_stages
from tests.model.house import House, build_house
from tests.model.store import PostgresStore, SqliteStore

MEMORY = Path("/dev/shm")


@pytest.fixture(scope="session")
def house(sqlite_empty: Path) -> Iterator[House]:
    """The server on SQLite, its file in memory where the system has such a place."""
    home = Path(tempfile.mkdtemp(prefix="suicha-model-", dir=MEMORY if MEMORY.is_dir() else None))
    path = home / "suicha.sqlite3"
    shutil.copy(sqlite_empty, path)
    url = f"sqlite:///{path}"
    made = build_house(make_app, url, home / "home", lambda close: SqliteStore(path, close))
    prepare_stages(made)
    yield made
    made.store.drop()
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_house(
    postgres_server: str,
    postgres_empty: str,
    run_on_postgres: Callable[[str], object],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[House]:
    """The same on PostgreSQL."""
    name = f"model_{os.getpid()}"
    run_on_postgres(f"CREATE DATABASE {name} TEMPLATE {postgres_empty}")
    made = build_house(
        make_app,
        f"{postgres_server}/{name}",
        tmp_path_factory.mktemp("model"),
        lambda close: PostgresStore(postgres_server, name, close),
    )
    prepare_stages(made)
    yield made
    made.store.drop()
