"""A notice on days off is looked at, imported, and moves what is still open (R074–R076)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from domain.access import Actor, Role
from domain.calendar_notices import read_notice_file
from domain.errors import Fault
from server.accounts.models import Jurisdiction
from server.audit.models import AuditEvent
from server.db import db, scope_to, unit_of_work
from server.deadlines import notices, service
from server.deadlines.calendar import load_calendar, seed_calendar
from server.deadlines.models import DueDateMove, KeptDueDate
from server.deadlines.notices import import_notice, list_notices, preview_notice
from server.fieldsync.models import Entity
from server.inspections import service as inspections
from server.inspections.models import Inspection, Sheet
from server.runtime import SITE_ZONE
from server.settings import service as settings
from tests.conftest import Clock
from tests.integration.builders import Field, build_field
from tests.integration.fieldsync.test_at_once import at_once

# Two days off and one make-up Saturday in the middle of March 2026, beside the real National Day.
FLOOD = "date,kind,name\n2026-03-09,holiday,抗洪\n2026-03-10,holiday,抗洪\n2026-03-14,makeup,抗洪\n"
NEW_YEAR = (
    "date,kind,name\n2026-12-27,makeup,元旦\n2027-01-01,holiday,元旦\n2027-10-01,holiday,国庆节\n"
)
END = date(2026, 3, 4)
DUE = date(2026, 4, 1)  # the twentieth working day
ENTERED_AT = datetime(2026, 3, 20, 10, 0, tzinfo=SITE_ZONE)


@pytest.fixture
def field(sqlite_app: Flask) -> Iterator[Field]:
    with sqlite_app.app_context():
        yield begin()


@pytest.fixture
def on_both(app: Flask) -> Iterator[Field]:
    """The same on SQLite and on PostgreSQL."""
    with app.app_context():
        yield begin()


def begin(end: date = END) -> Field:
    """The joint visit ended; the market supervision has entered its sheet, transport has not."""
    made = build_field()
    seed_calendar()
    scope_to(made.jurisdiction_id)
    end_visit(made, end)
    with unit_of_work() as work:
        sheet = work.get_one(Sheet, made.sheet_ids["mr"])
        sheet.state, sheet.entered_at = "entered", ENTERED_AT
        sheet.entered_by = made.people["zhao"]
    return made


def end_visit(made: Field, day: date) -> None:
    with unit_of_work() as work:
        work.get_one(Inspection, made.inspection_id).ended_on = day
        for sheet_id in made.sheet_ids.values():
            work.get_one(Sheet, sheet_id).ended_on = day


def import_text(
    text: str, actor: Actor | None = None, document: str = "国办发明电〔2026〕1号"
) -> int:
    return import_notice(actor, read_notice_file(text.encode()), document, text).id


def due_dates(made: Field) -> dict[str, tuple[date | None, bool]]:
    """By department, as the visit's page shows them."""
    db.session.expire_all()
    visit = inspections.get_inspection(made.actor("office"), made.inspection_id)
    due = inspections.due_of_sheets([visit])
    return {sheet.code: (due[sheet.id].due, due[sheet.id].is_provisional) for sheet in visit.sheets}


def board(made: Field, person: str = "office") -> dict[str, date]:
    rows = service.list_board(made.actor(person))
    return {row.sheet.department_code: row.due.due for row in rows if row.due}


def on_phones(made: Field) -> tuple[str, bool]:
    db.session.expire_all()
    query = select(Entity).where(Entity.space == made.space, Entity.type == "inspection")
    fields = db.session.scalars(query).one().fields
    return fields["due_on"], fields["is_provisional"]


def test_a_lead_who_sees_one_part_of_a_joint_visit_is_told_the_shortest_term_of_all(
    field: Field,
) -> None:
    with unit_of_work() as work:
        county = work.get_one(Jurisdiction, field.jurisdiction_id)
        county.settings = {"entry.working_days_by_department": {"mr": 10}}
    shortest = date(2026, 3, 18)
    assert board(field) == {"tr": shortest, "mr": shortest}
    assert board(field, "lead") == {"tr": shortest}


