"""The schedulership is one worker's at a time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from server.jobs.leases import SCHEDULER, hold
from tests.conftest import Clock
from tests.integration.fieldsync.test_at_once import at_once

pytestmark = pytest.mark.both

TERM = timedelta(seconds=60)


def asking(app: Flask, holder: str) -> Callable[[], bool]:
    def ask() -> bool:
        with app.app_context():
            return hold(SCHEDULER, holder, TERM)

    return ask


def test_however_many_ask_at_once_one_gets_it_and_keeps_it_until_its_term_ends(
    app: Flask, clock: Clock
) -> None:
    names = ["a", "b", "c", "d"]
    got = at_once(*(asking(app, name) for name in names))
    assert got.count(True) == 1
    mine = names[got.index(True)]
    clock.advance(seconds=59)
    assert [asking(app, name)() for name in names] == [name == mine for name in names]
    clock.advance(seconds=60)
    others = [name for name in names if name != mine]
    got = at_once(*(asking(app, name) for name in others))
    assert got.count(True) == 1
    assert asking(app, mine)() is False  # it was away too long
