"""Every way of writing that the code itself can list, tried on an entered and corrected sheet: each
column of each locked table, each kind of operation, each route. A new one is tried by itself, and
is refused or leaves every row as it was.

Ways that have to be thought of one by one are in ``test_lock_everywhere``.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError
from werkzeug.routing import Rule

from domain.canonical import canonical_json
from server.db import Base, db, scope_to, unit_of_work
from server.deadlines.material_models import (
    MaterialHandover,
    MaterialSheet,
    MaterialWithdrawal,
)
from server.inspections.models import Sheet
from server.reports.models import Report, ReportEntry, SummaryPart, SummaryPartReturn
from server.reports.parts import count_part
from server.runtime import now
from server.schema import LockOpen, missing_lock, upgrade_schema
from server.training.models import Training, TrainingAttendee
from sync.operation import Kind
from tests.conftest import COUNTY, ON_SQLITE, Beginning
from tests.integration.accounts.test_every_route import client_of
from tests.integration.builders import PASSWORD, Field
from tests.integration.corrections.conftest import field as field
from tests.integration.corrections.desk import SIGNED, ask, decide
from tests.integration.fieldsync.day import RESULTS, attach, make_jpeg
from tests.integration.fieldsync.entered import ENTERED, who_entered
from tests.integration.fieldsync.phone import Phone
from tests.integration.hostile.test_lock_everywhere import console
from tests.unit.sync.samples import KINDS

Make = Callable[[str], Phone]
OF_TR = "SELECT id FROM sheets WHERE code = 'tr'"
VERSIONS = f"SELECT id FROM sheet_versions WHERE sheet_id = ({OF_TR})"
# Table → which of its rows are the record of the locked sheet.
LOCKED = {
    "sheets": "code = 'tr'",
    "sheet_versions": f"sheet_id = ({OF_TR})",
    "sheet_cosigners": f"sheet_version_id IN ({VERSIONS})",
    "entities": (
        f"type IN ('answer', 'photo', 'signature', 'checkin', 'version') AND sheet_id = ({OF_TR})"
    ),
    "correction_steps": "action = 'approve'",
    "correction_signatures": "1 = 1",
    # What was reported of it, and handed to the department that leads.
    "reports": "id = 1",
    "report_entries": "id = 1",
    "summary_parts": "id = 1",
    "summary_part_returns": "id = 1",
    "material_handovers": "id = 1",
    "material_sheets": "handover_id = 1",
    "material_withdrawals": "id = 1",
    "trainings": "id = 1",
    "training_attendees": "id = 1",
}
# What phones read of the sheet itself: its number and heads move when it is published.
ROW = "SELECT id, type, sheet_id, fields, is_gone FROM entities WHERE id = 'sheet:tr'"
# Publishing marks the sheet: what goes on record then is another subject's, and asked for.
MARKS = {("sheets", "published_at")}


@pytest.fixture
def beginning(request: pytest.FixtureRequest) -> Beginning:
    return ENTERED if "locked" in request.fixturenames else COUNTY


@pytest.fixture
def locked(app: Flask, field: Field, phone: Make) -> tuple[Phone, Phone]:
    """Entered by two officers with a photo, corrected once: who entered, the lead."""
    wang, lead = who_entered(ENTERED, app, field), phone("lead")
    li = phone("li")
    li.pull()
    from tests.integration.fieldsync.day import enter

    assert li.result(enter(li, RESULTS))["status"] == "merged"
    assert decide(phone("head"), ask(wang, "PAX-03", {"value": "台账不全"})).status_code == 200
    wang.pull()
    with app.app_context():
        scope_to(field.jurisdiction_id)
        report(field)
        db.session.remove()
    return wang, lead


def report(field: Field) -> None:
    """A row of each kind of report: rows made directly, for what is tried is the database."""
    own, by, at = {"jurisdiction_id": field.jurisdiction_id}, field.people["office"], now()
    with unit_of_work() as work:
        sheet = work.get_one(Sheet, field.sheet_ids["tr"])
        between = {
            **own, "task_id": sheet.inspection.task_id, "department_id": sheet.department_id,
            "to_department_id": sheet.department_id,
        }  # fmt: skip
        content = count_part(field.actor("office"), sheet.inspection.task_id, sheet.department, [])
        frozen = {"number": 1, "content": canonical_json(content), "digest": "0" * 64}
        work.add_all([
            Report(
                kind="annex1", period="2026", day=at.date(), made_by=by, made_at=at,
                **own, **frozen,
            ),
            ReportEntry(
                kind="meeting", day=at.date(), name="部署会", people=1, entered_by=by,
                entered_at=at, removed_at=at, **own,
            ),
            Training(
                department_id=sheet.department_id, kind="system", held_on=at.date(), hours=2,
                name="培训", content="填报", place="会议室", held_by="法制办", recorded_by=by,
                recorded_at=at, removed_by=by, removed_at=at, reason="有误", **own,
                attendees=[TrainingAttendee(person_id=by, **own)],
            ),
            SummaryPart(handed_by=by, handed_at=at, **between, **frozen),
            MaterialHandover(
                handed_on=at.date(), what="记录表", lessons="无", recorded_by=by, recorded_at=at,
                **between,
            ),
        ])  # fmt: skip
        work.flush()
        work.add_all([
            SummaryPartReturn(part_id=1, reason="有误", returned_by=by, returned_at=at, **own),
            MaterialSheet(sheet_id=sheet.id, handover_id=1, **own),
            MaterialWithdrawal(
                handover_id=1, reason="有误", recorded_by=by, recorded_at=at, **own
            ),
        ])  # fmt: skip


def dump(app: Flask) -> dict[str, list[str]]:
    """The locked rows, whole."""
    queries = {name: f"SELECT * FROM {name} WHERE {rows}" for name, rows in LOCKED.items()}
    with app.app_context():
        found = {
            name: sorted(
                json.dumps(list(row), default=str) for row in db.session.execute(text(query))
            )
            for name, query in {**queries, "row": ROW}.items()
        }
        db.session.remove()
    assert all(found.values()), "there is something to protect in every table"
    return found


def other_value(column: sa.Column[Any]) -> str:
    """SQL for something that is not there yet, of the column's type."""
    kind = column.type
    name = f'"{column.name}"'
    match kind:
        case sa.Boolean():
            return f"NOT {name}"
        case sa.Integer() | sa.Numeric():
            return f"COALESCE({name}, 0) + 7919"
        case sa.JSON():
            return '\'{"by": "hand"}\''
        case sa.Date():
            return "'2001-02-03'"
        case sa.DateTime() | sa.TypeDecorator():
            return "'2001-02-03 04:05:06'"
        case _:
            return "'x'"


