"""One browser driver, one demo county behind one server, and a gateway before it, per module."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Playwright, sync_playwright

from tests.e2e import harness
from tests.e2e.gateway import Gateway, gateway_to
from tests.e2e.harness import Server


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """``suicha run`` over a demo county of its own, on SQLite."""
    home = tmp_path_factory.mktemp("server")
    server = Server(home, f"sqlite:///{home}/suicha.sqlite3")
    server.command("setup")
    server.start()
    yield server
    server.kill()


@pytest.fixture(scope="module")
def people(server: Server) -> dict[str, dict[str, Any]]:
    """The demo accounts by name, with their passwords."""
    return harness.accounts(server)


@pytest.fixture(scope="module")
def gateway(server: Server) -> Iterator[Gateway]:
    """What the phones talk to; it passes everything on until it is told otherwise."""
    with gateway_to(server.port) as gateway:
        yield gateway
