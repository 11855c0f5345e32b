"""The ports' contract, over the two hosts in memory."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sync.operation import Kind
from sync.ports import Rights
from sync.rows import Author, Row
from tests.unit.sync.memory_host import MemoryHost
from tests.unit.sync.port_contract import Ports, check_rights, check_rules, check_space
from tests.unit.sync.readme_host import make_host

WANG, STRANGER = Author(8, "王检查"), Author(99, "孙检查")


class As:
    """``Rights`` of one author on a host that judges author by author."""

    def __init__(self, become: Callable[[Author], None], host: Rights, author: Author) -> None:
        self._become, self._host, self._author = become, host, author

    def may(self, kind: Kind, sheet: str) -> bool:
        self._become(self._author)
        return self._host.may(kind, sheet)


def in_memory() -> Ports:
    host = MemoryHost(barred={STRANGER.id})
    return _ports(host, host, "_author", lambda rows: host._write("setup", rows))


def of_the_readme() -> Ports:
    space = make_host().space
    return _ports(space, space, "author", lambda rows: space.write(rows))


def _ports(host: Any, rights: Any, name: str, write: Callable[[tuple[Row, ...]], Any]) -> Ports:
    def become(author: Author) -> None:
        setattr(host, name, author)

    ports = Ports(
        host, host, As(become, rights, WANG), As(become, rights, STRANGER), write, lambda: ports
    )
    return ports


@pytest.mark.parametrize("make", [in_memory, of_the_readme])
@pytest.mark.parametrize("check", [check_space, check_rules, check_rights])
def test_port_keeps_its_contract(make: Callable[[], Ports], check: Callable[[Ports], None]) -> None:
    check(make())