def refuse(connection: Any, statement: str) -> None:
    with pytest.raises(DBAPIError) as caught:
        connection.exec_driver_sql(statement)
        connection.commit()
        pytest.fail(f"went through: {statement}")
    connection.rollback()
    told = str(caught.value.orig)
    assert any(word in told for word in ("locked", "append_only", "no_sheet")), (statement, told)


@pytest.mark.proves("I3", "F32")
def test_no_column_of_no_locked_row_is_written_and_no_table_emptied(
    app: Flask, field: Field, locked: tuple[Phone, Phone]
) -> None:
    before, tried = dump(app), 0
    with console(app) as connection:
        for name, rows in LOCKED.items():
            for column in Base.metadata.tables[name].columns:
                if (name, column.name) in MARKS:
                    continue
                refuse(
                    connection,
                    f'UPDATE {name} SET "{column.name}" = {other_value(column)} WHERE {rows}',
                )
                tried += 1
            refuse(connection, f"DELETE FROM {name} WHERE {rows}")
            if connection.dialect.name == "postgresql":
                refuse(connection, f"TRUNCATE {name} CASCADE")
        if connection.dialect.name == "postgresql":
            for name in (
                "inspections",
                "receipts",
                "proposals",
                "blobs",
                "people",
                "jurisdictions",
            ):
                refuse(connection, f"TRUNCATE {name} CASCADE")
    assert dump(app) == before and tried > 50


