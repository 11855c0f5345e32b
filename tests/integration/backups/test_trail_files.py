"""The hashes beside the database through a backup and back: they still contradict a database that
was rewritten or set back. Both databases."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from server.audit.copies import read_live
from server.audit.entries import EVENTS, read_entries
from server.audit.findings import Report
from server.audit.kept_leaves import list_kept, read_own
from server.audit.models import AuditEvent
from server.audit.roots import make_root
from server.audit.verifying import check_trail, read_keys
from server.backups.service import check_backup
from server.db import db, scope_to
from tests.apps import Clock
from tests.integration.audit.trail import past_all_guards, write
from tests.integration.backups.conftest import Backup, Restore, quiet
from tests.integration.builders import Field


def home_of(app: Flask) -> Path:
    home: Path = app.extensions["suicha"].config.home
    return home


def live_a_day(app: Flask, field: Field, clock: Clock, *reasons: str) -> None:
    with app.app_context():
        scope_to(field.jurisdiction_id)
        clock.advance(days=1)
        for one in reasons:
            write(field, one)
        make_root(field.jurisdiction_id)


def verify(app: Flask) -> Report:
    """As ``suicha audit verify`` does."""
    own = read_own(home_of(app))
    kept = [one for files in own.values() for one in files]
    with app.app_context(), read_live() as live:
        return check_trail(live, read_keys(live), kept=kept, own=own)


def codes(report: Report) -> list[str]:
    return [one.code for one in report.problems]


def sizes(app: Flask) -> dict[str, int]:
    return {one.name: len(one.read_bytes()) // 32 for one in list_kept(home_of(app))}


def test_the_hashes_come_back_with_the_database_and_still_name_a_rewritten_entry(
    app: Flask, field: Field, back_up: Backup, restore: Restore, clock: Clock
) -> None:
    live_a_day(app, field, clock, "甲", "乙", "丙")
    done = back_up()
    (file,) = list_kept(home_of(app))
    kept = file.read_bytes()
    assert (done.path / "trail" / file.name).read_bytes() == kept
    assert check_backup(done.path, quiet)[1] == []
    file.unlink()  # another machine has none
    told = restore(done.path)
    assert (told.set_back, file.read_bytes()) == ([], kept)
    assert (codes(verify(app)), verify(app).kept) == ([], 3)
    assert restore(done.path).set_back == [] and sizes(app) == {file.name: 3}

    own = read_own(home_of(app))
    with past_all_guards(app) as connection:
        event = connection.scalar(select(EVENTS.id).where(EVENTS.action == "firm.status_changed"))
        change = f"action = 'nothing.done' WHERE id = {event}"
        connection.exec_driver_sql(f"UPDATE audit_events SET {change}")
        (forged,) = read_entries(connection, EVENTS.id == event)
        connection.exec_driver_sql(
            f"UPDATE audit_leaves SET hash = '{forged.leaf.hex()}' WHERE event_id = {event}"
        )
        keys = read_keys(connection)
        (found,) = check_trail(connection, keys, kept=own[file.stem], own=own).problems
    assert (found.code, found.event) == ("entry.changed", event)


def test_an_older_backup_under_newer_hashes_is_told_and_stays_told(
    app: Flask, field: Field, back_up: Backup, restore: Restore, clock: Clock
) -> None:
    live_a_day(app, field, clock, "甲", "乙", "丙")
    done = back_up()
    live_a_day(app, field, clock, "丁", "戊")
    (file,) = list_kept(home_of(app))
    newer, size = file.read_bytes(), len(file.read_bytes()) // 32
    told = restore(done.path)
    (back,) = told.set_back
    assert (back.county, back.kept, back.restored) == (file.stem, size, 3)
    aside = file.with_suffix(".1.leaves")
    assert aside.read_bytes() == newer and sizes(app) == {file.name: 3, aside.name: size}
    with app.app_context():
        query = select(AuditEvent).where(AuditEvent.action == "backup.restored")
        entry = db.session.scalars(query).one()
        assert (entry.details["trail_kept"], entry.details["trail_restored"]) == (size, 3)

    live_a_day(app, field, clock, "己")  # the restore itself is below a root now
    report = verify(app)
    (accounted,) = report.set_back
    assert (codes(report), accounted.code) == ([], "trail.set_back")
    assert [one.kept for one in restore(done.path).set_back] == [size, 5]  # and once more
    assert (codes(verify(app)), len(verify(app).set_back)) == ([], 2)
    with past_all_guards(app) as connection:  # the restore talked away
        own = read_own(home_of(app))
        connection.exec_driver_sql("DELETE FROM audit_events WHERE action = 'backup.restored'")
        found = check_trail(connection, read_keys(connection), own=own).problems
    assert "trail.set_back" in [one.code for one in found]


@pytest.mark.parametrize("statements", [
    ["DELETE FROM audit_roots WHERE id > 1",
     "DELETE FROM audit_leaves WHERE place >= 3"],
    ["DELETE FROM audit_roots", "DELETE FROM audit_leaves", "DELETE FROM audit_events"],
], ids=["to the first day", "to before the first"])  # fmt: skip
def test_a_database_set_back_by_another_way_is_a_problem(
    app: Flask, field: Field, clock: Clock, statements: list[str]
) -> None:
    live_a_day(app, field, clock, "甲", "乙", "丙")
    live_a_day(app, field, clock, "丁", "戊")
    assert codes(verify(app)) == []
    own = read_own(home_of(app))
    with past_all_guards(app) as connection:
        for one in statements:
            connection.exec_driver_sql(one)
        found = check_trail(connection, read_keys(connection), own=own).problems
    assert "trail.set_back" in [one.code for one in found]


def test_a_backup_whose_hashes_were_touched_is_refused(
    app: Flask, field: Field, back_up: Backup, restore: Restore, clock: Clock
) -> None:
    live_a_day(app, field, clock, "甲")
    done = back_up()
    (file,) = (done.path / "trail").iterdir()
    whole = file.read_bytes()
    file.write_bytes(whole[:-1])
    assert restore(done.path).problems
    file.write_bytes(whole)
    (file.parent / "000009.leaves").write_bytes(whole)
    (problem,) = restore(done.path).problems
    assert "trail/000009.leaves" in problem
