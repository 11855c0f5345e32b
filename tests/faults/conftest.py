"""A county on either database, over which real server processes run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import copy

import pytest

from tests.conftest import COUNTY
from tests.faults.servers import County, Running, running


@pytest.fixture
def make_county(
    make_database_url: Callable[..., str], tmp_path: Path
) -> Iterator[Callable[[str], County]]:
    """A function from ``sqlite`` or ``postgresql`` to a county."""
    made: list[County] = []

    def make(kind: str) -> County:
        made.append(County(tmp_path / "home", make_database_url(kind, COUNTY)))
        return made[-1]

    yield make
    for county in made:
        county.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def county(request: pytest.FixtureRequest, make_county: Callable[[str], County]) -> County:
    """One on each database."""
    return make_county(request.param)


@pytest.fixture(scope="module")
def settings() -> dict[str, str]:
    """Of the file's server, beside few threads. A file about patience gives it little; elsewhere a
    busy machine would need more for 20 MB, and the test would measure the machine."""
    return {}


@pytest.fixture(scope="module")
def server(
    sqlite_county: Path, tmp_path_factory: pytest.TempPathFactory, settings: dict[str, str]
) -> Iterator[Running]:
    """``suicha run`` on SQLite for all tests of a file."""
    home = tmp_path_factory.mktemp("server")
    copy(sqlite_county, home / "suicha.sqlite3")
    county = County(home, f"sqlite:///{home}/suicha.sqlite3")
    with running(county, SUICHA_THREADS="2", **settings) as server:
        yield server
    county.close()
