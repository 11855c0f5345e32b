"""The installation's signing key: a file its owner alone reads, its public half on record."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from sqlalchemy import select

from server.config import BadSetting
from server.custody.models import CustodyKey
from server.custody.signing import encode, key_id_of
from server.db import db, unit_of_work
from server.once import write_once
from server.runtime import now, runtime

FILE = "custody_ed25519.pem"


@dataclass(frozen=True, slots=True)
class Signer:
    """The key in force. ``sign`` answers base64url without padding."""

    key_id: str
    private: Ed25519PrivateKey

    def sign(self, text: str) -> str:
        """Ed25519 (RFC 8032) over the text in UTF-8."""
        return encode(self.private.sign(text.encode()))


def ensure_custody_key(folder: Path) -> bool:
    """Makes the key unless it is there; True when it was made. To change it, take the file away:
    what was signed before still verifies, its public key stays on record."""
    path = folder / FILE
    if path.exists():
        return False
    private = Ed25519PrivateKey.generate()
    return write_once(
        path, private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )


def open_signer() -> Signer:
    """The key in force, made where it is missing and on record before it signs anything. Raises
    BadSetting for a file that holds no Ed25519 key."""
    folder = runtime().config.home / "secrets"
    ensure_custody_key(folder)
    path = folder / FILE
    try:
        private = load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError) as error:
        raise BadSetting(f"SUICHA_HOME: {path} cannot be used: {error}") from None
    if not isinstance(private, Ed25519PrivateKey):
        raise BadSetting(f"SUICHA_HOME: {path} holds no Ed25519 key")
    public = private.public_key().public_bytes_raw()
    signer = Signer(key_id_of(public), private)
    if db.session.get(CustodyKey, signer.key_id) is None:
        _record(signer.key_id, encode(public))
    return signer


def list_keys() -> list[CustodyKey]:
    """Every key that ever signed, the newest first."""
    query = select(CustodyKey).order_by(CustodyKey.since.desc(), CustodyKey.key_id)
    return list(db.session.scalars(query))


def _record(key_id: str, public_key: str) -> None:
    """Two processes may meet here; the second finds the row of the first."""
    with unit_of_work() as work:
        if db.engine.dialect.name == "postgresql":
            from sqlalchemy import text

            work.execute(text("LOCK TABLE custody_keys IN SHARE ROW EXCLUSIVE MODE"))
        if work.get(CustodyKey, key_id, populate_existing=True) is None:
            work.add(CustodyKey(key_id=key_id, public_key=public_key, since=now()))
