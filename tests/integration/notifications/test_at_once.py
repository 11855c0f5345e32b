"""The first of its kind asked for twice in the same moment: one row, nobody is refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from domain.access import Actor
from server.db import db, scope_to
from server.notifications.inbox import mark_read
from server.notifications.reminder_models import InboxMark, PushSubscription
from server.notifications.subscriptions import subscribe
from server.runtime import now
from tests.integration.builders import build_field
from tests.integration.fieldsync.test_at_once import at_once, count
from tests.integration.notifications.receivers import Browser

TAPS = 6


@pytest.fixture
def wang(app: Flask) -> Actor:
    with app.app_context():
        field = build_field()
        actor: Actor = field.actor("wang")
        db.session.remove()
    return actor


def test_first_reading_of_the_inbox_at_once_is_one_mark(app: Flask, wang: Actor) -> None:
    assert tap(app, wang, lambda: mark_read(wang, now())) == [None] * TAPS
    with app.app_context():
        assert count(InboxMark) == 1


def test_a_browser_subscribed_at_once_stands_once_and_goes_to_who_signs_in(
    app: Flask, wang: Actor
) -> None:
    told = Browser("https://push.example.net").subscription
    keys = told["keys"]["p256dh"], told["keys"]["auth"]
    assert tap(app, wang, lambda: subscribe(wang, told["endpoint"], *keys, "Edge")) == [None] * TAPS
    with app.app_context():
        assert count(PushSubscription) == 1
        row = db.session.scalars(select(PushSubscription)).one()
        assert (row.person_id, row.p256dh) == (wang.person_id, keys[0])


def tap(app: Flask, actor: Actor, deed: Callable[[], None]) -> list[object]:
    def once() -> None:
        with app.app_context():
            scope_to(actor.jurisdiction_id)
            try:
                deed()
            finally:
                db.session.remove()

    return at_once(*[once] * TAPS)
