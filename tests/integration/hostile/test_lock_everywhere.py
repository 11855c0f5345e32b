"""Every way we know of writing to an entered sheet; each is refused, and nothing changes.

Raw statements go through a connection of their own, without the application's pragmas: a foreign
console has neither its foreign keys nor its recursive triggers. Out of reach of any trigger, and
so not in this list: DROP TRIGGER and the file itself.
"""

from __future__ import annotations

import json
import sqlite3
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import create_engine, delete, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from server.db import db, scope_to, unit_of_work
from server.fieldsync import service as fieldsync
from server.fieldsync.models import Entity
from server.inspections import service as inspections
from server.inspections.models import Inspection, Sheet
from server.results.models import SheetVersion
from tests.conftest import COUNTY, ON_SQLITE, Beginning
from tests.integration.builders import PASSWORD, Field
from tests.integration.fieldsync.day import attach, enter, make_jpeg, sign, submit
from tests.integration.fieldsync.entered import ENTERED, who_entered
from tests.integration.fieldsync.phone import Phone, new_id

pytestmark = pytest.mark.both

Make = Callable[[str], Phone]
KEPT = ("sheets", "sheet_versions", "sheet_cosigners", "inspections", "ledger", "entities")
OF_SHEET = "(SELECT id FROM sheets WHERE code = 'tr')"
ANSWER = "type = 'answer' AND id = 'answer:tr/PAX-01'"
ENTITY = "space, id, type, seq, sheet_id, fields, heads, siblings, is_gone, jurisdiction_id"
SHEET_COPY = (
    "SELECT id, jurisdiction_id, inspection_id, department_id, code, lists, 'open', return_reason, "
    "results FROM sheets WHERE code = 'tr'"
)
SHEET_COLUMNS = (
    "id, jurisdiction_id, inspection_id, department_id, code, lists, state, return_reason, results"
)


@pytest.fixture
def beginning(request: pytest.FixtureRequest) -> Beginning:
    return ENTERED if "locked" in request.fixturenames else COUNTY


@pytest.fixture
def locked(app: Flask, field: Field, phone: Make) -> tuple[Phone, Phone]:
    """A day up to the lock: the officer who entered, the lead. The county's other sheet (mr) has
    an answer and stays open."""
    wang, lead = who_entered(ENTERED, app, field), phone("lead")
    zhao = phone("zhao")
    zhao.set("mr/MR-01", {"value": "pass"})
    assert zhao.results()[0]["status"] == "applied"
    return wang, lead


def dump(app: Flask) -> dict[str, list[Any]]:
    """What must not change: every row of the tables the lock is about, and the audit log."""
    with app.app_context():
        found = {}
        for table in (*KEPT, "audit_events"):
            rows = db.session.execute(text(f"SELECT * FROM {table}"))
            found[table] = sorted(json.dumps(list(row), default=str) for row in rows)
        db.session.rollback()
        return found


@contextmanager
def console(app: Flask) -> Iterator[Any]:
    """A connection nobody prepared: no foreign keys, no recursive triggers, autocommit off."""
    with app.app_context():
        url = db.engine.url
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


