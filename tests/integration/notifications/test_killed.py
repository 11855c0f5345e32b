"""A real process killed in mid-ladder and started again, a real backup: nothing leaves twice."""

from __future__ import annotations

import os
import signal
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from server.accounts.models import Jurisdiction
from server.backups.restoring import restore_backup
from server.backups.service import make_backup
from server.cli.secrets import ensure_folders, ensure_vapid_keys
from server.db import db, unit_of_work
from server.notifications.reminder_models import PushSubscription, ReminderMessage
from server.notifications.service import remind, send_due
from server.notifications.subscriptions import subscribe
from tests.conftest import Clock
from tests.faults.servers import County
from tests.integration.backups.conftest import quiet
from tests.integration.builders import build_field
from tests.integration.notifications.receivers import Browser, receiver
from tests.integration.notifications.reminding import Listing, hand_in_reports
from tests.processes import Forked

PEOPLE, BROWSERS = ("wang", "li", "zhao"), 8
TAKEN_AT_ONCE = 20
ALWAYS = {"reminders.from_hour": 0, "reminders.until_hour": 24, "reminders.on_rest_days": True}


def test_a_killed_run_and_the_one_after_it_send_each_message_at_most_once(
    make_database_url: Callable[..., str], tmp_path: Path
) -> None:
    county = County(tmp_path / "home", make_database_url("sqlite"))
    log = tmp_path / "sending.log"

    def start() -> Forked:
        return Forked("server.cli", ["reminders", "send"], county.environment(1), log)

    with receiver() as service:
        with county.looking():
            config = county.app.extensions["suicha"].config
            ensure_folders(config)
            ensure_vapid_keys(config.vapid_dir)
            with unit_of_work() as work:
                work.get_one(Jurisdiction, county.field.jurisdiction_id).settings = ALWAYS
            for name in PEOPLE:
                for number in range(BROWSERS):
                    told = Browser(service.url, f"{name}-{number}").subscription
                    keys = told["keys"]
                    actor = county.field.actor(name)
                    subscribe(actor, told["endpoint"], keys["p256dh"], keys["auth"], "")
            people = [county.field.people[one] for one in PEOPLE]
            remind(people, "内2026001-01", "/inspections/1", county.field.actor("office"))
        service.holds_from = 3
        first = start()
        assert service.held.wait(30), log.read_text()
        os.killpg(first.pid, signal.SIGKILL)
        first.wait(10)
        service.let_go.set()
        service.holds_from = None
        assert start().wait(60) == 0, log.read_text()
        calls = Counter(one.path for one in service.called)
    assert max(calls.values()) == 1, "a browser was told twice"
    with county.looking():
        rows = db.session.scalars(select(ReminderMessage)).all()
        outcomes = Counter((one.outcome, one.taken_at is not None) for one in rows)
    untouched = len(PEOPLE) * BROWSERS - TAKEN_AT_ONCE
    assert outcomes == {(None, True): TAKEN_AT_ONCE, ("sent", True): untouched}
    county.close()


def test_what_left_after_the_backup_does_not_leave_again_after_the_restore(
    sqlite_app: Flask, clock: Clock, tmp_path: Path
) -> None:
    way = Listing()
    with sqlite_app.app_context():
        field = build_field()
        hand_in_reports(field)
        config = sqlite_app.extensions["suicha"].config
        ensure_folders(config)
        people = [field.people[one] for one in ("wang", "li")]
        remind(people, "内2026001-01", "/inspections/1", field.actor("office"))
        backup = make_backup(tmp_path / "backups", None, quiet)
        assert send_due([way]).sent == 2
        db.session.remove()
        db.engine.dispose()
    clock.advance(minutes=1)
    restore_backup(
        config, backup.path, is_replacing=True, keeps_secrets=False, tell=quiet, clock=clock
    )
    with sqlite_app.app_context():
        assert db.session.scalars(select(ReminderMessage)).all() == [], "of before it left"
        assert send_due([way]).sent == 0
        clock.advance(hours=5)
        assert send_due([way]).sent == 0
        remind(people, "内2026001-02", "/inspections/2", field.actor("office"))
        assert send_due([way]).sent == 2, "what is new leaves"
        assert db.session.scalars(select(PushSubscription)).all() == []
    assert max(Counter(one.person_id for one in way.sent).values()) == 2
