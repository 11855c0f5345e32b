"""Events of terms that belong to no visit: clues of the public, dates of the year's reports."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, text
from sqlalchemy.exc import DBAPIError

from domain.clues import ClueKind, Deed, StepKind
from domain.reports.report_calendar import number_of
from domain.term_events import midnight
from server.clues import service as clues
from server.clues.handling import CLOCKS
from server.clues.models import Clue, ClueAttempt
from server.db import db, scope_to, unit_of_work
from server.deadlines import service
from server.deadlines.calendar import seed_calendar
from server.deadlines.events import advance_subjects
from server.deadlines.models import TermEventRow
from server.reports import dates
from server.runtime import SITE_ZONE
from tests.conftest import Clock
from tests.integration.builders import Field, build_field

START = datetime(2026, 3, 2, 9, 30, tzinfo=SITE_ZONE)  # a Monday
DEEDS = {
    StepKind.ACCEPT: Deed(StepKind.ACCEPT),
    StepKind.FINISH: Deed(StepKind.FINISH, reason="已立案", answer="已依法查处。"),
    StepKind.REOPEN: Deed(StepKind.REOPEN, reason="又有新情况"),
}


@pytest.fixture
def field(app: Flask, clock: Clock) -> Iterator[Field]:
    """Reports of 2026 begin with the one due on 20 February, a month before."""
    with app.app_context():
        seed_calendar()
        made = build_field()
        clock.at = START
        scope_to(made.jurisdiction_id)
        yield made


def report(field: Field) -> int:
    said: dict[str, Any] = {
        "kind": ClueKind.VEHICLE, "what": "夜间用报废客车载客", "once": clues.make_once(),
    }  # fmt: skip
    with unit_of_work() as work:
        work.execute(delete(ClueAttempt))  # more than one address may send in a day
    told = clues.receive(field.jurisdiction_id, clues.Report(**said), "192.0.2.7")
    return db.session.scalars(select(Clue.id).where(Clue.number == told.number)).one()


def take(field: Field, clue_id: int, kind: StepKind) -> None:
    revision = db.session.get_one(Clue, clue_id, populate_existing=True).revision
    clues.handle(field.actor("office"), clue_id, DEEDS[kind], revision)


def rows(term: str, subject: int) -> list[TermEventRow]:
    query = select(TermEventRow).where(
        TermEventRow.term == term, TermEventRow.subject_id == subject
    )
    return list(db.session.scalars(query.order_by(TermEventRow.id)))


def events(term: str, subject: int) -> list[tuple[str, str]]:
    return [
        (f"{one.kind}{one.step or ''}", one.at.astimezone(SITE_ZONE).strftime("%m-%d %H:%M"))
        for one in rows(term, subject)
    ]


@pytest.mark.both
def test_a_clue_is_taken_up_and_answered_with_the_true_times_after_days_without_anybody(
    field: Field, clock: Clock
) -> None:
    one = report(field)
    clock.at = datetime(2026, 3, 12, 14, 5, tzinfo=SITE_ZONE)  # a day late
    take(field, one, StepKind.ACCEPT)
    assert events("clue_accept", one) == [
        ("set", "03-02 09:30"), ("warned10", "03-02 09:30"), ("warned5", "03-04 00:00"),
        ("warned3", "03-06 00:00"), ("warned1", "03-10 00:00"), ("warned", "03-11 00:00"),
        ("overdue", "03-12 00:00"), ("met", "03-12 14:05"),
    ]  # fmt: skip
    assert events("clue_finish", one) == [("set", "03-12 14:05")]
    clock.at = datetime(2026, 3, 20, 16, 0, tzinfo=SITE_ZONE)
    take(field, one, StepKind.FINISH)
    clock.at = datetime(2026, 3, 23, 8, 0, tzinfo=SITE_ZONE)
    take(field, one, StepKind.REOPEN)
    service.advance()
    assert events("clue_finish", one)[1:] == [
        ("met", "03-20 16:00"), ("reopened", "03-23 08:00"), ("moved", "03-23 08:00"),
    ]  # fmt: skip
    assert len(events("clue_accept", one)) == 8, "what was taken up in its time stays so"
    assert {one.inspection_id for one in rows("clue_finish", one)} == {None}
    for statement in ("UPDATE term_events SET step = 9", "DELETE FROM term_events"):
        with pytest.raises(DBAPIError, match="append_only"), unit_of_work() as work:
            work.execute(text(statement))
    stray = (
        "INSERT INTO term_events (term, subject_id, department_id, turn, kind, step, due_on, at, "
        "recorded_at, jurisdiction_id) SELECT 'entry', subject_id, department_id, turn, kind, "
        "step, due_on, at, recorded_at, jurisdiction_id FROM term_events"
    )
    with pytest.raises(DBAPIError, match="ck_term_events_visit"), unit_of_work() as work:
        work.execute(text(stray))


def test_a_date_of_the_years_reports_runs_moves_and_is_met(field: Field, clock: Clock) -> None:
    service.advance()
    march = number_of(2026, "monthly-03")
    assert events("report", march) == [("set", "01-01 00:00")]
    assert rows("report", number_of(2026, "monthly-01")) == [], "before the county began"
    office = field.actor("office")
    clock.at = datetime(2026, 3, 5, 10, 0, tzinfo=SITE_ZONE)
    dates.set_days(office, 2026, {"monthly-03": date(2026, 3, 10)})
    clock.at = datetime(2026, 3, 11, 9, 0, tzinfo=SITE_ZONE)
    dates.note_handed_in(office, 2026, "monthly-03", date(2026, 3, 10))
    assert events("report", march)[1:] == [
        ("moved", "03-05 10:00"), ("warned3", "03-05 10:00"), ("warned1", "03-09 00:00"),
        ("warned", "03-10 00:00"), ("overdue", "03-11 00:00"), ("met", "03-11 09:00"),
    ]  # fmt: skip
    assert rows("report", march)[-1].met_on == date(2026, 3, 10), "in time by the day it says"
    dates.note_handed_in(office, 2026, "monthly-03", None)
    assert events("report", march)[-2:] == [("reopened", "03-11 09:00"), ("overdue", "03-11 09:00")]
    clock.at = datetime(2027, 2, 8, 9, 0, tzinfo=SITE_ZONE)
    service.advance()
    annual = rows("report", number_of(2026, "annual"))
    assert annual[-1].kind == "overdue", "what began is followed into the next year"


_moves = st.tuples(
    st.integers(0, 200), st.sampled_from([None, *DEEDS]), st.sampled_from([0, 0, 0, 1, 30])
)


@settings(
    max_examples=12,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(_moves, min_size=2, max_size=8))
@example([(0, None, 0), (0, StepKind.ACCEPT, 1)])  # set back below what is on record
@example(  # late, ended, and late again: told again
    [(0, StepKind.ACCEPT, 0), (9000, StepKind.FINISH, 0), (0, StepKind.REOPEN, 0), (9000, None, 0)]
)
def test_any_order_of_stops_restarts_deeds_and_clocks_set_back_leaves_one_true_history(
    walked: tuple[Flask, Field], clock: Clock, moves: list[tuple[int, StepKind | None, int]]
) -> None:
    """Of two clues that share every deed, one is looked at after each step, the other never."""
    app, field = walked
    clock.at = START
    with app.app_context():
        scope_to(field.jurisdiction_id)
        seen, unseen = report(field), report(field)
    set_back = 0
    for hours, kind, back in moves:
        clock.advance(hours=hours)
        clock.advance(hours=-back)
        set_back += back
        with app.app_context():  # a process of its own
            scope_to(field.jurisdiction_id)
            if kind is not None and _may(seen, kind):
                for one in (seen, unseen):
                    take(field, one, kind)
            for term in CLOCKS:
                advance_subjects(field.jurisdiction_id, term, [seen])
    with app.app_context():
        scope_to(field.jurisdiction_id)
        for term in CLOCKS:
            advance_subjects(field.jurisdiction_id, term, [seen, unseen])
            assert advance_subjects(field.jurisdiction_id, term, [seen, unseen]) == 0
            for one in (seen, unseen):
                _check(rows(term.value, one), clock.at)
            if not set_back:
                told, untold = (
                    [(row.kind, row.step, row.turn, row.at, row.due_on) for row in rows(term, one)]
                    for one in (seen, unseen)
                )
                assert told == untold


def _may(clue_id: int, kind: StepKind) -> bool:
    state = db.session.get_one(Clue, clue_id).state
    return state in {
        StepKind.ACCEPT: ("received",), StepKind.FINISH: ("accepted",), StepKind.REOPEN: ("closed",)
    }[kind]  # fmt: skip


def _check(history: list[TermEventRow], now: datetime) -> None:
    """Each once; changes in order; what time brings at its midnight, or with the change that came
    after it; late from the first midnight after the day, and only then."""
    names = [(one.turn, one.kind, one.step) for one in history]
    assert len(names) == len(set(names))
    changes = [one for one in history if one.kind not in ("warned", "overdue")]
    assert [one.turn for one in changes] == list(range(1, len(changes) + 1))
    assert all(a.at <= b.at for a, b in pairwise(changes))
    for one in history:
        if one.kind == "overdue":
            began = next(change for change in changes if change.turn == one.turn)
            assert one.at == max(midnight(one.due_on + timedelta(days=1)), began.at)
        elif one.kind == "warned":
            began = next(change for change in changes if change.turn == one.turn)
            local = one.at.astimezone(SITE_ZONE)
            assert one.at == began.at or (local.hour, local.minute, local.second) == (0, 0, 0)
    if changes and changes[-1].kind not in ("met", "dropped"):
        last = changes[-1]
        is_late = now >= midnight(last.due_on + timedelta(days=1))
        anew = max(one.turn for one in changes if one.kind in ("set", "reopened"))
        assert is_late <= any(one.kind == "overdue" and one.turn >= anew for one in history)


@pytest.fixture
def walked(sqlite_app: Flask) -> tuple[Flask, Field]:
    with sqlite_app.app_context():
        seed_calendar()
        return sqlite_app, build_field()
