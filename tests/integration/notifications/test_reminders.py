"""Reminders of terms: written once per rung, sent at most once, whatever happens in between."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from domain.reminders import Channel
from server.accounts.models import Jurisdiction
from server.db import db, unit_of_work
from server.fieldsync import service as fieldsync
from server.notifications.channels import Later
from server.notifications.messages import carry
from server.notifications.preferences import Choice, choose_channels
from server.notifications.reminder_models import Reminder, ReminderMessage, ReminderPost
from server.notifications.service import remind, send_due, write_due
from tests.conftest import Clock
from tests.integration.builders import Field, build_field
from tests.integration.fieldsync.test_at_once import at_once
from tests.integration.notifications.reminding import (
    Listing,
    add_deputy,
    end_visit,
    enter,
    hand_in_reports,
    people_told,
    steps_of,
)

pytestmark = pytest.mark.both

ENDED = date(2026, 2, 10)  # due on Tuesday 2026-03-10 by the plain week, five days after START


def messages() -> list[ReminderMessage]:
    db.session.expire_all()
    return list(db.session.scalars(select(ReminderMessage).order_by(ReminderMessage.id)))


def counts(way: Listing, person_id: int) -> list[dict[str, int]]:
    return [dict(one.counts) for one in way.sent if one.person_id == person_id]


def test_the_ladder_is_climbed_once_however_often_the_job_runs(
    app: Flask, field: Field, clock: Clock
) -> None:
    with app.app_context():
        end_visit(field, ENDED)
        deputy = add_deputy(field)
        for _day in range(12):
            write_due()
            assert write_due() == 0
            clock.advance(days=1)
        overdue = [f"overdue.2026-03-{day}" for day in (11, 12, 13)]
        assert steps_of(field.people["wang"]) == [
            "before.5", "before.3", "before.1", "due", "overdue.2026-03-11",
        ]  # fmt: skip
        assert steps_of(field.people["lead"]) == overdue
        assert steps_of(deputy, "entry") == overdue[2:] * 2, (
            "the partner has no deputy: the home's hears"
        )
        assert steps_of(field.people["office"]) == steps_of(field.people["stranger"]) == []
    told = people_told(app, ["overdue"])
    assert (field.people["wang"], "overdue", "holder") in told
    assert (field.people["lead"], "overdue", "lead") in told


def test_who_holds_the_sheet_is_reminded_and_nobody_of_what_is_entered(
    sqlite_app: Flask, clock: Clock
) -> None:
    with sqlite_app.app_context():
        field = build_field()
        end_visit(field, ENDED)
        enter(field.sheet_ids["mr"], clock)
        write_due()
        told = set(db.session.scalars(select(Reminder.person_id)))
        assert told == {field.people["wang"], field.people["li"]}


def test_a_due_date_that_moves_begins_its_ladder_anew(sqlite_app: Flask) -> None:
    with sqlite_app.app_context():
        field = build_field()
        end_visit(field, ENDED)
        assert write_due() == 4 and write_due() == 0
        with unit_of_work() as work:
            work.get_one(Jurisdiction, field.jurisdiction_id).settings = {"entry.working_days": 21}
        assert write_due() == 4
        assert steps_of(field.people["wang"]) == ["before.5", "before.5"]


def test_one_message_for_a_person_and_half_a_day_in_working_hours_only(
    app: Flask, field: Field, clock: Clock
) -> None:
    way = Listing()
    wang = field.people["wang"]
    with app.app_context():
        end_visit(field, ENDED)
        clock.advance(hours=-2)  # seven in the morning
        assert (send_due([way]).written, way.sent) == (4, [])
        clock.advance(hours=2)
        for n in range(3):
            remind([wang], "内2026001-01", f"/inspections/{n}", field.actor("office"))
        send_due([way])
        assert counts(way, wang) == [{"before": 1, "asked": 3}]
        letter = next(one for one in way.sent if one.person_id == wang)
        assert letter.text == "您的事项：1 件临近期限，3 件被催办"
        remind([wang], "内2026001-01", "/inspections/9", field.actor("office"))
        send_due([way])
        assert len(counts(way, wang)) == 1, "the rest of the morning is silent"
        clock.advance(hours=4)
        send_due([way])
        assert counts(way, wang)[1:] == [{"asked": 1}]
        clock.advance(hours=6)  # seven in the evening
        remind([wang], "内2026001-01", "/inspections/10", field.actor("office"))
        send_due([way])
        clock.at = datetime(2026, 3, 7, 2, 0, tzinfo=UTC)  # Saturday
        send_due([way])
        assert len(counts(way, wang)) == 2


def test_what_is_entered_meanwhile_is_not_counted_any_more(sqlite_app: Flask, clock: Clock) -> None:
    way = Listing()
    with sqlite_app.app_context():
        field = build_field()
        end_visit(field, ENDED)
        write_due()
        enter(field.sheet_ids["tr"], clock)
        send_due([way])
        told = {one.person_id for one in way.sent}
        assert told == {field.people[one] for one in ("zhao", "qian", "office")}
        assert counts(way, field.people["office"]) == [{"before": 1}], "it is to be published now"
        assert steps_of(field.people["wang"]) == ["before.5"], "the inbox keeps what was said"


def test_a_process_that_dies_before_or_after_sending_never_sends_again(
    app: Flask, field: Field, clock: Clock
) -> None:
    dying, second = Listing(dies_after=1), Listing()
    with app.app_context():
        end_visit(field, ENDED)
        with pytest.raises(KeyboardInterrupt):
            send_due([dying])
        send_due([second])
        clock.advance(minutes=11)
        send_due([second])
        assert len(dying.sent) == 1
        everybody = Counter(one.person_id for one in [*dying.sent, *second.sent])
        assert max(everybody.values()) == 1
        assert Counter(one.outcome for one in messages()) == {"unknown": 4}
        assert second.sent == []


@dataclass
class _Run:
    """One run of the job: after so many hours, dying before or after that letter, or not."""

    hours: int
    dies_before: int | None
    dies_after: int | None


_ids = itertools.count()
_runs = st.builds(
    _Run,
    hours=st.integers(0, 40),
    dies_before=st.none() | st.integers(0, 2),
    dies_after=st.none() | st.integers(1, 3),
)


@pytest.fixture
def walked(sqlite_app: Flask) -> tuple[Flask, Field]:
    with sqlite_app.app_context():
        return sqlite_app, build_field()


@settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(_runs, min_size=2, max_size=8))
def test_any_order_of_crashes_and_restarts_tells_each_reminder_at_most_once(
    walked: tuple[Flask, Field], clock: Clock, runs: list[_Run]
) -> None:
    app, field = walked
    clock.at = datetime(2026, 3, 4, 1, 0, tzinfo=UTC)
    left: list[tuple[int, str]] = []
    counted: Counter[int] = Counter()
    with app.app_context():
        with unit_of_work() as work:
            for table in (ReminderMessage, ReminderPost, Reminder):
                work.execute(delete(table))
        end_visit(field, ENDED)
        for run in runs:
            clock.advance(hours=run.hours)
            way = Listing(dies_before=run.dies_before, dies_after=run.dies_after)
            try:
                send_due([way])
            except KeyboardInterrupt:
                db.session.rollback()
            slots = {one.id: one.slot for one in messages()}
            for letter in way.sent:
                left.append((letter.person_id, slots[int(letter.id.rpartition("-")[2])]))
                counted[letter.person_id] += sum(letter.counts.values())
        written = Counter(db.session.scalars(select(Reminder.person_id)))
        keys = db.session.execute(select(Reminder.source, Reminder.step, Reminder.person_id))
        assert max(Counter(tuple(row) for row in keys).values(), default=1) == 1
    assert len(left) == len(set(left)), "one message for a person and half a day"
    assert all(counted[person] <= written[person] for person in counted)


def test_two_jobs_at_once_write_and_send_everything_once(app: Flask, field: Field) -> None:
    way = Listing()
    with app.app_context():
        end_visit(field, ENDED)

    def run() -> int:
        with app.app_context():
            return send_due([way]).written

    assert sum(at_once(run, run, run)) == 4
    with app.app_context():
        send_due([way])
        assert Counter(one.outcome for one in messages()) == {"sent": 4}
    assert max(Counter(one.person_id for one in way.sent).values()) == 1


def test_what_was_not_taken_is_tried_again_later_and_given_up_at_last(
    sqlite_app: Flask, clock: Clock
) -> None:
    with sqlite_app.app_context():
        field = build_field()
        hand_in_reports(field)
        remind([field.people["office"]], "x", "/inspections/1", field.actor("lead"))
        way = Listing(answers=[Later("HTTP 429", 7200), *[Later("HTTP 503")] * 9])
        assert send_due([way]).waiting == 1
        clock.advance(minutes=119)
        assert send_due([way]).waiting == 0
        clock.advance(minutes=1)
        assert send_due([way]).waiting == 1
        for _day in range(6):
            clock.at = clock.at.replace(hour=2)
            clock.advance(days=1)
            send_due([way])
        last = messages()[-1]
        assert (last.outcome, last.note, last.tries) == ("failed", "HTTP 503", 6)
        assert way.sent == []


def test_restored_backup_sends_nothing_that_may_have_left(sqlite_app: Flask, clock: Clock) -> None:
    way = Listing()
    with sqlite_app.app_context():
        field = build_field()
        end_visit(field, ENDED)
        write_due()  # the backup is made here, and what follows is not in it
        with unit_of_work():
            fieldsync.start_epoch()
        send_due([way])
        assert way.sent == []
        clock.advance(days=1)
        send_due([way])
        assert Counter(one.person_id for one in way.sent)[field.people["wang"]] == 1


def test_who_turned_a_channel_off_is_told_in_the_inbox_alone(
    sqlite_app: Flask, clock: Clock
) -> None:
    push, hook = Listing(), Listing(channel=Channel.WEBHOOK)
    with sqlite_app.app_context():
        field = build_field()
        end_visit(field, ENDED)
        wang = field.people["wang"]
        choices = {channel: Choice() for channel in Channel} | {Channel.PUSH: Choice(False)}
        choose_channels(field.actor("wang"), choices)
        send_due([push, hook])
        assert wang not in {one.person_id for one in push.sent}
        assert wang in {one.person_id for one in hook.sent}
        assert steps_of(wang) == ["before.5"]


def test_open_terms_are_asked_for_only_where_something_may_leave(
    sqlite_app: Flask, clock: Clock
) -> None:
    """A second reminder waits for the next part of the day: the job comes every five minutes."""
    asked: list[datetime] = []

    def still_open() -> set[str]:
        asked.append(clock.at)
        return set()

    with sqlite_app.app_context():
        field, way = build_field(), Listing()
        for number, left in enumerate((1, 0)):
            visit = f"/inspections/{number}"
            remind([field.people["office"]], visit, visit, field.actor("lead"))
            assert carry(field.jurisdiction_id, [way], still_open).sent == left
        assert len(asked) == 1 and len(way.sent) == 1
        clock.advance(days=1)
        assert carry(field.jurisdiction_id, [way], still_open).sent == 1
        assert len(asked) == 2


def test_asked_twice_on_one_day_is_one_reminder(sqlite_app: Flask, clock: Clock) -> None:
    with sqlite_app.app_context():
        field = build_field()
        office, wang = field.actor("office"), field.people["wang"]
        assert remind([wang, wang], "内2026001-01 示例公司", "/inspections/1", office) == 1
        assert remind([wang], "内2026001-01 示例公司", "/inspections/1", office) == 0
        assert remind([wang], "内2026001-02 示例公司", "/inspections/2", office) == 1
        clock.advance(days=1)
        assert remind([wang], "内2026001-01 示例公司", "/inspections/1", office) == 1


def test_the_job_looks_at_all_terms_once_an_hour(sqlite_app: Flask, clock: Clock) -> None:
    with sqlite_app.app_context():
        field = build_field()
        hand_in_reports(field)
        assert send_due().written == 0
        end_visit(field, ENDED)
        clock.advance(minutes=55)
        assert send_due().written == 0
        clock.advance(minutes=5)
        assert send_due().written == 4