@pytest.mark.proves("I3", "F32")
def test_no_version_is_made_by_hand(app: Flask, field: Field, locked: tuple[Phone, Phone]) -> None:
    """Not the next one, not one in between, not one for a phone alone."""
    before = dump(app)
    columns = ", ".join(
        f'"{one.name}"'
        for one in Base.metadata.tables["sheet_versions"].columns
        if one.name != "id"
    )
    entity = "space, id, type, seq, sheet_id, fields, heads, siblings, is_gone, jurisdiction_id"
    with console(app) as connection:
        for number in (0, 1, 2, 3, 4):
            values = columns.replace('"version"', str(number))
            refuse(
                connection,
                f"INSERT INTO sheet_versions ({columns}) SELECT {values} FROM sheet_versions "
                "WHERE version = 2",
            )
        row = entity.replace(" id,", " 'version:tr/3',")
        refuse(
            connection,
            f"INSERT INTO entities ({entity}) SELECT {row} FROM entities WHERE id = 'version:tr/2'",
        )
        for number, results in ((3, '"PAX-01": 1'), (2, '"PAX-01": 5'), (1, '"PAX-01": 1')):
            with app.app_context():
                fields = json.loads(
                    json.dumps(db.session.scalars(text(f"SELECT fields FROM ({ROW}) r")).one())
                )
                db.session.remove()
            fields = json.loads(fields) if isinstance(fields, str) else fields
            fields["entered"]["version"] = number
            fields["results"] = {**fields["results"], **json.loads("{" + results + "}")}
            told = json.dumps(fields).replace("'", "''").replace("%", "%%")
            refuse(connection, f"UPDATE entities SET fields = '{told}' WHERE id = 'sheet:tr'")
    assert dump(app) == before


@pytest.mark.proves("I3 I4", "F34")
def test_no_kind_of_operation_changes_it_whoever_sends_it(
    app: Flask, field: Field, phone: Make, locked: tuple[Phone, Phone]
) -> None:
    assert set(KINDS) == {one.value for one in Kind}, "a new kind has its sample"
    before = dump(app)
    for name in ("wang", "li", "lead", "zhao", "stranger"):
        sender = phone(name)
        for kind, (entity, fields, more) in KINDS.items():
            if kind == "photo.attach":
                attach(sender, "PAX-03", make_jpeg(colour="red"))
                continue
            sender.make(kind, entity, dict(fields), **{"base": {}, **more})
        told = sender.push()
        assert told.status_code == 200, told.get_json()
        assert dump(app) == before, name


WORDS = "锁定之后"
# One filled-in form for every route: the names that forms of this product ask for.
FORM = {
    "reason": WORDS, "note": WORDS, "text": WORDS, "name": WORDS, "title": WORDS, "value": "fail",
    "judge": "fail", "verdict": "fail", "checked": "3", "failed": "3", "number": "9",
    "day": "2026-03-04", "ended_on": "2026-03-01", "planned_on": "2026-03-05", "version": "2",
    "password": PASSWORD, "decision": "approve", "state": "open", "against": "{}",
    "signature": json.dumps(SIGNED), "item": "PAX-01", "PAX-01.judge": "fail", "officer": "1",
    "choice": "current", "seen": "{}", "result": "5", "result-PAX-01": "5", "PAX-01": "5",
    "seen_content": "0" * 64, "sheet": "tr", "page": "0195c0de-0000-7000-8000-000000000001",
    "locale": "zh_CN", "replace": "1", "confirm": "1",
}  # fmt: skip
JSON = {"reason": WORDS, "against": {}, "password": PASSWORD, "signature": SIGNED}


