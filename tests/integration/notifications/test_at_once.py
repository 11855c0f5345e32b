"""The first of its kind asked for twice in the same moment: one row, nobody is refused."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select

from domain.access import Actor
from domain.reminders import Channel
from server.db import db, scope_to, unit_of_work
from server.notifications.channels import Gone, Letter, Outcome, Sent
from server.notifications.inbox import mark_read
from server.notifications.preferences import Choice, choose_channels, map_choices
from server.notifications.reminder_models import (
    InboxMark,
    PersonChannel,
    PushSubscription,
    ReminderMessage,
)
from server.notifications.service import remind, send_due
from server.notifications.subscriptions import place_of, remove, subscribe
from server.runtime import SITE_ZONE, now
from tests.conftest import Clock
from tests.integration.builders import build_field
from tests.integration.fieldsync.test_at_once import at_once, count
from tests.integration.notifications.receivers import Browser
from tests.integration.notifications.reminding import Listing
from tests.integration.phrases.test_at_once import wait_for

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


def test_channels_chosen_for_the_first_time_at_once_are_chosen_once(
    app: Flask, wang: Actor
) -> None:
    wanted = {**dict.fromkeys(Channel, Choice()), Channel.EMAIL: Choice(is_on=False)}
    assert tap(app, wang, lambda: choose_channels(wang, wanted)) == [None] * TAPS
    with app.app_context():
        assert count(PersonChannel) == len(Channel)
        assert map_choices(wang.person_id) == wanted


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


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize("answer", [Sent(), Gone("HTTP 410")])
def test_a_browser_removed_at_once_with_its_message_loses_nobody_elses(
    app: Flask, wang: Actor, clock: Clock, answer: Outcome
) -> None:
    """What came of all messages is written in one commit, which waits here for the removal's."""
    clock.at = datetime(2026, 3, 9, 10, 0, tzinfo=SITE_ZONE)
    told = Browser("https://push.example.net").subscription

    def come_of_it() -> None:
        with app.app_context():
            scope_to(wang.jurisdiction_id)
            send_due([way])

    class Removing(Listing):
        def send(self, letter: Letter) -> Outcome:
            has_left.set()
            removed.wait(30)
            return super().send(letter)

    has_left, removed = threading.Event(), threading.Event()
    with app.app_context():
        scope_to(wang.jurisdiction_id)
        keys = told["keys"]["p256dh"], told["keys"]["auth"]
        subscribe(wang, told["endpoint"], *keys, "Edge")
        row = db.session.scalars(select(PushSubscription)).one()
        way = Removing(places=[place_of(row)], answers=[answer])
        remind([wang.person_id], "某企业", "/inspections/1", wang)
        other = threading.Thread(target=come_of_it)
        other.start()
        assert has_left.wait(30)
        with unit_of_work():
            remove(wang, row.id)
            removed.set()
            wait_for(1)
        other.join(30)
        db.session.expire_all()
        assert count(PushSubscription) == 0
        outcomes = dict(
            db.session.execute(select(ReminderMessage.person_id, ReminderMessage.outcome)).all()
        )
        assert outcomes.pop(wang.person_id) == ("sent" if isinstance(answer, Sent) else "gone")
        assert set(outcomes.values()) <= {"sent"}


def tap(app: Flask, actor: Actor, deed: Callable[[], None]) -> list[object]:
    def once() -> None:
        with app.app_context():
            scope_to(actor.jurisdiction_id)
            try:
                deed()
            finally:
                db.session.remove()

    return at_once(*[once] * TAPS)
