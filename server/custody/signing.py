"""What is signed and how it is checked: no database, no clock, so that anybody can run it."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from domain.canonical import canonical_json

FORMAT = "suicha-custody/1"
DOCUMENT = {"receipt", "key_id", "signature"}
RECEIPT = {
    "format", "jurisdiction", "inspection", "number", "person", "epoch", "issued_at", "space_seq",
    "ops", "photos", "photos_declared", "photos_stored", "is_complete",
}  # fmt: skip


class Unreadable(ValueError):
    """The file is no JSON object."""


def encode(data: bytes) -> str:
    """base64url without padding (RFC 4648 part 5)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def key_id_of(public_key: bytes) -> str:
    """The first 16 hex digits of the SHA-256 of the raw public key."""
    return hashlib.sha256(public_key).hexdigest()[:16]


def parse_document(data: bytes) -> dict[str, Any]:
    """The file's object. Raises Unreadable, also for a name that occurs twice: two readers could
    read two receipts."""
    try:
        found = json.loads(data, object_pairs_hook=_only_once)
    except (ValueError, RecursionError) as error:
        raise Unreadable(str(error)) from error
    if not isinstance(found, dict):
        raise Unreadable("not an object")
    return found


def parse_keys(document: Mapping[str, Any]) -> dict[str, str]:
    """Public keys by id out of what ``GET /api/v1/custody-keys`` answers. Raises Unreadable."""
    try:
        return {str(one["key_id"]): str(one["public_key"]) for one in document["keys"]}
    except (KeyError, TypeError) as error:
        raise Unreadable("no list of keys") from error


def check_document(document: Mapping[str, Any], keys: Mapping[str, str]) -> list[str]:
    """What is wrong with a custody receipt, as stable words; empty when the server that holds the
    key signed exactly this. ``keys``: base64url public keys by id."""
    receipt, key_id = document.get("receipt"), document.get("key_id")
    if set(document) != DOCUMENT or not isinstance(receipt, dict) or set(receipt) != RECEIPT:
        return ["custody.wrong_shape"]
    if receipt["format"] != FORMAT:
        return ["custody.unknown_format"]
    public_key = keys.get(key_id) if isinstance(key_id, str) else None
    if public_key is None:
        return ["custody.unknown_key"]
    try:
        raw, signature = decode(public_key), decode(document["signature"])
        text = canonical_json(receipt)
        if json.loads(text) != receipt:  # written otherwise than signed (not in NFC)
            return ["custody.not_canonical"]
        if key_id_of(raw) != key_id:
            return ["custody.unknown_key"]
        Ed25519PublicKey.from_public_bytes(raw).verify(signature, text.encode())
    except (InvalidSignature, TypeError, ValueError):
        return ["custody.bad_signature"]
    return []


def find_signature_fault(
    text: str, key_id: object, signature: object, keys: Mapping[str, str]
) -> str:
    """Empty when the key of this id signed the text, else ``unknown_key`` or ``bad_signature``."""
    public_key = keys.get(key_id) if isinstance(key_id, str) else None
    if public_key is None:
        return "unknown_key"
    try:
        raw, signed = decode(public_key), decode(signature)
        if key_id_of(raw) != key_id:
            return "unknown_key"
        Ed25519PublicKey.from_public_bytes(raw).verify(signed, text.encode())
    except (InvalidSignature, TypeError, ValueError):
        return "bad_signature"
    return ""


def decode(text: object) -> bytes:
    """Strict: one text for each bytes, so that no letter can be changed unnoticed. Raises TypeError
    and ValueError."""
    if not isinstance(text, str):
        raise TypeError("not text")
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError("not base64url") from error
    if encode(data) != text:
        raise ValueError("not base64url as written by us")
    return data


def _only_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name occurs twice")
    return found