# Statements that both databases understand. {open} is the sheet of mr, still open.
EVERYWHERE = {
    "sheet back to open": "UPDATE sheets SET state = 'open' WHERE code = 'tr'",
    "sheet back to accepted": "UPDATE sheets SET state = 'accepted' WHERE code = 'tr'",
    "every sheet returned at once": "UPDATE sheets SET state = 'returned'",
    "sheet deleted": "DELETE FROM sheets WHERE code = 'tr'",
    "results": "UPDATE sheets SET results = '{\"PAX-01\": 5}' WHERE code = 'tr'",
    "result code": "UPDATE sheets SET result_code = 5 WHERE code = 'tr'",
    "result code of all": "UPDATE sheets SET result_code = 8",
    "who entered": "UPDATE sheets SET entered_by = NULL WHERE code = 'tr'",
    "when entered": "UPDATE sheets SET entered_at = '2020-01-01 00:00:00' WHERE code = 'tr'",
    "day of the visit": "UPDATE sheets SET ended_on = '2026-01-01' WHERE code = 'tr'",
    "sheet to another department": (
        "UPDATE sheets SET department_id = (SELECT department_id FROM sheets WHERE code = 'mr') "
        "WHERE code = 'tr'"
    ),
    "sheet to another code": "UPDATE sheets SET code = 'xx' WHERE code = 'tr'",
    "sheet to another id": "UPDATE sheets SET id = 9999 WHERE code = 'tr'",
    "lists of items": "UPDATE sheets SET lists = '[]' WHERE code = 'tr'",
    "result and state together": (
        "UPDATE sheets SET state = 'published', result_code = 5 WHERE code = 'tr'"
    ),
    "answer changed": 'UPDATE entities SET fields = \'{"value": "fail"}\' WHERE ' + ANSWER,
    "heads changed": "UPDATE entities SET heads = '{}' WHERE " + ANSWER,
    "sibling slipped in": "UPDATE entities SET siblings = '[1]' WHERE " + ANSWER,
    "all evidence changed": "UPDATE entities SET fields = '{}' WHERE type <> 'assignment'",
    "answer marked gone": f"UPDATE entities SET is_gone = {{true}} WHERE {ANSWER}",
    "answer deleted": "DELETE FROM entities WHERE " + ANSWER,
    "signatures deleted": "DELETE FROM entities WHERE type = 'signature'",
    "check-ins deleted": "DELETE FROM entities WHERE type = 'checkin'",
    "everything deleted": "DELETE FROM entities",
    "answer to no sheet": f"UPDATE entities SET sheet_id = NULL WHERE {ANSWER}",
    "answer to the open sheet": f"UPDATE entities SET sheet_id = {{open}} WHERE {ANSWER}",
    "answer to another space": f"UPDATE entities SET space = {{user}} WHERE {ANSWER}",
    "answer to another name": f"UPDATE entities SET id = 'answer:tr/PAX-99' WHERE {ANSWER}",
    "answer to another type": f"UPDATE entities SET type = 'note' WHERE {ANSWER}",
    "open answer into the locked sheet": (
        f"UPDATE entities SET sheet_id = {OF_SHEET} WHERE id = 'answer:mr/MR-01'"
    ),
    "answer added": (
        f"INSERT INTO entities ({ENTITY}) SELECT space, 'answer:tr/PAX-98', type, seq, sheet_id, "
        f"fields, heads, siblings, is_gone, jurisdiction_id FROM entities WHERE {ANSWER}"
    ),
    "answer added without a sheet": (
        f"INSERT INTO entities ({ENTITY}) SELECT space, 'answer:tr/PAX-97', type, seq, NULL, "
        f"fields, heads, siblings, is_gone, jurisdiction_id FROM entities WHERE {ANSWER}"
    ),
    "answer added under the open sheet": (
        f"INSERT INTO entities ({ENTITY}) SELECT space, 'answer:tr/PAX-96', type, seq, {{open}}, "
        f"fields, heads, siblings, is_gone, jurisdiction_id FROM entities WHERE {ANSWER}"
    ),
    "answer by upsert": (
        f"INSERT INTO entities ({ENTITY}) SELECT {ENTITY} FROM entities WHERE {ANSWER} "
        "ON CONFLICT (space, id) DO UPDATE SET fields = '{}'"
    ),
    "sheet by upsert": (
        f"INSERT INTO sheets ({SHEET_COLUMNS}) {SHEET_COPY} "
        "ON CONFLICT (inspection_id, code) DO UPDATE SET state = 'open'"
    ),
    "sheet's row back to open": (
        "UPDATE entities SET fields = '{\"state\": \"open\"}' WHERE id = 'sheet:tr'"
    ),
    "sheet's row without state": "UPDATE entities SET fields = '{}' WHERE id = 'sheet:tr'",
    "sheet's row with other results": (
        'UPDATE entities SET fields = \'{"state": "entered", "result": 5}\' WHERE id = \'sheet:tr\''
    ),
    "sheet's row marked gone": "UPDATE entities SET is_gone = {true} WHERE id = 'sheet:tr'",
    "sheet's row deleted": "DELETE FROM entities WHERE id = 'sheet:tr'",
    "visit to another firm": "UPDATE inspections SET firm_id = firm_id + 1",
    "visit to another number": "UPDATE inspections SET number = 'X'",
    "visit deleted": "DELETE FROM inspections",
    "version changed": "UPDATE sheet_versions SET content = '{}'",
    "version deleted": "DELETE FROM sheet_versions",
    "ledger changed": "UPDATE ledger SET effect = '[]'",
    "ledger line deleted": "DELETE FROM ledger WHERE space_seq = 1",
    "receipt changed": "UPDATE receipts SET payload = '{}'",
    "receipt held again": "UPDATE receipts SET status = 'held'",
    "receipt deleted": "DELETE FROM receipts",
    "audit event changed": "UPDATE audit_events SET action = 'nothing'",
    "audit event deleted": "DELETE FROM audit_events",
}
# SQLite's REPLACE removes rows without asking DELETE triggers.
REPLACING = {
    "sheet by id": f"INSERT OR REPLACE INTO sheets ({SHEET_COLUMNS}) {SHEET_COPY}",
    "sheet by REPLACE INTO": f"REPLACE INTO sheets ({SHEET_COLUMNS}) {SHEET_COPY}",
    "sheet by inspection and code": (
        f"INSERT OR REPLACE INTO sheets ({SHEET_COLUMNS}) "
        + SHEET_COPY.replace("SELECT id", "SELECT 9999")
    ),
    "sheet pushed out by id": (f"UPDATE OR REPLACE sheets SET id = {OF_SHEET} WHERE code = 'mr'"),
    "sheet pushed out by code": "UPDATE OR REPLACE sheets SET code = 'tr' WHERE code = 'mr'",
    "answer by key": (
        f"INSERT OR REPLACE INTO entities ({ENTITY}) SELECT space, id, 'note', seq, NULL, '{{}}', "
        f"'{{}}', '[]', 0, jurisdiction_id FROM entities WHERE {ANSWER}"
    ),
    "answer by rowid": (
        f"INSERT OR REPLACE INTO entities (rowid, {ENTITY}) SELECT rowid, space, 'note:1', 'note', "
        f"seq, NULL, '{{}}', '{{}}', '[]', 0, jurisdiction_id FROM entities WHERE {ANSWER}"
    ),
    "answer pushed out by key": (
        "UPDATE OR REPLACE entities SET id = 'answer:tr/PAX-01', type = 'note', sheet_id = NULL "
        "WHERE id = 'answer:mr/MR-01'"
    ),
    "answer pushed out by rowid": (
        f"UPDATE OR REPLACE entities SET rowid = (SELECT rowid FROM entities WHERE {ANSWER}) "
        "WHERE id = 'answer:mr/MR-01'"
    ),
    "sheet's row by key": (
        f"INSERT OR REPLACE INTO entities ({ENTITY}) SELECT space, id, type, seq, sheet_id, "
        '\'{"state": "open"}\', heads, siblings, is_gone, jurisdiction_id '
        "FROM entities WHERE id = 'sheet:tr'"
    ),
    "visit": "INSERT OR REPLACE INTO inspections SELECT * FROM inspections",
    "version by id": ("INSERT OR REPLACE INTO sheet_versions SELECT * FROM sheet_versions"),
    "ledger line by id": "INSERT OR REPLACE INTO ledger SELECT * FROM ledger",
    "ledger line by number": (
        "INSERT OR REPLACE INTO ledger (jurisdiction_id, space, space_seq, op, effect, at) "
        "SELECT jurisdiction_id, space, space_seq, op, '[]', at FROM ledger"
    ),
    "receipt": "INSERT OR REPLACE INTO receipts SELECT * FROM receipts",
    "audit event": "INSERT OR REPLACE INTO audit_events SELECT * FROM audit_events",
}


