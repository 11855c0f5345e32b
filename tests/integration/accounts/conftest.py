"""Two counties, built once per run, and a copy to walk in for each module."""

from __future__ import annotations

import os
from collections.abc import Iterator
from fcntl import LOCK_EX, flock
from pathlib import Path
from typing import IO

import pytest

from server.documents import typesetting
from server.documents.typesetting import PressJob
from tests.integration.accounts.two_counties import build
from tests.integration.accounts.walking import Counties


@pytest.fixture(scope="session")
def built_counties(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten seconds' work: the first process that needs it makes it for all of this run."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    built, done = shared / "two-counties", shared / "two-counties.done"
    with (shared / "two-counties.lock").open("w") as lock:
        flock(lock, LOCK_EX)
        if not done.exists():
            built.mkdir()
            build(built)
            done.touch()
    return built


@pytest.fixture(scope="module")
def counties(built_counties: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counties]:
    """As built before each module. Papers are not typeset, which takes a process and seconds each:
    whoever gets one gets its text, in which the walk finds words that a PDF would hide."""
    found = Counties(built_counties, tmp_path_factory.mktemp("walk") / "home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(typesetting, "_set_in_turn", write_text)
        yield found
    found.close()


def write_text(out: IO[bytes], job: PressJob) -> None:
    """Each paper as it would go to the press."""
    for one in job.papers:
        out.write(one.encode())


@pytest.fixture(autouse=True)
def nothing_stays(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test that was stopped half way leaves nothing to the next."""
    yield
    if "counties" in request.fixturenames:
        request.getfixturevalue("counties").put_back()
