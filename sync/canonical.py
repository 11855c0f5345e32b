"""Canonical JSON and its hash (docs/protocol 13.1), and what may stand in it.

The text itself is the domain's (the draw publishes the same form); here is the reading side: plain
JSON from the wire made safe, so that canonical text, UTF-8 and PostgreSQL all accept it.
"""

import hashlib
import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Final

from domain.canonical import canonical_json as dump_canonical
from domain.canonical import canonical_sha256 as hash_canonical
from domain.errors import fault

__all__ = [
    "Encode",
    "Plain",
    "check_plain",
    "dump_as_sent",
    "dump_canonical",
    "dump_clean",
    "encode",
    "hash_canonical",
    "hash_text",
    "parse_plain",
]

Plain = None | bool | int | str | list["Plain"] | dict[str, "Plain"]

MAX_SAFE_INTEGER: Final = 2**53 - 1  # beyond it JavaScript no longer counts one by one
MAX_DEPTH: Final = 12
Encode = Callable[[object], str]
encode: Encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
_ESCAPED_NUL: Final = "\\u0000"  # as the encoder writes it; or as somebody typed it
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


def check_plain(value: object, path: str, depth: int = 0) -> None:
    """What ``parse_plain`` refuses, of JSON whose texts are known to be clean (``dump_clean``)."""
    if isinstance(value, str | bool) or value is None:
        return
    if depth > MAX_DEPTH:
        raise fault("request.wrong_type", field=path)
    if isinstance(value, dict):
        for key, inner in value.items():
            if not isinstance(inner, str):  # most are, and then a path is made for nothing
                check_plain(inner, f"{path}.{key}", depth + 1)
    elif isinstance(value, list):
        for at, one in enumerate(value):
            check_plain(one, f"{path}[{at}]", depth + 1)
    else:
        parse_plain(value, path, depth)


def parse_string(value: object, path: str, name: str = "") -> str:
    """NFC text that any database and any UTF-8 file can hold, else ``request.wrong_type`` with the
    path, or the path of ``name`` in it."""
    if not isinstance(value, str) or _UNSTORABLE.search(value):
        raise fault("request.wrong_type", field=f"{path}.{name}".strip(".") if name else path)
    return value if value.isascii() else unicodedata.normalize("NFC", value)


def dump_clean(value: object, encode: Encode = encode) -> str | None:
    """The canonical text of JSON in which every text is clean: in NFC, without NUL and without half
    a surrogate pair. The text as a whole tells that at once, where asking each string takes longer
    than everything else about an operation. None where one may be unclean: it is then read string
    by string. A fraction is not noticed here. A host may bring a faster ``encode`` that writes the
    same text."""
    text = encode(value)
    if _ESCAPED_NUL in text:
        return None
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return None
    return text if unicodedata.is_normalized("NFC", text) else None


def dump_as_sent(value: object) -> str:
    """Any JSON as stable ASCII text, for keeping what cannot be read. Equal input, equal text."""
    return json.dumps(value, ensure_ascii=True, sort_keys=True, separators=(",", ":"))


def hash_text(text: str) -> str:
    """SHA-256 of the text in UTF-8, 64 lower-case hex digits."""
    return hashlib.sha256(text.encode()).hexdigest()
