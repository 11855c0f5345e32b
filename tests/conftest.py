"""Fixtures every test may use: real SQLite, real PostgreSQL, an application with a given clock."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings

from tests.apps import START, Clock, close_app, make_app
from tests.databases import (
    COUNTY,
    EMPTY,
    ON_SQLITE,
    Beginning,
    beginning,
    database_url,
    fast_folder,
    free_port,
    is_for_soak,
    make_database_url,
    postgres_empty,
    postgres_server,
    run_on_postgres,
    sqlite_county,
    sqlite_empty,
)
from tests.once import (
    build_copies_once,
    collect_nothing_yet,
    collect_rarely,
    hash_cheaply,
    read_checklists_once,
    share_dialects,
    share_routes,
    share_templates,
)
from tests.order import mix
from tests.reliability.plugin import pytest_addoption, pytest_configure

__all__ = [  # for tests; and pytest looks for its hooks and the fixtures here
    "COUNTY",
    "EMPTY",
    "ON_SQLITE",
    "ROOT",
    "START",
    "Beginning",
    "Clock",
    "beginning",
    "database_url",
    "free_port",
    "make_app",
    "make_database_url",
    "postgres_empty",
    "postgres_server",
    "pytest_addoption",
    "pytest_configure",
    "run_on_postgres",
    "sqlite_county",
    "sqlite_empty",
]

# A property holds or does not, however busy the machine is: speed is measured by `make bench`.
settings.register_profile("suicha", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("suicha")

ROOT = Path(__file__).parent.parent
SOAK_SECONDS = 3600

os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", fast_folder())  # of tmp_path
collect_nothing_yet()
share_dialects()
share_routes()
share_templates()
read_checklists_once()
build_copies_once()
hash_cheaply()


@pytest.hookimpl(tryfirst=True)  # before `-m` is asked
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What is long by intent may take long; what hangs is still ended."""
    for item in items:
        marks = [mark.name for mark in item.iter_markers()]
        if "soak" in marks and "timeout" not in marks:
            item.add_marker(pytest.mark.timeout(SOAK_SECONDS))
        if is_for_soak(item):
            item.add_marker(pytest.mark.soak)
    if "PYTEST_XDIST_WORKER" in os.environ:
        items[:] = mix(items)


def pytest_collection_finish() -> None:
    collect_rarely()


@pytest.fixture
def clock() -> Clock:
    """Wednesday 2026-03-04 09:00 in Asia/Shanghai, moved by the test only."""
    return Clock()


@pytest.fixture
def app(database_url: str, tmp_path: Path, clock: Clock) -> Iterator[Flask]:
    """The application, on SQLite and on PostgreSQL."""
    app = make_app(database_url, tmp_path / "home", clock)
    yield app
    close_app(app)


@pytest.fixture
def sqlite_app(
    make_database_url: Callable[..., str],
    beginning: Beginning,
    tmp_path: Path,
    clock: Clock,
) -> Iterator[Flask]:
    """The application on SQLite only: for what does not touch the database's nature."""
    app = make_app(make_database_url("sqlite", beginning), tmp_path / "home", clock)
    yield app
    close_app(app)
