"""One browser driver for each process of a run; one demo county behind one server, and a gateway
before it, per module."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from fcntl import LOCK_EX, flock
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright

from tests.e2e import field_app as app
from tests.e2e.gateway import Gateway, gateway_to
from tests.e2e.harness import CHROMIUM_ARGS, LIGHT_CHROMIUM, DemoHome, Inside, Server, phone, set_up

# What a page shows in the end is what a test asks; how soon is the bench's question. On a machine
# others use as well the five seconds that Playwright waits of its own accord are not always enough.
PATIENCE_MS = 20_000


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """Started once a process."""
    found = playwright.chromium.launch(executable_path=LIGHT_CHROMIUM, args=CHROMIUM_ARGS)
    yield found
    found.close()


@pytest.fixture(scope="module")
def browser(chromium: Browser) -> Iterator[Browser]:
    """For people at a desk, who need no profile on disk: each has a context of the own."""
    yield chromium
    for left in chromium.contexts:
        left.close()


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory: pytest.TempPathFactory) -> DemoHome:
    """What ``suicha setup`` makes of an empty folder; to be copied, seven seconds' work: the first
    process that needs it makes it for all of this run."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    told = shared / "demo.json"
    with (shared / "demo.lock").open("w") as lock:
        flock(lock, LOCK_EX)
        if not told.exists():
            (shared / "demo").mkdir()
            told.write_text(json.dumps(set_up(shared / "demo").people))
    return DemoHome(shared / "demo", json.loads(told.read_text()))


@pytest.fixture(scope="module")
def server(demo_home: DemoHome, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A demo county of its own, on SQLite."""
    server = demo_home.copy(tmp_path_factory.mktemp("server") / "home", Inside)
    server.start()
    yield server
    server.kill()


@pytest.fixture(scope="module")
def people(demo_home: DemoHome) -> dict[str, dict[str, Any]]:
    """The demo accounts by name, with their passwords."""
    return demo_home.people


@pytest.fixture(scope="module")
def gateway(server: Server) -> Iterator[Gateway]:
    """What the phones talk to; it passes everything on until it is told otherwise."""
    with gateway_to(server.port) as gateway:
        yield gateway


@pytest.fixture
def officer(people: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """An officer with a handful of firms nobody has begun with; a module's tests share them out."""
    return people["jiancha1"]


@pytest.fixture
def page(
    playwright: Playwright, server: Server, officer: dict[str, Any], tmp_path: Path
) -> Iterator[Page]:
    """The officer's phone, signed in, with all the day's work on it."""
    profile = tmp_path / "phone"
    with phone(playwright, profile, browser=LIGHT_CHROMIUM, reduced_motion="reduce") as (_, page):
        app.sign_in(page, server, officer)
        app.wait_until_all_sent(page)
        yield page
