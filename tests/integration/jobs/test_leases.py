"""The schedulership is one worker's at a time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from server.db import db
from server.jobs.duties import list_duties
from server.jobs.leases import SCHEDULER, hold
from server.jobs.models import Job
from server.jobs.scheduling import enrol
from server.jobs.service import make_due
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


def test_jobs_enrolled_and_asked_for_at_once_are_one_each(app: Flask, clock: Clock) -> None:
    """A new installation has no rows yet; whoever asks on the page has the job due now."""
    duties = list_duties()

    def in_app(deed: Callable[[], None]) -> Callable[[], None]:
        def run() -> None:
            with app.app_context():
                deed()

        return run

    asked = [in_app(lambda: make_due("audit.root")) for _tap in range(4)]
    assert at_once(*asked, *[in_app(lambda: enrol(duties))] * 3) == [None] * 7
    with app.app_context():
        jobs = {one.name: one.due_at for one in db.session.scalars(select(Job))}
        assert jobs.keys() == duties.keys() and jobs["audit.root"] == clock.at
