"""Folders and key files of an installation; readable by their owner only."""

from __future__ import annotations

import os
from pathlib import Path

from server.config import Config

PRIVATE_KEY = "vapid_private.pem"
PUBLIC_KEY = "vapid_public.pem"


def ensure_folders(config: Config) -> None:
    """Makes what is missing; leaves the rights of what is there alone."""
    config.home.mkdir(parents=True, exist_ok=True)
    config.blob_dir.mkdir(parents=True, exist_ok=True)
    (config.home / "secrets").mkdir(exist_ok=True, mode=0o700)


def ensure_vapid_keys(folder: Path) -> bool:
    """Makes the web push key pair (RFC 8292) unless it is there; True when it was made.

    New keys would silence every phone that has subscribed, so an existing pair is never replaced.
    """
    if (folder / PRIVATE_KEY).exists():
        return False
    from py_vapid import Vapid

    keys = Vapid()
    keys.generate_keys()
    _write(folder / PUBLIC_KEY, keys.public_pem())
    _write(folder / PRIVATE_KEY, keys.private_pem())
    return True


def _write(path: Path, content: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
