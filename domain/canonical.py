"""Canonical JSON (docs/protocol.md §13.1): one text per value, the same in Python and a browser.

Keys sorted by code point (not by UTF-16 unit, which is JavaScript's default order), no blanks,
nothing escaped that need not be, integers only, strings in NFC.
"""

import hashlib
import json
import unicodedata
from collections.abc import Mapping

_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def canonical_json(value: object) -> str:
    """The canonical text. Raises TypeError for a fraction or anything JSON does not have."""
    return _encode(_canonical(value))


def canonical_sha256(value: object) -> str:
    """SHA-256 of the canonical text in UTF-8, 64 lower-case hex digits."""
    return hashlib.sha256(canonical_json(value).encode()).hexdigest()


def _canonical(value: object) -> object:
    if isinstance(value, str):
        return _text(value)
    if value is None or isinstance(value, int):
        return value
    if isinstance(value, (dict, Mapping)):  # a dict is known at once, a Mapping by asking its class
        return {_key(key): _canonical(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_canonical(inner) for inner in value]
    raise TypeError(f"not canonical JSON: {type(value).__name__}")


def _key(key: object) -> str:
    if not isinstance(key, str):
        raise TypeError("not canonical JSON: keys are strings")
    return _text(key)


def _text(value: str) -> str:
    # A subclass such as StrEnum becomes plain text here.
    text = value if type(value) is str else str(value)
    return text if text.isascii() else unicodedata.normalize("NFC", text)
