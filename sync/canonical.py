"""Canonical JSON and its hash (docs/protocol 13.1), and what may stand in it.

The text itself is the domain's (the draw publishes the same form); here is the reading side: plain
JSON from the wire made safe, so that canonical text, UTF-8 and PostgreSQL all accept it.
"""

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping
from typing import Final

from domain.canonical import canonical_json as dump_canonical
from domain.canonical import canonical_sha256 as hash_canonical
from domain.errors import fault

__all__ = ["Plain", "dump_as_sent", "dump_canonical", "hash_canonical", "hash_text", "parse_plain"]

Plain = None | bool | int | str | list["Plain"] | dict[str, "Plain"]

MAX_SAFE_INTEGER: Final = 2**53 - 1  # beyond it JavaScript no longer counts one by one
MAX_DEPTH: Final = 12
_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
_UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")  # NUL, half a surrogate pair


def parse_plain(value: object, path: str, depth: int = 0) -> Plain:
    """The value with its strings in NFC. Raises ``op.fraction`` for a fraction and
    ``request.wrong_type`` for NUL, half a surrogate pair, an unsafe integer or deep nesting;
    ``path`` names the place."""
    if depth > MAX_DEPTH:
        raise fault("request.wrong_type", field=path)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        if abs(value) > MAX_SAFE_INTEGER:
            raise fault("request.wrong_type", field=path)
        return value
    if isinstance(value, float):
        raise fault("op.fraction", field=path)
    if isinstance(value, str):
        return parse_string(value, path)
    if isinstance(value, list):
        return [parse_plain(one, f"{path}[{at}]", depth + 1) for at, one in enumerate(value)]
    if isinstance(value, Mapping):
        return {
            parse_string(key, path): parse_plain(inner, f"{path}.{key}", depth + 1)
            for key, inner in value.items()
        }
    raise fault("request.wrong_type", field=path)


def parse_string(value: object, path: str, name: str = "") -> str:
    """NFC text that any database and any UTF-8 file can hold, else ``request.wrong_type`` with the
    path, or the path of ``name`` in it."""
    if not isinstance(value, str) or _UNSTORABLE.search(value):
        raise fault("request.wrong_type", field=f"{path}.{name}".strip(".") if name else path)
    return value if value.isascii() else unicodedata.normalize("NFC", value)


def dump_checked(value: object) -> str:
    """``dump_canonical`` of JSON whose every part was read strictly: it holds no fraction, and
    mostly it is in NFC already, which the whole text tells at once."""
    text = _encode(value)
    if text.isascii() or unicodedata.is_normalized("NFC", text):
        return text
    return dump_canonical(value)


def dump_as_sent(value: object) -> str:
    """Any JSON as stable ASCII text, for keeping what cannot be read. Equal input, equal text."""
    return json.dumps(value, ensure_ascii=True, sort_keys=True, separators=(",", ":"))


def hash_text(text: str) -> str:
    """SHA-256 of the text in UTF-8, 64 lower-case hex digits."""
    return hashlib.sha256(text.encode()).hexdigest()
