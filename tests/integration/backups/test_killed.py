"""kill -9 in the middle of a backup and of a restore: the marks stand, the data stand."""

from __future__ import annotations

import os
import signal
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from server.accounts.models import Device
from server.backups.folder import list_backups
from server.db import db
from tests.conftest import make_app
from tests.integration.builders import build_field
from tests.integration.fieldsync.phone import Phone
from tests.processes import Forked

DYING = "tests.integration.backups.dying"


@pytest.fixture
def home(make_database_url: Callable[[str], str], tmp_path: Path) -> Path:
    """A home whose database holds a county, in the place where the command looks for it."""
    home = tmp_path / "home"
    home.mkdir()
    url = make_database_url("sqlite")
    Path(url.removeprefix("sqlite:///")).rename(home / "suicha.sqlite3")
    return home


def open_app(home: Path) -> Flask:
    from tests.conftest import Clock

    return make_app(f"sqlite:///{home / 'suicha.sqlite3'}", home, Clock())


def run(home: Path, *arguments: str, dies_at: str | None = None) -> int:
    """The command in a process of its own, killed where it would call ``dies_at``."""
    env = {"PATH": os.environ["PATH"], "SUICHA_HOME": str(home), "LANG": "C.UTF-8"}
    module, words = (DYING, (dies_at, *arguments)) if dies_at else ("server.cli", arguments)
    return Forked(module, words, env, home / "told.log").wait(100)


def marks(app: Flask) -> list[int | None]:
    with app.app_context():
        found = list(db.session.scalars(select(Device.durable_seq)))
        db.session.remove()
        db.engine.dispose()
    return found


@pytest.mark.proves("I15 I20", "F25 F29")
def test_killed_backup_moves_no_mark_and_the_next_one_goes_on(home: Path, tmp_path: Path) -> None:
    app, root = open_app(home), tmp_path / "backups"
    with app.app_context():
        field = build_field()
    wang = Phone(app, field, "wang")
    wang.set("PAX-01", {"value": "pass"})
    wang.results()
    assert run(home, "backup", str(root)) == 0
    wang.set("PAX-03", {"value": "齐"})
    wang.results()
    for step in ("server.backups.folder.finish", "server.backups.service.confirm_backup"):
        assert run(home, "backup", str(root), dies_at=step) == -signal.SIGKILL
        assert marks(app) == [1]
    assert len(list_backups(root)) == 2  # the second was whole, and is not counted on
    assert run(home, "backup", str(root)) == 0
    assert marks(app) == [2] and not list(root.glob("*.partial"))


@pytest.mark.proves("I15 I16", "F25 F29")
def test_killed_restore_leaves_the_old_data_or_the_new_never_neither(
    home: Path, tmp_path: Path
) -> None:
    app, root = open_app(home), tmp_path / "backups"
    with app.app_context():
        field = build_field()
    assert run(home, "backup", str(root)) == 0
    made = str(list_backups(root)[0])
    wang = Phone(app, field, "wang")
    wang.set("PAX-01", {"value": "pass"})
    wang.results()
    # built and settled; and after the old file got its second name, before the new one took its
    for step in ("server.backups.staging.FileStage.swap", "pathlib.Path.replace"):
        assert run(home, "restore", made, "--replace", dies_at=step) == -signal.SIGKILL
        assert _count(home / "suicha.sqlite3") == 1
    assert run(home, "restore", made, "--replace") == 0
    assert _count(home / "suicha.sqlite3") == 0
    # one of the killed one and one of the last, which may fall into one second; and perhaps an
    # empty journal of each
    aside = [one for one in home.glob("suicha.sqlite3.before-*") if one.name[-4:] not in _BESIDE]
    assert [_count(one) for one in aside] == [1, 1]


_BESIDE = {"-wal", "-shm"}


def _count(path: Path) -> int:
    connection = sqlite3.connect(path)
    try:
        query = "SELECT count(*) FROM receipts WHERE kind = 'answer.set'"
        return int(connection.execute(query).fetchone()[0])
    finally:
        connection.close()