def refuse_all(app: Flask, field: Field, statements: dict[str, str]) -> None:
    """Each statement is refused by a trigger of ours, by name, and all together change nothing."""
    before = dump(app)
    with app.app_context():
        is_sqlite = db.engine.dialect.name == "sqlite"
    places = {
        "{true}": "1" if is_sqlite else "true",
        "{open}": str(field.sheet_ids["mr"]),
        "{user}": f"'user:{field.people['wang']}'",
    }
    with console(app) as connection:
        for name, statement in statements.items():
            for place, value in places.items():
                statement = statement.replace(place, value)
            with pytest.raises(DBAPIError) as caught:
                connection.exec_driver_sql(statement)
                connection.commit()
                pytest.fail(f"{name}: went through")
            connection.rollback()
            told = str(caught.value.orig)
            assert any(word in told for word in ("locked", "append_only", "no_sheet")), (name, told)
    assert dump(app) == before


@pytest.mark.proves("I3", "F32")
def test_no_statement_of_a_console_reaches_an_entered_sheet(
    app: Flask, field: Field, locked: tuple[Phone, Phone]
) -> None:
    refuse_all(app, field, EVERYWHERE)


@ON_SQLITE
def test_replace_does_not_delete_past_the_lock(
    app: Flask, field: Field, locked: tuple[Phone, Phone]
) -> None:
    refuse_all(app, field, REPLACING)


