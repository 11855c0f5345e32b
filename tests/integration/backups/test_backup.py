"""Backups: consistent, verified before they count, and the phones' marks never ahead of them."""

from __future__ import annotations

import json
import stat
import threading
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from server.accounts.models import Device
from server.backups import service
from server.backups.copying import read_file
from server.backups.manifest import DATABASE, NAME
from server.backups.models import Backup as BackupRow
from server.backups.service import check_backup, make_backup
from server.db import Base, db
from tests.conftest import Clock
from tests.integration.backups.conftest import Backup, Make, quiet
from tests.integration.builders import Field
from tests.integration.fieldsync.busy_day import live_busy_day, send_photo
from tests.integration.fieldsync.day import attach, make_jpeg
from tests.integration.fieldsync.phone import Phone


def durable(phone: Phone) -> int:
    return int(phone.pull()["device"]["durable_seq"])


def problems_of(path: Path) -> list[str]:
    return check_backup(path, quiet)[1]


@pytest.mark.proves("I20", "F29")
def test_backup_of_a_busy_day_holds_every_row_photo_and_key_and_checks_out(
    app: Flask, phone: Make, back_up: Backup
) -> None:
    day = live_busy_day(phone)
    done = back_up()
    assert done.problems == [] and done.manifest is not None
    assert problems_of(done.path) == []
    with app.app_context(), read_file(done.path / DATABASE) as copy:
        for table in Base.metadata.sorted_tables:
            if table.name in ("backups", "devices", "audit_events"):
                continue  # the marks and what is said of them come after the copy
            query = select(table).order_by(*table.primary_key.columns)
            assert copy.execute(query).all() == db.session.execute(query).all(), table.name
    photos = [p for p in (done.path / "photos").rglob("*") if p.is_file()]
    assert sorted(p.read_bytes() for p in photos) == sorted(day.photos.values())
    assert (done.path / "secrets" / "secret_key").read_text() == "k" * 40
    modes = {stat.S_IMODE(p.stat().st_mode) for p in done.path.rglob("*") if p.is_file()}
    assert modes == {0o600} and stat.S_IMODE(done.path.stat().st_mode) == 0o700
    said = json.loads((done.path / NAME).read_text())
    assert said["rows"]["receipts"] > 20 and said["photos"] == 1


@pytest.mark.proves("I20", "F29")
def test_mark_is_the_last_commit_without_backups_and_what_a_backup_holds_with_them(
    phone: Make, back_up: Backup
) -> None:
    wang = phone("wang")
    wang.set("PAX-01", {"value": "pass"})
    wang.results()
    assert durable(wang) == 1
    back_up()
    wang.set("PAX-02", {"value": {"checked": 5, "failed": 0}})
    wang.results()
    assert durable(wang) == 1  # not 2: nobody has it but the living server
    li = phone("li")
    li.set("PAX-03", {"value": "齐"})
    li.results()
    assert durable(li) == 0
    back_up()
    assert (durable(wang), durable(li)) == (2, 1)


def test_two_folders_may_be_written_in_one_second(app: Flask, field: Field, tmp_path: Path) -> None:
    with app.app_context():
        made = [make_backup(tmp_path / name, None, quiet).path for name in ("disk", "usb")]
    assert made[0].name != made[1].name
    assert [problems_of(path) for path in made] == [[], []]


@pytest.mark.proves("I20", "F29 F5")
def test_mark_waits_for_photo_bytes_that_only_the_living_server_has(
    phone: Make, back_up: Backup, clock: Clock
) -> None:
    back_up()  # from the first one on, marks count backups
    clock.advance(seconds=5)
    wang, data = phone("wang"), make_jpeg()
    wang.set("PAX-01", {"value": "fail"})
    declared = attach(wang, "PAX-01", data)
    wang.set("PAX-03", {"value": "齐"})
    wang.results()
    back_up()
    assert durable(wang) == 1  # the photo's operation is in the backup, its bytes are not
    assert send_photo(wang, declared, data) == 204
    assert durable(wang) == 1
    clock.advance(seconds=5)
    back_up()
    assert durable(wang) == 3


@pytest.mark.proves("I1 I16 I20", "F26 F29")
def test_mark_does_not_pass_what_the_backup_holds_undecided(
    phone: Make, back_up: Backup, monkeypatch: pytest.MonkeyPatch
) -> None:
    wang = phone("wang")
    wang.set("PAX-01", {"value": "pass"})
    wang.results()
    wang.set("PAX-03", {"value": "齐"})
    with monkeypatch.context() as patch:
        patch.setattr("server.fieldsync.receiving.run.apply_operation", None)  # a defect of ours
        assert wang.results()[-1]["status"] == "held"
    back_up()
    assert wang.results()[-1]["status"] == "applied"  # offered again, and only the living server
    assert durable(wang) == 1
    back_up()
    assert durable(wang) == 2


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # the copy is SQLite anyway
@pytest.mark.proves("I20", "F29")
def test_photo_that_never_comes_or_was_taken_off_holds_no_mark_for_ever(
    phone: Make, back_up: Backup, clock: Clock
) -> None:
    back_up()
    wang, li = phone("wang"), phone("li")
    for one, colour in ((wang, "red"), (li, "blue")):
        attach(one, "PAX-01", make_jpeg(colour=colour))
        one.results()
    gone = li.queue[0]
    li.make(
        "photo.remove", f"photo:{gone['photo']['sha256']}", {"from": "answer:tr/PAX-01"},
        base={"attached": gone["op"]},
    )  # fmt: skip
    assert li.results()[-1]["status"] == "applied"
    back_up()
    assert (durable(wang), durable(li)) == (0, 2)
    clock.advance(days=15)
    back_up()
    assert durable(wang) == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # the copy is SQLite anyway
