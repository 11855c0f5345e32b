"""A database that becomes again what it was, whatever a walk did to it."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

from flask import Flask

from server.db import db


class Kept:
    """The SQLite file of this application as it is now, kept beside it."""

    def __init__(self, app: Flask, path: Path) -> None:
        self._app, self._copy = app, path.with_name("kept.sqlite3")
        self._watch = sqlite3.connect(path)
        self._leave()
        self._watch.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        shutil.copy(path, self._copy)
        self._seen = self._version()

    def has_changed(self) -> bool:
        """Whether anything was committed since it was last as kept."""
        return self._version() != self._seen

    def put_back(self) -> None:
        """As kept; nothing where nothing happened."""
        if not self.has_changed():
            return
        self._leave()
        kept = sqlite3.connect(self._copy)
        kept.backup(self._watch)
        kept.close()
        self._seen = self._version()

    def close(self) -> None:
        self._watch.close()
        self._leave()

    def _leave(self) -> None:
        with self._app.app_context():
            db.session.remove()
            db.engine.dispose()

    def _version(self) -> int:
        # changes with every commit of another connection, and costs no reading of tables
        (found,) = self._watch.execute("PRAGMA data_version").fetchone()
        return int(found)