@ON_SQLITE
def test_the_applications_own_connections_ask_delete_triggers_on_replace(app: Flask) -> None:
    with app.app_context():
        assert db.session.execute(text("PRAGMA recursive_triggers")).scalar() == 1


def test_what_is_not_locked_can_still_be_written(
    app: Flask, field: Field, locked: tuple[Phone, Phone]
) -> None:
    allowed = (
        "UPDATE sheets SET state = 'published', published_at = '2026-03-05 01:00:00' "
        "WHERE code = 'tr'",
        "UPDATE sheets SET return_reason = 'x' WHERE code = 'mr'",
        "UPDATE entities SET siblings = '[]' WHERE id = 'answer:mr/MR-01'",
        "UPDATE inspections SET planned_on = '2026-04-01'",
        "DELETE FROM entities WHERE id = 'answer:mr/MR-01'",
    )
    with console(app) as connection:
        for statement in allowed:
            assert connection.exec_driver_sql(statement).rowcount == 1, statement
        connection.commit()
    after_publication = (
        "UPDATE sheets SET state = 'entered' WHERE code = 'tr'",
        "UPDATE sheets SET published_at = NULL WHERE code = 'tr'",
        "UPDATE sheets SET result_code = 5 WHERE code = 'tr'",
        "UPDATE entities SET fields = '{}' WHERE " + ANSWER,
    )
    refuse_all(app, field, {one: one for one in after_publication})


def test_the_orm_is_refused_object_by_object_and_in_bulk(
    app: Flask, field: Field, locked: tuple[Phone, Phone]
) -> None:
    before = dump(app)
    sheet_id = field.sheet_ids["tr"]

    def by_object() -> None:
        db.session.get_one(Sheet, sheet_id).state = "open"

    def by_results() -> None:
        db.session.get_one(Sheet, sheet_id).results = {"PAX-01": 5}

    def by_delete() -> None:
        db.session.delete(db.session.get_one(Sheet, sheet_id))

    def by_bulk() -> None:
        db.session.execute(update(Sheet).values(state="open"))

    def by_bulk_delete() -> None:
        db.session.execute(delete(Entity).where(Entity.sheet_id == sheet_id))

    def by_entity() -> None:
        entity = db.session.get_one(Entity, (field.space, "answer:tr/PAX-01"))
        entity.fields = {"value": "fail"}

    def by_new_row() -> None:
        db.session.add(
            Entity(
                space=field.space, id="signature:" + str(uuid.uuid4()), type="signature", seq=999,
                sheet_id=sheet_id, fields={}, heads={}, siblings=[],
                jurisdiction_id=field.jurisdiction_id,
            )
        )  # fmt: skip

    def by_merge() -> None:
        db.session.merge(
            Entity(
                space=field.space, id="answer:tr/PAX-01", type="answer", seq=999,
                sheet_id=sheet_id, fields={}, heads={}, siblings=[],
                jurisdiction_id=field.jurisdiction_id,
            )
        )  # fmt: skip

    def by_version() -> None:
        db.session.scalars(db.select(SheetVersion)).one().content = "{}"

    def by_visit() -> None:
        db.session.scalars(db.select(Inspection)).one().number = "other"

    for write in (
        by_object, by_results, by_delete, by_bulk, by_bulk_delete, by_entity, by_new_row, by_merge,
        by_version, by_visit,
    ):  # fmt: skip
        with app.app_context():
            scope_to(None)
            with pytest.raises((IntegrityError, OperationalError)), unit_of_work():
                write()
                db.session.flush()
            db.session.remove()
        assert dump(app) == before, write.__name__