def arguments(field: Field, rule: Rule) -> dict[str, Any]:
    """The records of this visit where the rule asks for one, else the first of anything."""
    known: dict[str, Any] = {
        "inspection_id": field.inspection_id, "code": "tr", "item": "PAX-01", "form": "xlsx",
        "person_id": field.people["wang"], "officer_id": field.officers["wang"], "kind": "firms",
    }  # fmt: skip
    is_number = {n: type(c).__name__ == "IntegerConverter" for n, c in rule._converters.items()}
    with db.session.no_autoflush:
        known["proposal_id"] = db.session.scalar(text("SELECT max(id) FROM proposals"))
        known["device_id"] = db.session.scalar(text("SELECT max(id) FROM devices"))
    return {name: known.get(name, 1 if is_number[name] else "tr") for name in rule.arguments}


def writing(app: Flask) -> Iterator[tuple[Rule, str]]:
    """Every route that is not only read; leaving, and the visitor's sign-in, end a session."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint in {"accounts.sign_out", "accounts.sign_in"}:
            continue
        for method in sorted((rule.methods or set()) - {"GET", "HEAD", "OPTIONS"}):
            yield rule, method


@pytest.mark.proves("I3", "F34")
@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    "people",
    [("office",), pytest.param(("wang", "lead", "head", "office"), marks=pytest.mark.soak)],
    ids=len,
)
def test_no_route_changes_it_whoever_asks(
    app: Flask, field: Field, locked: tuple[Phone, Phone], people: tuple[str, ...]
) -> None:
    """Each day by whom most is allowed; who may what is ``test_every_route``'s."""
    app.config["WTF_CSRF_ENABLED"] = False
    make_admin(app, field)
    before, walked, broken = dump(app), 0, []
    for rule, method in writing(app):
        with app.app_context():
            scope_to(field.jurisdiction_id)
            built = rule.build(arguments(field, rule))
            db.session.remove()
        assert built is not None
        for name in people:
            client = client_of(app, field.people[name])
            if "_api" in rule.endpoint:
                answer = client.open(built[1], method=method, json=JSON)
            else:
                form = {**FORM, "file": (io.BytesIO(b"x"), "x.csv")}
                answer = client.open(built[1], method=method, data=form)
            if answer.status_code >= 500:
                broken.append(f"{method} {rule.rule} {name}")
            answer.close()
            walked += 1
        assert dump(app) == before, f"{method} {rule.rule}"
    assert walked > 100 * len(people) and broken == []


def make_admin(app: Flask, field: Field) -> None:
    """The office may do everything a desk can."""
    from server.accounts.models import Person, PersonRole

    with app.app_context(), unit_of_work() as work:
        scope_to(field.jurisdiction_id)
        person = work.get_one(Person, field.people["office"])
        person.roles = [*person.roles, PersonRole(role="admin")]


@ON_SQLITE
@pytest.mark.parametrize(
    ("table", "refused", "told"),
    [
        ("entities", LockOpen, "entities_delete"),
        ("sheet_cosigners", LockOpen, "sheet_cosigners_update"),
        ("summary_part_returns", LockOpen, "summary_part_returns_update"),
        ("sheets", IntegrityError, "FOREIGN KEY"),  # what others refer to is not even dropped
    ],
)
def test_upgrade_that_loses_the_lock_is_undone(
    app: Flask,
    field: Field,
    locked: tuple[Phone, Phone],
    monkeypatch: pytest.MonkeyPatch,
    table: str,
    refused: type[Exception],
    told: str,
) -> None:
    """A migration that copies a table to alter it keeps the rows and drops the triggers."""
    before = dump(app)

    def careless(connection: sa.Connection) -> None:
        operations = Operations(MigrationContext.configure(connection))
        with operations.batch_alter_table(table, recreate="always") as batch:
            batch.add_column(sa.Column("colour", sa.String(8)))

    from alembic import command

    real = command.upgrade
    with app.app_context():
        engine = db.engine

    def upgrade(config: Any, revision: str) -> None:
        real(config, revision)
        careless(config.attributes["connection"])

    monkeypatch.setattr(command, "upgrade", upgrade)
    with pytest.raises(refused, match=told):
        upgrade_schema(engine)
    monkeypatch.undo()
    with engine.connect() as connection:
        assert missing_lock(connection) == []
        names = {one["name"] for one in sa.inspect(connection).get_columns(table)}
    assert "colour" not in names and dump(app) == before
