"""A button tapped twice, by one or by two at the same moment: done once, and nobody is told that
it failed."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from domain.errors import Fault
from domain.pauses import Span
from server.audit.models import AuditEvent
from server.db import db, scope_to
from server.deadlines import pauses
from server.deadlines.calendar import load_calendar, seed_calendar
from server.deadlines.models import CalendarNotice, TermPause
from server.deadlines.notices import import_notice, preview_notice
from server.deadlines.reminding import remind_of
from server.notifications.reminder_models import Reminder
from tests.conftest import Clock
from tests.integration.builders import PASSWORD, Field, build_field
from tests.integration.deadlines.test_notices import FLOOD, NEW_YEAR, read_notice_file
from tests.integration.deadlines.test_term_events import HANDED_IN, PDF, at
from tests.integration.fieldsync.test_at_once import at_once
from tests.integration.inspections.visit import fill, submit


@pytest.fixture
def field(app: Flask, clock: Clock) -> Iterator[Field]:
    """A joint visit that ended on 4 March and was handed in by tr."""
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        seed_calendar()
        made = build_field()
        clock.at = HANDED_IN
        fill(made)
        submit(made)
        db.session.remove()
        yield made


def test_two_taps_at_once_remind_ask_approve_and_import_once(
    app: Flask, field: Field, clock: Clock
) -> None:
    clock.at = at(3, 9, 9)

    def twice(deed: Callable[[], object], other: Callable[[], object] | None = None) -> list[str]:
        """What each of two is answered: a code where it was refused."""

        def run(one: Callable[[], object]) -> str:
            with app.app_context():
                scope_to(field.jurisdiction_id)
                try:
                    return str(one())
                except Fault as refused:
                    return refused.code

        db.session.remove()
        told = at_once(lambda: run(deed), lambda: run(other or deed))
        db.session.remove()
        return sorted(told)

    sheet = field.sheet_ids["tr"]
    written = twice(lambda: remind_of(field.actor("office"), [sheet]).written)
    assert written == ["0", "1"]
    assert len(db.session.scalars(select(Reminder).where(Reminder.kind == "asked")).all()) == 1

    def ask() -> object:
        proof = pauses.Evidence(io.BytesIO(PDF), "送检单.pdf")
        span = Span(date(2026, 3, 9), date(2026, 3, 13))
        return pauses.request_pause(
            field.actor("office"), field.inspection_id, "testing", "送检", span, proof
        ).id

    assert twice(ask) == ["1", "pause.open"]
    head = field.actor("head")
    assert twice(
        lambda: pauses.approve_pause(head, 1, PASSWORD, "").state,
        lambda: pauses.refuse_pause(head, 1, "材料不全").state,
    ) in (["approved", "pause.wrong_state"], ["pause.wrong_state", "refused"])
    assert len(db.session.scalars(select(TermPause)).all()) == 1

    def load(text: str, document: str) -> Callable[[], object]:
        days, office = read_notice_file(text.encode()), field.actor("office")
        mark = preview_notice(office, days).mark
        return lambda: import_notice(office, days, document, text, mark).id

    for text, document in ((FLOOD, "1号"), (NEW_YEAR, "2号"), (NEW_YEAR, "3号")):
        first, second = twice(load(text, document))
        assert first == second, document
    assert len(db.session.scalars(select(CalendarNotice)).all()) == 3
    deeds = db.session.scalars(select(AuditEvent.action)).all()
    for deed in ("deadline.reminded", "pause.requested"):
        assert deeds.count(deed) == 1, deed
    assert deeds.count("calendar.imported") == 3
    assert load_calendar().is_known_year(2027)