@pytest.mark.proves("I20 I15", "F30")
def test_failure_at_any_step_leaves_no_backup_and_no_mark(
    app: Flask, phone: Make, back_up: Backup, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wang = phone("wang")
    wang.set("PAX-01", {"value": "pass"})
    wang.results()

    def full(*_arguments: object, **_named: object) -> None:
        raise OSError(28, "No space left on device")

    steps = ("copy_database", "check_copy", "gather_photos", "list_marks", "product_version")
    for step in steps:
        with monkeypatch.context() as broken:
            broken.setattr(service, step, full)
            with pytest.raises(OSError, match="No space"):
                back_up()
        assert [one.name for one in root.iterdir()] == [".lock"], step
        with app.app_context():
            assert db.session.scalars(select(BackupRow)).all() == []
            assert db.session.scalars(select(Device.durable_seq)).all() == [None]
    wang.set("PAX-03", {"value": "齐"})
    wang.results()
    assert durable(wang) == 2  # commits count again


def test_killed_backup_is_cleared_away_by_the_next(
    root: Path, phone: Make, back_up: Backup
) -> None:
    left = root / "20260101T000000Z.partial"
    left.mkdir(parents=True)
    (left / DATABASE).write_bytes(b"half")
    stranger = root / "notes.partial"
    stranger.mkdir()
    done = back_up()
    assert done.manifest is not None and not left.exists() and stranger.exists()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # the copy is SQLite anyway
@pytest.mark.proves("I18 I20", "F29 F30")
def test_photo_the_server_lost_is_named_and_holds_the_mark(
    app: Flask, phone: Make, back_up: Backup, clock: Clock
) -> None:
    back_up()
    clock.advance(seconds=5)
    wang = phone("wang")
    first, second = (make_jpeg(colour=one) for one in ("red", "blue"))
    ops = [attach(wang, "PAX-01", data) for data in (first, second)]
    wang.results()
    for op, data in zip(ops, (first, second), strict=True):
        send_photo(wang, op, data)
    store = app.extensions["suicha"].config.blob_dir
    lost = ops[0]["photo"]["sha256"]
    (store / lost[:2] / lost).write_bytes(b"not a picture any more")
    done = back_up()
    assert done.manifest is not None and done.manifest.photos_missing == (lost,)
    assert durable(wang) == 0
    assert problems_of(done.path) == []  # it says itself what it has not
    (store / lost[:2] / lost).write_bytes(first)
    clock.advance(seconds=5)
    again = back_up()
    assert again.manifest is not None and again.manifest.photos_missing == ()
    one = ops[1]["photo"]["sha256"]
    paths = [run.path / "photos" / one[:2] / one for run in (done, again)]
    assert paths[0].stat().st_ino == paths[1].stat().st_ino  # kept once on disk


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # the copy is SQLite anyway
@pytest.mark.proves("I18", "F29 F30")
def test_changed_byte_or_lost_file_is_found_in_an_old_backup(phone: Make, back_up: Backup) -> None:
    live_busy_day(phone)
    done = back_up()
    photo = next(one for one in (done.path / "photos").rglob("*") if one.is_file())
    for path in (done.path / DATABASE, done.path / "secrets" / "secret_key", photo):
        whole = path.read_bytes()
        content = bytearray(whole)
        content[len(content) // 2] ^= 1
        path.write_bytes(content)
        assert len(problems_of(done.path)) == 1
        path.unlink()
        assert len(problems_of(done.path)) == 1
        path.write_bytes(whole)
    assert problems_of(done.path) == []


@pytest.mark.proves("I3 I11", "F29")
def test_copy_whose_lock_is_open_or_whose_ledger_does_not_add_up_is_no_backup(
    app: Flask, phone: Make, back_up: Backup, root: Path
) -> None:
    live_busy_day(phone)
    with app.app_context():
        with db.engine.connect().execution_options(suicha_write=True) as connection:
            begun = connection.begin()
            if connection.dialect.name == "sqlite":
                connection.exec_driver_sql("DROP TRIGGER sheets_update")
            else:
                connection.exec_driver_sql("ALTER TABLE sheets DISABLE TRIGGER USER")
            connection.exec_driver_sql("UPDATE sheets SET result_code = 7 WHERE state = 'entered'")
            begun.commit()
        done = make_backup(root, None, quiet)
    assert done.manifest is None
    assert len(done.problems) == 1
    assert [one.name for one in root.iterdir()] == [".lock"]


@pytest.mark.proves("I6 I13 I20", "F27 F28")
def test_backup_beside_a_writing_phone_is_one_moment(
    app: Flask, phone: Make, field: Field, root: Path, clock: Clock
) -> None:
    wang = phone("wang")
    stop = threading.Event()

    def write() -> None:
        head: str | None = None
        while not stop.is_set():
            op = wang.set("PAX-03", {"value": f"第{len(wang.queue)}次"}, base={"value": head})
            assert wang.result(op)["status"] == "applied"
            head = op["op"]

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(3):
            clock.advance(seconds=2)
            with app.app_context():
                done = make_backup(root, 2, quiet)
            assert done.manifest is not None, done.problems
            assert problems_of(done.path) == []
            assert done.manifest.marks[wang.device] <= len(wang.queue)
    finally:
        stop.set()
        writer.join()
    assert len([one for one in root.iterdir() if one.is_dir()]) == 2
