"""An application of a test: over a database of its own, with a clock the test winds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import Flask

START = datetime(2026, 3, 4, 1, 0, tzinfo=UTC)  # Wednesday 09:00 in Asia/Shanghai


class Clock:
    """A clock a test winds by hand."""

    def __init__(self, at: datetime = START) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def advance(self, **delta: float) -> None:
        self.at += timedelta(**delta)


def make_app(database_url: str, home: Path, clock: Clock) -> Flask:
    """An application over a migrated database, with its own home and clock."""
    from server.app import create_app
    from server.config import Config

    (home / "blobs").mkdir(parents=True, exist_ok=True)
    config = Config(
        home=home,
        database_url=database_url,
        secret_key="test-key-test-key-test-key-test-key",
        blob_dir=home / "blobs",
        is_development=True,
    )
    app = create_app(config, clock=clock)
    app.config["TESTING"] = True
    app.config["PROPAGATE_EXCEPTIONS"] = False
    return app


def close_app(app: Flask) -> None:
    """Gives back its connections."""
    from server.db import db

    with app.app_context():
        db.session.remove()
        db.engine.dispose()
