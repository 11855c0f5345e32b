"""huey as a bell: a name goes to a worker that is awake. What must not be lost is in ``jobs``."""

from __future__ import annotations

from typing import Any, Final

import psycopg
from huey import Huey, PostgresHuey, RedisHuey, SqliteHuey
from huey.exceptions import ConfigurationError
from huey.serializer import SignedSerializer

from server.config import BadSetting, Config

CREATE_LOCK: Final = 0x5375_6963_6862  # any number of ours


def open_bell(config: Config) -> Huey:
    """The queue ``SUICHA_JOBS_URL`` names. Signed: huey unpickles what it finds there, and whoever
    can write to a queue must not be able to run code."""
    url = config.jobs_url or f"sqlite:///{config.home / 'jobs.sqlite3'}"
    given = {"results": False, "serializer": SignedSerializer(config.secret_key)}
    try:
        if url.startswith("sqlite:///"):
            path = url.removeprefix("sqlite:///")
            return SqliteHuey("suicha", filename=path, timeout=15, **given)
        if url.startswith("postgresql+psycopg://"):
            dsn = url.replace("postgresql+psycopg://", "postgresql://", 1)
            return _open_on_postgresql(dsn, given)
        return RedisHuey("suicha", url=url, **given)
    except ConfigurationError as error:
        raise BadSetting(f"SUICHA_JOBS_URL: {error}") from error


def _open_on_postgresql(dsn: str, given: dict[str, Any]) -> Huey:
    # one after the other: there ``CREATE TABLE IF NOT EXISTS`` fails in one of two at once, and
    # that worker would be gone
    with psycopg.connect(dsn) as connection:
        connection.execute("SELECT pg_advisory_xact_lock(%s)", [CREATE_LOCK])
        return PostgresHuey("suicha", dsn=dsn, table_prefix="suicha_bell", **given)