def _late(phone: Phone) -> list[dict[str, Any]]:
    """One operation of every kind that writes, each with another value than the entered one."""
    for known in ("answer:tr/PAX-01", "answer:tr/PAX-03"):
        assert phone.row(known)
    head = phone.row("answer:tr/PAX-01")["heads"]["value"]
    return [
        phone.set("PAX-01", {"value": "fail"}, {"value": head}),
        phone.set("PAX-01", {"note": "later"}),
        phone.set("PAX-03", {"value": "其他"}),
        attach(phone, "PAX-01", make_jpeg(colour="red")),
        sign(phone, "firm", "某人"),
        phone.make(
            "checkin.add",
            f"checkin:{uuid.uuid4()}",
            {"sheet": "tr", "officer_id": phone.field.officers["wang"], "place": None},
        ),
        submit(phone, "2026-03-01"),
        enter(phone, {"PAX-01": 5, "PAX-02": 1, "PAX-03": 1}),
    ]


@pytest.mark.parametrize(
    ("who", "state"),
    [("wang", "entered"), ("zhao", "entered"), ("lead", "entered"), ("li", "published")],
)
@pytest.mark.proves("I3 I4 I12 I21", "F5 F15 F34")
def test_no_push_of_anybody_changes_it_and_nothing_is_thrown_away(
    app: Flask, field: Field, phone: Make, locked: tuple[Phone, Phone], who: str, state: str
) -> None:
    wang, _lead = locked
    wang.pull()
    if state == "published":
        with app.app_context(), unit_of_work():
            scope_to(None)
            sheet = db.session.get_one(Sheet, field.sheet_ids["tr"])
            sheet.state = "published"
    other = phone(who)
    other.rows = dict(wang.rows)
    ops = _late(other)
    ops.append(other.make("sheet.accept", "sheet:tr"))
    ops.append(other.make("sheet.return", "sheet:tr", {"reason": "再来一次"}))
    before = dump(app)
    told = other.results(ops)
    for op, one in zip(ops, told, strict=True):
        assert one["status"] in {"rejected_locked", "forbidden", "merged", "invalid"}, (op, one)
        assert one.get("error", {}).get("code") != "server.error", one
        if one["status"] in {"rejected_locked", "forbidden"}:
            assert one["proposal"], one
    again = other.results(ops)
    assert [one["status"] for one in again] == [one["status"] for one in told]
    assert all(one["replay"] for one in again)
    after = dump(app)
    for table in ("sheets", "sheet_versions", "inspections"):
        assert after[table] == before[table]
    assert set(before["entities"]) <= set(after["entities"])
    assert set(before["ledger"]) <= set(after["ledger"])
    new = [json.loads(row) for row in set(after["entities"]) - set(before["entities"])]
    assert {row[2] for row in new} <= {"proposal", "notice"}, "only proposals were added"


@pytest.mark.proves("I2 I3 I21", "F2 F4 F5 F9")
def test_the_same_operation_again_and_its_lookalike_change_nothing(
    app: Flask, field: Field, phone: Make, locked: tuple[Phone, Phone]
) -> None:
    wang, _lead = locked
    before = dump(app)
    entry = wang.queue[-1]
    assert entry["kind"] == "sheet.enter"
    first = wang.result(entry)
    assert (first["status"], first["replay"]) == ("applied", True)
    twisted = {**entry, "fields": {"results": {"PAX-01": 5, "PAX-02": 1, "PAX-03": 1}}}
    told = wang.result(twisted)
    assert (told["status"], told["error"]["code"]) == ("invalid", "op.id_reuse")
    fresh = {**entry, "op": new_id(), "seq": entry["seq"] + 1}
    assert wang.result(fresh)["status"] == "merged"
    after = dump(app)
    for table in (*KEPT[:4], "entities"):
        assert after[table] == before[table], table


