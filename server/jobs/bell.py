"""huey as a bell: a name goes to a worker that is awake. What must not be lost is in ``jobs``."""

from __future__ import annotations

from huey import Huey, PostgresHuey, RedisHuey, SqliteHuey
from huey.exceptions import ConfigurationError
from huey.serializer import SignedSerializer

from server.config import BadSetting, Config


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
            return PostgresHuey("suicha", dsn=dsn, table_prefix="suicha_bell", **given)
        return RedisHuey("suicha", url=url, **given)
    except ConfigurationError as error:
        raise BadSetting(f"SUICHA_JOBS_URL: {error}") from error
