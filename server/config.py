"""Settings: environment variables ``SUICHA_*``, checked once at start.

Every name here stands in ``docs/configuration.md``; a test compares the two.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


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
    workers: int = 1
    session_days: int = 30
    max_body_bytes: int = 2 * 1024 * 1024
    max_photo_bytes: int = 20 * 1024 * 1024
    max_photo_pixels: int = 40_000_000
    sign_in_attempts: int = 8
    sign_in_window_seconds: int = 900
    min_app_version: str = "0.0.0"
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
    "SUICHA_SIGN_IN_ATTEMPTS": "sign_in_attempts",
    "SUICHA_SIGN_IN_WINDOW_SECONDS": "sign_in_window_seconds",
    "SUICHA_MIN_APP_VERSION": "min_app_version",
}
_INTEGERS = {
    "port", "threads", "workers", "session_days", "max_body_bytes", "max_photo_bytes",
    "max_photo_pixels", "sign_in_attempts", "sign_in_window_seconds",
}  # fmt: skip
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
    if not database.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise BadSetting("SUICHA_DATABASE_URL: sqlite:///… or postgresql+psycopg://… expected")
    blob_text = str(values.pop("blob_dir", "") or home / "blobs")
    blobs = Path(blob_text.removeprefix("file://")).expanduser()
    secret = str(values.pop("secret_key", "") or "") or _stored_secret(home)
    if len(secret) < 32:
        raise BadSetting("SUICHA_SECRET_KEY: at least 32 characters expected")
    return Config(
        home=home,
        database_url=database,
        secret_key=secret,
        blob_dir=blobs.resolve(),
        **values,  # type: ignore[arg-type]
    )


def _parse(name: str, attribute: str, text: str) -> object:
    if attribute in _INTEGERS:
        if not text.isdecimal() or int(text) < 1:
            raise BadSetting(f"{name}: a whole number of at least 1 expected, got {text!r}")
        return int(text)
    if attribute in _FLAGS:
        if text.lower() not in {"0", "1", "true", "false", "yes", "no"}:
            raise BadSetting(f"{name}: 1 or 0 expected, got {text!r}")
        return text.lower() in {"1", "true", "yes"}
    return text


def _stored_secret(home: Path) -> str:
    """The key that signs cookies: made once at first start, readable by the owner only."""
    path = home / "secrets" / "secret_key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as f:
                f.write(secrets.token_urlsafe(48))
        except FileExistsError:  # two processes started at once: the first one's key counts
            pass
    return path.read_text().strip()