def test_no_desk_operation_changes_it(
    app: Flask, field: Field, locked: tuple[Phone, Phone]
) -> None:
    before = dump(app)
    space, tr = field.space, "sheet:tr"
    tries: list[tuple[str, str, str, dict[str, Any]]] = [
        ("wang", "answer.set", "answer:tr/PAX-01", {"value": "fail"}),
        ("lead", "sheet.return", tr, {"reason": "再来"}),
        ("lead", "sheet.accept", tr, {}),
        ("wang", "sheet.submit", tr, {"ended_on": "2026-03-01"}),
        ("wang", "sheet.enter", tr, {"results": {"PAX-01": 5, "PAX-02": 1, "PAX-03": 1}}),
    ]
    for who, kind, entity, fields in tries:
        with app.app_context():
            scope_to(field.jurisdiction_id)
            more = {"digest": "0" * 64, "seen": {}} if kind == "sheet.enter" else {}
            try:
                outcome = fieldsync.perform_office_op(
                    field.actor(who), space=space, kind=kind, entity=entity, fields=fields, **more
                )
            except Exception as error:
                assert getattr(error, "code", "") in {"access.denied", "sheet.locked"}, error
            else:
                kind_of = type(outcome).__name__
                assert kind_of in {"RejectedLocked", "Merged", "Invalid", "Conflict"}, kind_of
            db.session.remove()
    with app.app_context():
        scope_to(field.jurisdiction_id)
        for act in (
            lambda: inspections.accept_sheet(field.actor("lead"), field.inspection_id, "tr"),
            lambda: inspections.return_sheet(field.actor("lead"), field.inspection_id, "tr", "x"),
        ):
            try:
                act()
            except Exception as error:
                assert getattr(error, "code", "").startswith("sheet."), error
    after = dump(app)
    for table in ("sheets", "sheet_versions", "inspections"):
        assert after[table] == before[table]
    assert set(before["entities"]) <= set(after["entities"])


def test_rows_written_by_the_office_do_not_reach_it(
    app: Flask, field: Field, locked: tuple[Phone, Phone]
) -> None:
    from tests.conftest import START

    before = dump(app)
    rows = [
        fieldsync.RowWrite("answer", "answer:tr/PAX-01", {"value": "fail"}, field.sheet_ids["tr"]),
        fieldsync.RowWrite("answer", "answer:tr/PAX-01", {"value": "fail"}),
        fieldsync.RowWrite("sheet", "sheet:tr", {"state": "open"}),
        fieldsync.RowWrite("answer", "answer:tr/PAX-01", {}, field.sheet_ids["tr"], gone=True),
    ]
    for row in rows:
        with app.app_context():
            scope_to(field.jurisdiction_id)
            with pytest.raises((IntegrityError, ValueError)):
                fieldsync.write_rows(
                    jurisdiction_id=field.jurisdiction_id, space=field.space, kind="office.write",
                    person_id=field.people["office"], rows=[row], at=START,
                )  # fmt: skip
            db.session.remove()
        assert dump(app) == before, row


def test_the_page_offers_no_way_back(app: Flask, field: Field, locked: tuple[Phone, Phone]) -> None:
    before = dump(app)
    for who in ("wang", "lead", "office"):
        client = app.test_client()
        app.config["WTF_CSRF_ENABLED"] = False
        client.post("/sign-in", data={"account": who, "password": PASSWORD})
        base = f"/inspections/{field.inspection_id}"
        for path, data in (
            (f"{base}/tr/accept", {}),
            (f"{base}/tr/return", {"reason": "再来一次"}),
            (f"{base}/tr/enter", {"result-PAX-01": "5", "seen_content": "0" * 64}),
        ):
            answer = client.post(path, data=data)
            assert answer.status_code in {302, 403, 409, 422}, (who, path, answer.status_code)
    app.config["WTF_CSRF_ENABLED"] = True
    after = dump(app)
    for table in KEPT:
        assert after[table] == before[table], table


def test_a_trigger_speaks_the_catalogues_code(
    app: Flask, field: Field, locked: tuple[Phone, Phone]
) -> None:
    """sqlite3 and psycopg both say which fault it was; ``server.errors`` answers 409 with it."""
    with console(app) as connection:
        with pytest.raises(DBAPIError) as caught:
            connection.exec_driver_sql("UPDATE sheets SET state = 'open' WHERE code = 'tr'")
        connection.rollback()
    assert "sheet.locked" in str(caught.value.orig)
    assert isinstance(caught.value, IntegrityError)
    assert sqlite3.sqlite_version_info > (3, 38), "json_extract is part of SQLite"
