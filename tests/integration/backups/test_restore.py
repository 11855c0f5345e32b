"""The drill: a server falls back to last night, phones fill it up again, nothing is there twice."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import create_engine, func, select, text

from domain.errors import Fault
from server.audit.models import AuditEvent
from server.backups.restoring import restore_backup
from server.backups.service import make_backup
from server.db import db
from server.fieldsync import service
from server.fieldsync.models import Entity, LedgerEntry, Receipt
from tests.conftest import Clock, make_app
from tests.integration.backups.conftest import Backup, Make, Restore, quiet
from tests.integration.builders import PASSWORD, Field, build_field
from tests.integration.fieldsync.busy_day import live_busy_day, send_photo
from tests.integration.fieldsync.day import attach, make_jpeg
from tests.integration.fieldsync.phone import Answer, Phone, new_id


def forget_durable(phone: Phone) -> None:
    """What §5 lets a phone forget."""
    mark = phone.pull()["device"]["durable_seq"]
    phone.queue = [op for op in phone.queue if op["seq"] > mark]


def come_back(phone: Phone) -> list[Answer]:
    """As the app does: refused, signs in again, finds the new epoch, starts every space at 0 and
    offers all it holds; a gap is filled with what it lost. Answers the results."""
    assert phone.push().status_code == 401
    answer = phone.client.post(
        "/api/v1/session",
        json={
            "account": phone.name, "password": PASSWORD,
            "device": {"id": phone.device, "name": "红米"},
        },
    )  # fmt: skip
    assert answer.status_code == 200, answer.get_json()
    phone.csrf = answer.get_json()["csrf"]
    refused = phone.push()
    assert (refused.status_code, refused.get_json()["error"]["code"]) == (409, "sync.epoch_changed")
    phone.epoch = refused.get_json()["error"]["details"]["epoch"]
    assert phone.epoch == answer.get_json()["epoch"]
    phone.rows, phone.cursor = {}, {}
    answer = phone.push()
    if answer.status_code == 409:
        expect = answer.get_json()["error"]["details"]["expect"]
        phone.queue = [
            _lost(phone, seq) for seq in range(expect, phone.queue[0]["seq"])
        ] + phone.queue
        answer = phone.push()
    assert answer.status_code == 200, answer.get_json()
    found: list[Answer] = answer.get_json()["results"]
    phone.pull()
    return found


def _lost(phone: Phone, seq: int) -> Answer:
    return {
        "op": new_id(), "seq": seq, "kind": "device.lost", "v": 1,
        "space": f"user:{phone.field.people[phone.name]}", "entity": f"device:{phone.device}",
        "fields": {"seq": seq}, "base": {}, "at": "2026-03-04T10:00:00.000+08:00",
    }  # fmt: skip


def assert_each_once(app: Flask, ops: list[Answer]) -> None:
    """Every operation has one receipt, its payload, at most one effect; and the record adds up."""
    with app.app_context():
        kept = {r.op: r.payload for r in db.session.scalars(select(Receipt))}
        lines = Counter(db.session.scalars(select(LedgerEntry.op)))
        for op in ops:
            sent = json.loads(kept[op["op"]])
            assert (sent["kind"], sent["fields"]) == (op["kind"], op["fields"])
            assert lines[op["op"]] <= 2  # its effect, and a proposal in its author's own space
        assert service.verify_ledger() == []
        assert len(kept) == db.session.scalar(select(func.count()).select_from(Receipt))


@pytest.mark.proves("I1 I2 I16 I20", "F29 F5")
@pytest.mark.proves("I8 I13", "F29")
def test_what_was_acknowledged_after_the_backup_reappears_once_from_the_phones(
    app: Flask, phone: Make, back_up: Backup, restore: Restore, clock: Clock
) -> None:
    wang, li = phone("wang"), phone("li")
    wang.set("PAX-01", {"value": "pass"})
    wang.results()
    done = back_up()
    wang.set("PAX-02", {"value": {"checked": 5, "failed": 0}})
    li.set("PAX-03", {"value": "台账齐全"})
    late = make_jpeg(colour="red")
    declared = attach(li, "PAX-01", late)
    made = [*wang.queue, *li.queue]
    assert {one["status"] for one in [*wang.results(), *li.results()]} == {"applied"}
    assert send_photo(li, declared, late) == 204
    for one in (wang, li):
        forget_durable(one)
    assert [len(one.queue) for one in (wang, li)] == [1, 2]  # the first is in the backup
    unsent = wang.set("PAX-03", {"value": "另有说明"}, base={"value": None}, seq=3)
    before = phone("wang").epoch

    told = restore(done.path)
    assert told.problems == [] and told.epoch != before
    results = [*come_back(wang), *come_back(li)]
    assert [one["status"] for one in results] == ["applied", "applied", "conflict", "applied"]
    assert {one["replay"] for one in results} == {False}
    assert send_photo(li, declared, late) in (201, 204)
    wang.pull(), li.pull()
    shared = [key for key in wang.rows if key.startswith("insp:")]
    assert [wang.rows[key] for key in shared] == [li.rows[key] for key in shared]
    assert wang.row(f"photo:{declared['photo']['sha256']}")["fields"]["stored"] is True
    assert_each_once(app, [*made, unsent])
    assert {one["replay"] for one in wang.results()} == {True}


@pytest.mark.proves("I1 I2 I3 I4 I12 I16 I17", "F29 F33 F34")
def test_a_whole_day_comes_back_from_the_phones_and_changed_outcomes_are_told(
    app: Flask, phone: Make, back_up: Backup, restore: Restore
) -> None:
    """The backup knows none of these phones: each keeps all it made."""
    empty = back_up()
    day = live_busy_day(phone)
    for one in day.phones.values():
        forget_durable(one)
    made = [op for one in day.phones.values() for op in one.queue]
    restore(empty.path)
    results = {name: come_back(one) for name, one in day.phones.items()}
    assert_each_once(app, made)
    # The lead's acceptance came after the officer's entry this time: told, not lost.
    assert results["wang"][-1]["status"] == "invalid"
    assert results["wang"][-1]["error"]["code"] == "sheet.preconditions"
    assert results["lead"][-1]["status"] == "applied"
    assert results["stranger"][0]["status"] == "forbidden" and results["stranger"][0]["proposal"]
    for op, data in {**day.photos, **day.expected}.items():
        sender = next(o for o in day.phones.values() if op in {one["op"] for one in o.queue})
        declared = next(one for one in sender.queue if one["op"] == op)
        assert send_photo(sender, declared, data) in (201, 204)
    photos = {}
    for name in ("wang", "zhao"):  # of two departments, each told of its own
        day.phones[name].pull()
        rows = day.phones[name].rows.items()
        photos |= {key: row for key, row in rows if "photo:" in key and row["fields"]}
    assert len(photos) == 2 and all(row["fields"]["stored"] for row in photos.values())
    with app.app_context():
        assert service.verify_ledger() == []


@pytest.mark.proves("I1 I12 I16", "F29")
def test_an_older_backup_than_the_newest_leaves_an_incident_for_what_phones_had_let_go(
    app: Flask, phone: Make, back_up: Backup, restore: Restore, clock: Clock
) -> None:
    wang = phone("wang")
    wang.set("PAX-01", {"value": "pass"})
    wang.results()
    old = back_up()
    wang.set("PAX-02", {"value": {"checked": 5, "failed": 0}})
    wang.results()
    clock.advance(minutes=1)
    newest = back_up()
    forget_durable(wang)
    wang.queue = []
    wang.queue.append(wang.set("PAX-03", {"value": "齐"}) | {"seq": 3})
    wang.queue = wang.queue[-1:]
    told = restore(old.path)
    assert told.newer == newest.path.name
    assert [one["status"] for one in come_back(wang)] == ["applied", "applied"]
    with app.app_context():
        events = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "device.lost"))
        assert [one.details["seq"] for one in events] == [2]
        assert service.verify_ledger() == []


@pytest.mark.proves("I16 I18 I20", "F29")
def test_photo_store_older_than_the_database_is_filled_again_but_not_below_a_lock(
    app: Flask, phone: Make, back_up: Backup, restore: Restore
) -> None:
    day = live_busy_day(phone)
    zhao = day.phones["zhao"]
    op, data = next(iter(day.expected.items()))
    declared = next(one for one in zhao.queue if one["op"] == op)
    assert send_photo(zhao, declared, data) == 204
    done = back_up()
    store = app.extensions["suicha"].config.blob_dir
    for photos in (store, done.path / "photos"):  # nobody has any photo any more
        for folder in photos.glob("[0-9a-f][0-9a-f]"):
            shutil.rmtree(folder)
    manifest = done.path / "manifest.json"
    said = json.loads(manifest.read_text())
    with app.app_context():
        said["photos_missing"] = [
            one.removeprefix("photo:")
            for one in db.session.scalars(select(Entity.id).where(Entity.type == "photo"))
        ]
    manifest.write_text(json.dumps(said))
    told = restore(done.path)
    wanted = declared["photo"]["sha256"]
    locked = next(one for one in said["photos_missing"] if one != wanted)
    assert (sorted(told.missing), told.locked) == (
        sorted([wanted, locked]), [f"{zhao.field.space} {locked}"],
    )  # fmt: skip
    come_back(zhao)
    assert zhao.row(f"photo:{wanted}")["fields"]["stored"] is False
    assert send_photo(zhao, declared, data) == 204
    zhao.pull()
    assert zhao.row(f"photo:{wanted}")["fields"]["stored"] is True
    with app.app_context():
        lost = select(AuditEvent.target).where(AuditEvent.action == "photo.lost_below_lock")
        assert list(db.session.scalars(lost)) == told.locked
        assert service.verify_ledger() == []


@pytest.mark.proves("I2 I16 I18", "F29")
def test_photo_store_newer_than_the_database_keeps_what_it_has_and_takes_in_what_was_promised(
    app: Flask, phone: Make, back_up: Backup, restore: Restore
) -> None:
    wang, data = phone("wang"), make_jpeg()
    declared = attach(wang, "PAX-01", data)
    wang.results()
    done = back_up()
    assert send_photo(wang, declared, data) == 204
    sha256 = declared["photo"]["sha256"]
    store = app.extensions["suicha"].config.blob_dir
    stranger = store / "ab" / ("ab" + "0" * 62)
    stranger.parent.mkdir(exist_ok=True)
    stranger.write_bytes(b"nobody promised this")
    told = restore(done.path)
    assert (told.adopted, told.missing, stranger.exists()) == (1, [], True)
    come_back(wang)
    assert wang.row(f"photo:{sha256}")["fields"]["stored"] is True
    with app.app_context():
        assert service.verify_ledger() == []


@pytest.mark.proves("I15 I16", "F25 F29")
def test_present_data_are_moved_aside_whole_and_damage_changes_nothing(
    app: Flask, field: Field, phone: Make, back_up: Backup, restore: Restore
) -> None:
    wang = phone("wang")
    done = back_up()
    wang.set("PAX-01", {"value": "pass"})
    wang.results()
    config = app.extensions["suicha"].config
    with pytest.raises(Fault) as refused:
        restore(done.path, is_replacing=False)
    assert refused.value.code == "restore.not_empty"
    key = done.path / "secrets" / "secret_key"
    good = key.read_bytes()
    key.write_bytes(b"x")
    assert restore(done.path).problems and wang.pull()["device"]["last_seq"] == 1
    key.write_bytes(good)

    (config.home / "secrets" / "secret_key").write_text("other" * 10)
    told = restore(done.path)
    assert (config.home / "secrets" / "secret_key").read_bytes() == good
    aside = Path(told.aside[-1]) / "secrets" / "secret_key"
    assert aside.read_text() == "other" * 10
    assert _count_answers(app, told.aside[0]) == 1
    assert come_back(wang)[0]["status"] == "applied"


@pytest.mark.proves("I15 I16", "F25 F29")
def test_two_restores_within_one_second_move_aside_both_states_and_both_keys(
    app: Flask, field: Field, phone: Make, back_up: Backup, restore: Restore
) -> None:
    wang, done = phone("wang"), back_up()
    config = app.extensions["suicha"].config
    key = config.home / "secrets" / "secret_key"
    aside, keys = [], []
    for number in (1, 2):
        if number == 2:
            come_back(wang)
        wang.set(f"PAX-0{number}", {"value": "pass"})
        wang.results()
        key.write_text(str(number) * 40)
        told = restore(done.path, minutes=0)
        aside.append(told.aside[0])
        keys.append((Path(told.aside[1]) / "secrets" / "secret_key").read_text())
    assert keys == ["1" * 40, "2" * 40]
    assert [_count_answers(app, one) for one in aside] == [1, 2]


@pytest.mark.proves("I15 I16", "F25 F29")
def test_what_a_killed_restore_had_named_in_this_second_is_not_written_over(
    sqlite_app: Flask, tmp_path: Path, clock: Clock
) -> None:
    """The old file bore both names when the process died: whoever copied onto the second one would
    empty the first."""
    with sqlite_app.app_context():
        field = build_field()
        made = make_backup(tmp_path / "b", None, quiet)
        db.session.remove()
    wang = Phone(sqlite_app, field, "wang")
    wang.set("PAX-01", {"value": "pass"})
    wang.results()
    with sqlite_app.app_context():
        db.session.remove()
        db.engine.dispose()
    config = sqlite_app.extensions["suicha"].config
    present = Path(config.database_url.removeprefix("sqlite:///"))
    second = present.with_name(f"{present.name}.before-{clock():%Y%m%dT%H%M%SZ}")
    second.hardlink_to(present)
    size = present.stat().st_size
    told = restore_backup(
        config, made.path, is_replacing=True, keeps_secrets=False, tell=quiet, clock=clock
    )
    assert second.stat().st_size == size and told.aside[0] == f"{second}-2"
    assert _count_answers(sqlite_app, str(second)) == 1


@pytest.mark.both
def test_restored_numbers_go_on_and_the_lock_still_holds(
    app: Flask, phone: Make, back_up: Backup, restore: Restore
) -> None:
    day = live_busy_day(phone)
    restore(back_up().path)
    with app.app_context(), db.engine.connect() as connection:
        for statement in (
            "UPDATE sheets SET result_code = 7 WHERE state = 'entered'",
            "DELETE FROM ledger",
            "UPDATE receipts SET payload = '{}'",
        ):
            with pytest.raises(Exception, match=r"locked|append_only"):
                connection.execute(text(statement))
            connection.rollback()
    lead = day.phones["lead"]
    come_back(lead)
    lead.set("mr/MR-01", {"note": "组长意见"})
    assert lead.results()[-1]["status"] in {"applied", "conflict", "forbidden"}
    with app.app_context():
        assert service.verify_ledger() == []


@pytest.mark.proves("I16", "F29")
def test_backup_of_sqlite_fills_a_postgresql_whose_account_is_no_superuser(
    sqlite_app: Flask, postgres_server: str, tmp_path: Path, clock: Clock
) -> None:
    """The two kinds read each other's backups; owning the database is right enough."""
    with sqlite_app.app_context():
        field = build_field()
        live_busy_day(lambda name: Phone(sqlite_app, field, name))
        made = make_backup(tmp_path / "b", None, quiet)
    (tmp_path / "other").mkdir()
    server = create_engine(f"{postgres_server}/postgres", isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text("CREATE ROLE county LOGIN"))
        connection.execute(text("CREATE DATABASE county OWNER county"))
    try:
        url = f"{postgres_server.replace('app@', 'county@')}/county"
        config = replace(
            sqlite_app.extensions["suicha"].config, database_url=url, home=tmp_path / "other",
            blob_dir=tmp_path / "other" / "blobs",
        )  # fmt: skip
        for is_replacing in (False, True):
            told = restore_backup(
                config, made.path, is_replacing=is_replacing, keeps_secrets=False, tell=quiet,
                clock=clock,
            )  # fmt: skip
            assert told.problems == [] and told.photos.missing == []
            assert bool(told.aside) is is_replacing
        moved = make_app(url, tmp_path / "other", clock)
        with moved.app_context():
            assert service.check_live_ledger().checked["receipts"] > 20
            assert service.verify_ledger() == []
            db.session.remove()
            db.engine.dispose()
    finally:
        with server.connect() as connection:
            connection.execute(text("DROP DATABASE county WITH (FORCE)"))
            connection.execute(text("DROP ROLE county"))
        server.dispose()


def _count_answers(app: Flask, aside: str) -> int:
    """In the database that was moved aside."""
    url, name = app.config["SQLALCHEMY_DATABASE_URI"], "receipts"
    if url.startswith("sqlite"):
        url = f"sqlite:///{aside}"
    else:
        name = f"{aside.removeprefix('schema ')}.receipts"
    engine = create_engine(url)
    with engine.connect() as connection:
        query = text(f"SELECT count(*) FROM {name} WHERE kind = 'answer.set'")
        found = int(connection.scalar(query) or 0)
    engine.dispose()
    return found
