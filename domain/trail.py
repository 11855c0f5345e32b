"""The trail: what is hashed of an audit event, what is signed of a day, how a sample is picked
(docs/audit.md)."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from domain.canonical import canonical_json
from domain.merkle import hash_leaf, is_consistent, is_included

ENTRY_FORMAT = "suicha-audit-entry/1"
ROOT_FORMAT = "suicha-audit-root/1"
PROOF_FORMAT = "suicha-audit-proof/1"
CONSISTENCY_FORMAT = "suicha-audit-consistency/1"
TRAIL_FORMAT = "suicha-trail/1"
ROOT_FIELDS = {"format", "county", "size", "root", "made_at", "previous"}
MARK = "$"


def build_entry(
    *,
    county: int,
    event: int,
    at: datetime,
    person: int | None,
    device: str | None,
    action: str,
    target: str,
    details: Mapping[str, Any],
) -> dict[str, Any]:
    """What is hashed of one event; ``county``, ``event`` and ``person`` are ids of the database it
    is kept in. Two events that differ in anything have different entries."""
    return {
        "format": ENTRY_FORMAT,
        "county": county,
        "event": event,
        "at": dump_moment(at),
        "person": person,
        "device": _exact(device),
        "action": _exact(action),
        "target": _exact(target),
        "details": _exact(dict(details)),
    }


def build_foreign_entry(county: int, event: int, texts: Sequence[str]) -> dict[str, Any]:
    """The same for a row that is not as the product writes it: its columns as text."""
    return {
        "format": ENTRY_FORMAT,
        "county": county,
        "event": event,
        "written_otherwise": [one.encode("utf-8", "backslashreplace").hex() for one in texts],
    }


def hash_entry(entry: Mapping[str, Any]) -> bytes:
    """The leaf of an entry: its canonical text in UTF-8, hashed as a leaf."""
    return hash_leaf(canonical_json(entry).encode())


def build_root_document(
    *, county: str, size: int, root: bytes, made_at: datetime, previous: str
) -> dict[str, Any]:
    """What is signed: the county's code, how many entries, their root, when, and the root signed
    before it (empty for the first)."""
    return {
        "format": ROOT_FORMAT,
        "county": county,
        "size": size,
        "root": root.hex(),
        "made_at": dump_moment(made_at),
        "previous": previous,
    }


def find_proof_fault(proof: Mapping[str, Any]) -> str:
    """Empty when the entry of a proof lies at its place below its root, else a stable word.
    Whether that root was signed is asked elsewhere."""
    try:
        signed = proof["root"]["root"]
        path = [bytes.fromhex(one) for one in proof["path"]]
        leaf, root = hash_entry(proof["entry"]), bytes.fromhex(signed["root"])
        place, size = proof["place"], signed["size"]
        if proof["format"] != PROOF_FORMAT or type(place) is not int or type(size) is not int:
            return "proof.wrong_shape"
    except (KeyError, TypeError, ValueError, AttributeError):
        return "proof.wrong_shape"
    return "" if is_included(leaf, place, size, path, root) else "proof.not_included"


def find_consistency_fault(proof: Mapping[str, Any]) -> str:
    """Empty when the list below the later root of a proof begins with the list below the earlier
    one, so that nothing was changed or taken out in between; else a stable word. Whether the two
    roots were signed is asked elsewhere."""
    try:
        first, root = proof["first"]["root"], proof["root"]["root"]
        path = [bytes.fromhex(one) for one in proof["path"]]
        roots = [bytes.fromhex(one["root"]) for one in (first, root)]
        sizes = [first["size"], root["size"]]
        is_ours = proof["format"] == CONSISTENCY_FORMAT and first["county"] == root["county"]
        if not is_ours or any(type(one) is not int for one in sizes):
            return "proof.wrong_shape"
    except (KeyError, TypeError, ValueError, AttributeError):
        return "proof.wrong_shape"
    is_grown = is_consistent(sizes[0], roots[0], sizes[1], roots[1], path)
    return "" if is_grown else "proof.not_consistent"


def pick_sample(ids: Collection[int], seed: str, count: int) -> list[int]:
    """``count`` of the ids by lot, in order of their id: those with the lowest
    SHA-256(seed ‖ 0x1f ‖ id), so that the same seed picks the same again."""
    lots = sorted(ids, key=lambda one: hashlib.sha256(f"{seed}\x1f{one}".encode()).digest())
    return sorted(lots[:count])


def dump_moment(at: datetime) -> str:
    """To the microsecond, in UTC: an event is found changed by the smallest step its column has."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}Z"


def _exact(value: Any) -> Any:
    """A value that canonical JSON takes without losing anything. What it would refuse (fractions)
    or write in one way although there are two (texts that are not in NFC) is kept under a mark."""
    if isinstance(value, float):
        return {f"{MARK}fraction": repr(value)}
    if isinstance(value, str):
        text = str(value)
        return text if _is_plain(text) else {f"{MARK}utf8": text.encode().hex()}
    if isinstance(value, Mapping):
        if all(_is_plain(key) and not key.startswith(MARK) for key in value):
            return {key: _exact(inner) for key, inner in value.items()}
        pairs = [[_exact(key), _exact(inner)] for key, inner in sorted(value.items())]
        return {f"{MARK}pairs": pairs}
    if isinstance(value, (list, tuple)):
        return [_exact(inner) for inner in value]
    return value


def _is_plain(text: str) -> bool:
    return text.isascii() or unicodedata.is_normalized("NFC", text)
