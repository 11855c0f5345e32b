"""Folders and key files of an installation; readable by their owner only."""

from __future__ import annotations

from pathlib import Path

from server.config import BadSetting, Config
from server.once import write_once

PRIVATE_KEY = "vapid_private.pem"
PUBLIC_KEY = "vapid_public.pem"


def ensure_folders(config: Config) -> None:
    """Makes what is missing; leaves the rights of what is there alone."""
    folders = {"SUICHA_HOME": config.home, "SUICHA_BLOB_URL": config.blob_dir}
    for name, folder in folders.items():
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise BadSetting(f"{name}: {folder} cannot be used: {error.strerror}") from None
    (config.home / "secrets").mkdir(exist_ok=True, mode=0o700)


def ensure_vapid_keys(folder: Path) -> bool:
    """Makes the web push key pair (RFC 8292) unless it is there; True when it was made.

    New keys would silence every phone that has subscribed, so an existing private key is never
    replaced; the public one follows from it, whoever made it.
    """
    private, public = folder / PRIVATE_KEY, folder / PUBLIC_KEY
    if private.exists() and public.exists():
        return False
    from py_vapid import Vapid

    keys = Vapid()
    keys.generate_keys()
    is_new = write_once(private, keys.private_pem())
    write_once(public, Vapid.from_pem(private.read_bytes()).public_pem())
    return is_new
