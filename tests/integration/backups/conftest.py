"""A county with phones, its backups, and damage done to them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from server.backups.restoring import RestoreReport, restore_backup
from server.backups.service import BackupReport, make_backup
from server.db import db
from tests.conftest import Clock
from tests.integration.builders import Field, build_field
from tests.integration.fieldsync.phone import Phone

Make = Callable[[str], Phone]
Backup = Callable[[], BackupReport]
Restore = Callable[..., RestoreReport]


def quiet(_step: str, _done: int, _total: int) -> None:
    """Nobody watches."""


@pytest.fixture
def field(app: Flask) -> Field:
    """One county with one joint inspection, and two key files."""
    secrets = app.extensions["suicha"].config.home / "secrets"
    secrets.mkdir(mode=0o700)
    (secrets / "secret_key").write_text("k" * 40)
    (secrets / "vapid_private.pem").write_text("pem")
    with app.app_context():
        return build_field()


@pytest.fixture
def phone(app: Flask, field: Field) -> Make:
    """Makes a signed-in phone for a person."""
    return lambda name: Phone(app, field, name)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The folder with all backups."""
    return tmp_path / "backups"


@pytest.fixture
def back_up(app: Flask, root: Path) -> Backup:
    """Makes a backup, whatever it finds."""

    def make() -> BackupReport:
        with app.app_context():
            return make_backup(root, None, quiet)

    return make


@pytest.fixture
def restore(app: Flask, clock: Clock) -> Restore:
    """Restores into the application's own database, which nobody has open."""

    def run(backup: Path, minutes: int = 1, **more: Any) -> RestoreReport:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
        clock.advance(minutes=minutes)
        options = {"is_replacing": True, "keeps_secrets": False, **more}
        config = app.extensions["suicha"].config
        return restore_backup(config, backup, tell=quiet, clock=clock, **options)

    return run