@pytest.mark.both
def test_notice_moves_what_is_open_and_keeps_what_was_met(on_both: Field) -> None:
    field = on_both
    assert board(field) == {"tr": DUE, "mr": DUE}
    notice = import_text(FLOOD, field.actor("office"))
    moved = date(2026, 4, 2)  # two days off and one made up
    assert due_dates(field) == {"tr": (moved, False), "mr": (DUE, False)}
    assert board(field) == {"tr": moved, "mr": DUE}
    (move,) = db.session.scalars(select(DueDateMove))
    assert (move.notice_id, move.old_on, move.new_on, move.sheet_id) == (
        notice, DUE, moved, field.sheet_ids["tr"],
    )  # fmt: skip
    (kept,) = db.session.scalars(select(KeptDueDate))
    assert (kept.sheet_id, kept.due_on) == (field.sheet_ids["mr"], DUE)
    assert on_phones(field) == (moved.isoformat(), False)
    event = db.session.scalars(
        select(AuditEvent).where(AuditEvent.action == "calendar.imported")
    ).one()
    assert event.details["document_no"] == "国办发明电〔2026〕1号" and event.details["moved"] == 1
    assert event.person_id == field.people["office"]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_setting_saved_at_once_with_a_notice_keeps_a_met_day_once(
    app: Flask, on_both: Field, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The notice has begun when the setting is saved; on SQLite one waits for the other."""
    field, saved = on_both, list[object]()
    admin = replace(field.actor("office"), roles=frozenset({Role.ADMIN}))

    def save() -> None:
        with app.app_context():
            scope_to(field.jurisdiction_id)
            settings.save(admin, {"entry.working_days": "10"}, 0)

    def after_the_setting() -> int:
        if not saved:
            saved.append(at_once(save))
        return service.advance()

    monkeypatch.setattr(notices, "advance", after_the_setting)
    import_text(FLOOD)
    (kept,) = db.session.scalars(select(KeptDueDate))
    assert (kept.sheet_id, kept.due_on) == (field.sheet_ids["mr"], DUE)
    assert due_dates(field)["tr"] == (date(2026, 3, 19), False), "counted by both"


def test_met_deadline_keeps_its_first_day_through_a_second_notice(field: Field) -> None:
    import_text(FLOOD)
    again = "date,kind,name\n2026-03-11,holiday,抗洪\n2026-03-12,holiday,抗洪\n"
    import_text(again)
    assert due_dates(field) == {"tr": (date(2026, 4, 7), False), "mr": (DUE, False)}
    assert len(list_notices()) == 2
    assert [move.old_on for move in db.session.scalars(select(DueDateMove).order_by("id"))] == [
        DUE, date(2026, 4, 2),
    ]  # fmt: skip


def test_same_notice_again_moves_nothing(field: Field) -> None:
    import_text(FLOOD)
    before = due_dates(field)
    preview = preview_notice(field.actor("office"), read_notice_file(FLOOD.encode()))
    assert (preview.changed, preview.moves) == (0, [])
    second = import_text(FLOOD)
    assert due_dates(field) == before
    assert not list(db.session.scalars(select(DueDateMove).where(DueDateMove.notice_id == second)))


def test_provisional_due_date_becomes_certain_with_the_years_notice(sqlite_app: Flask) -> None:
    with sqlite_app.app_context():
        make_certain(begin(date(2026, 12, 10)))


def make_certain(field: Field) -> None:
    assert due_dates(field)["tr"] == (date(2027, 1, 7), True)
    assert due_dates(field)["mr"][1] is False  # met: nothing of it is open any more
    preview = preview_notice(field.actor("office"), read_notice_file(NEW_YEAR.encode()))
    assert (preview.years, preview.moving, preview.confirmed, preview.kept) == ([2027], 0, 1, 0)
    assert load_calendar().known_years.isdisjoint({2027})  # nothing is stored by looking
    import_text(NEW_YEAR)
    # one working day less in January, one more in December
    assert due_dates(field)["tr"] == (date(2027, 1, 7), False)
    (move,) = db.session.scalars(select(DueDateMove))
    assert (move.was_provisional, move.is_provisional) == (True, False)
    assert on_phones(field) == ("2027-01-07", False)


def test_import_that_fails_leaves_calendar_and_due_dates_as_they_were(
    field: Field, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object) -> None:
        raise RuntimeError("the last step")

    before = load_calendar()
    monkeypatch.setattr("server.deadlines.notices.publish_due_dates", fail)
    with pytest.raises(RuntimeError):
        import_text(FLOOD)
    db.session.rollback()
    assert load_calendar() == before and load_calendar().names == before.names
    assert list_notices() == [] and due_dates(field)["tr"] == (DUE, False)


def test_notice_without_a_number_or_of_an_older_calendar_is_refused(field: Field) -> None:
    office, days = field.actor("office"), read_notice_file(FLOOD.encode())
    mark = preview_notice(office, days).mark
    import_text(NEW_YEAR)
    for document, seen, code in (
        (" ", mark, "calendar.document_missing"),
        ("字" * 61, mark, "calendar.document_missing"),
        ("1号", mark, "calendar.changed_meanwhile"),
    ):
        with pytest.raises(Fault) as refused:
            import_notice(office, days, document, "", seen)
        assert refused.value.code == code
    with pytest.raises(Fault) as denied:
        import_notice(field.actor("lead"), days, "1号", "")
    assert denied.value.code == "access.denied"
    assert len(list_notices()) == 1


def test_state_turns_at_midnight_in_shanghai(field: Field, clock: Clock) -> None:
    def states() -> dict[str, tuple[str, int | None]]:
        rows = service.list_board(field.actor("office"))
        return {row.sheet.department_code: (str(row.state), row.days_left) for row in rows}

    clock.at = datetime(2026, 4, 1, 15, 59, 59, tzinfo=UTC)
    assert states()["tr"] == ("due_today", 0)
    clock.at += timedelta(seconds=1)
    assert states()["tr"] == ("overdue", -1)
    # entered in the last second of the due date, and in the first after it
    for at, state in ((clock.at - timedelta(seconds=1), "met"), (clock.at, "met_late")):
        with unit_of_work() as work:
            work.get_one(Sheet, field.sheet_ids["tr"]).entered_at = at
        assert states()["tr"][0] == state
