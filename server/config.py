"""Settings: environment variables ``SUICHA_*``, checked once at start.

Every name here stands in ``docs/configuration.md``; a test compares the two.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from server.once import write_once

# What was measured (docs/decisions/0010); more help only where PostgreSQL has cores of its own.
MOST_WORKERS_BY_DEFAULT = 2


def default_workers() -> int:
    """One process for each processor this one may use, two at most."""
    return min(MOST_WORKERS_BY_DEFAULT, len(os.sched_getaffinity(0)))


class BadSetting(ValueError):
    """A setting cannot be used; the message names it and says what is expected."""


@dataclass(frozen=True, slots=True)
class Config:
    """One checked set of settings. Paths are absolute; sizes are bytes; times are seconds."""

    home: Path
    database_url: str
    secret_key: str
    is_development: bool = False
    is_https: bool = False
    host: str = "127.0.0.1"
    port: int = 8000
    threads: int = 8
    workers: int = field(default_factory=default_workers)
    session_days: int = 30
    max_body_bytes: int = 2 * 1024 * 1024
    max_photo_bytes: int = 20 * 1024 * 1024
    max_photo_pixels: int = 40_000_000
    stall_seconds: int = 20
    max_import_bytes: int = 512 * 1024 * 1024
    sign_in_attempts: int = 8
    sign_in_window_seconds: int = 900
    min_app_version: str = "0.0.0"
    proxies: int = 0
    jobs_url: str = field(default_factory=str)
    public_url: str = field(default_factory=str)
    smtp_url: str = field(default_factory=str)
    mail_from: str = field(default_factory=str)
    webhook_url: str = field(default_factory=str)
    webhook_secret: str = field(default_factory=str)
    blob_dir: Path = field(default=Path("blobs"))

    @property
    def vapid_dir(self) -> Path:
        """Where the web push key pair lies."""
        return self.home / "secrets"


ENVIRONMENT = {
    "SUICHA_HOME": "home",
    "SUICHA_DATABASE_URL": "database_url",
    "SUICHA_BLOB_URL": "blob_dir",
    "SUICHA_SECRET_KEY": "secret_key",
    "SUICHA_DEVELOPMENT": "is_development",
    "SUICHA_HTTPS": "is_https",
    "SUICHA_HOST": "host",
    "SUICHA_PORT": "port",
    "SUICHA_THREADS": "threads",
    "SUICHA_WORKERS": "workers",
    "SUICHA_SESSION_DAYS": "session_days",
    "SUICHA_MAX_BODY_BYTES": "max_body_bytes",
    "SUICHA_MAX_PHOTO_BYTES": "max_photo_bytes",
    "SUICHA_MAX_PHOTO_PIXELS": "max_photo_pixels",
    "SUICHA_STALL_SECONDS": "stall_seconds",
    "SUICHA_MAX_IMPORT_BYTES": "max_import_bytes",
    "SUICHA_SIGN_IN_ATTEMPTS": "sign_in_attempts",
    "SUICHA_SIGN_IN_WINDOW_SECONDS": "sign_in_window_seconds",
    "SUICHA_MIN_APP_VERSION": "min_app_version",
    "SUICHA_PROXIES": "proxies",
    "SUICHA_JOBS_URL": "jobs_url",
    "SUICHA_PUBLIC_URL": "public_url",
    "SUICHA_SMTP_URL": "smtp_url",
    "SUICHA_MAIL_FROM": "mail_from",
    "SUICHA_WEBHOOK_URL": "webhook_url",
    "SUICHA_WEBHOOK_SECRET": "webhook_secret",
}
# whole numbers from 1 up to what still makes sense: beyond it something breaks later, unexplained
_INTEGERS = {
    "port": 65_535,
    "threads": 1_000,
    "workers": 1_000,
    "session_days": 3_650,
    "max_body_bytes": 2**30,
    "max_photo_bytes": 2**30,
    "max_photo_pixels": 1_000_000_000,
    "stall_seconds": 3_600,
    "max_import_bytes": 2**32 - 1,  # beyond it a ZIP needs another form
    "sign_in_attempts": 1_000_000,
    "sign_in_window_seconds": 31 * 86_400,
    "proxies": 10,
}
_VERSION = re.compile(r"[0-9]{1,6}(\.[0-9]{1,6}){0,3}")
_BELLS = ("sqlite:///", "postgresql+psycopg://", "redis://", "rediss://")
_SCHEMES = {
    "public_url": ("http", "https"),
    "smtp_url": ("smtp", "smtp+starttls", "smtps"),
    "webhook_url": ("http", "https"),
}
_MAILBOX = re.compile(r"[A-Za-z0-9._+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_FLAGS = {"is_development", "is_https"}


def load_config(environ: Mapping[str, str] | None = None) -> Config:
    """Reads and checks the settings; raises BadSetting with a line that names the culprit."""
    env = os.environ if environ is None else environ
    unknown = sorted(k for k in env if k.startswith("SUICHA_") and k not in ENVIRONMENT)
    if unknown:
        raise BadSetting(f"unknown setting {unknown[0]}: see docs/configuration.md")
    values: dict[str, object] = {}
    for name, attribute in ENVIRONMENT.items():
        if (text := env.get(name)) is None or text == "":
            continue
        values[attribute] = _parse(name, attribute, text)
    home = Path(str(values.pop("home", "var"))).expanduser().resolve()
    database = str(values.pop("database_url", "") or f"sqlite:///{home / 'suicha.sqlite3'}")
    if not database.startswith(("sqlite:///", "postgresql+psycopg://")) or not _is_url(database):
        raise BadSetting("SUICHA_DATABASE_URL: sqlite:///… or postgresql+psycopg://… expected")
    jobs = str(values.pop("jobs_url", "") or f"sqlite:///{home / 'jobs.sqlite3'}")
    if not jobs.startswith(_BELLS) or not _is_url(jobs):
        kinds = "sqlite:///…, postgresql+psycopg://… or redis://…"
        raise BadSetting(f"SUICHA_JOBS_URL: {kinds} expected")
    blob_text = str(values.pop("blob_dir", "") or home / "blobs").removeprefix("file://")
    if "://" in blob_text:
        raise BadSetting("SUICHA_BLOB_URL: a folder or file://… expected")
    blobs = Path(blob_text).expanduser()
    if bool(values.get("webhook_url")) != bool(values.get("webhook_secret")):
        raise BadSetting("SUICHA_WEBHOOK_SECRET: goes with SUICHA_WEBHOOK_URL, neither alone")
    if bool(values.get("smtp_url")) != bool(values.get("mail_from")):
        raise BadSetting("SUICHA_MAIL_FROM: goes with SUICHA_SMTP_URL, neither alone")
    secret = str(values.pop("secret_key", "") or "") or _stored_secret(home)
    if len(secret) < 32:
        raise BadSetting("SUICHA_SECRET_KEY: at least 32 characters expected")
    return Config(
        home=home,
        database_url=database,
        secret_key=secret,
        blob_dir=blobs.resolve(),
        jobs_url=jobs,
        **values,  # type: ignore[arg-type]
    )


def _parse(name: str, attribute: str, text: str) -> object:
    if attribute in _INTEGERS:
        least, most = 0 if attribute == "proxies" else 1, _INTEGERS[attribute]
        if not text.isdecimal() or len(text) > 15 or not least <= int(text) <= most:
            wanted = f"a whole number from {least} to {most}"
            raise BadSetting(f"{name}: {wanted} expected, got {text[:40]!r}")
        return int(text)
    if attribute in _FLAGS:
        if text.lower() not in {"0", "1", "true", "false", "yes", "no"}:
            raise BadSetting(f"{name}: 1 or 0 expected, got {text[:40]!r}")
        return text.lower() in {"1", "true", "yes"}
    if attribute in _SCHEMES:
        return _place(name, attribute, text)
    if attribute == "mail_from" and not _MAILBOX.fullmatch(text):
        raise BadSetting(f"{name}: one e-mail address expected")
    if attribute == "webhook_secret" and len(text) < 16:
        raise BadSetting(f"{name}: at least 16 characters expected")
    if attribute == "min_app_version" and not _VERSION.fullmatch(text):
        raise BadSetting(f"{name}: a version such as 1.2.0 expected, got {text[:40]!r}")
    return text


def _place(name: str, attribute: str, text: str) -> str:
    """An address without a slash at the end. What it holds may be a password: it is not told."""
    schemes = _SCHEMES[attribute]
    try:
        parts = urlsplit(text)
        is_whole = parts.scheme in schemes and parts.hostname and (parts.port or 1)
    except ValueError:
        is_whole = False
    if not is_whole:
        raise BadSetting(f"{name}: {' or '.join(f'{one}://…' for one in schemes)} expected")
    return text.rstrip("/") if attribute == "public_url" else text


def _is_url(text: str) -> bool:
    try:
        make_url(text)
    except (ArgumentError, ValueError):
        return False
    return True


def _stored_secret(home: Path) -> str:
    """The key that signs cookies: made once at first start, readable by the owner only."""
    path = home / "secrets" / "secret_key"
    try:
        if not path.exists():
            write_once(path, secrets.token_urlsafe(48).encode())
        secret = path.read_text().strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not text"
        raise BadSetting(f"SUICHA_HOME: {path} cannot be used: {reason}") from None
    if len(secret) < 32:
        raise BadSetting(f"SUICHA_HOME: {path} holds no key; delete it to have one made")
    return secret
