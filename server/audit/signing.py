"""The signature below a root: no database, so that anybody can check it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from domain.canonical import canonical_json
from domain.trail import (
    CONSISTENCY_FORMAT,
    ROOT_FIELDS,
    ROOT_FORMAT,
    TRAIL_FORMAT,
    find_consistency_fault,
    find_proof_fault,
)
from server.custody.signing import Unreadable, find_signature_fault, parse_document

SIGNED = {"root", "key_id", "signature"}


def find_root_fault(document: Mapping[str, Any], keys: Mapping[str, str]) -> str:
    """Empty when one of ``keys`` (base64url by id) signed exactly this root, else a stable word."""
    root = document.get("root")
    if set(document) != SIGNED or not isinstance(root, dict) or set(root) != ROOT_FIELDS:
        return "root.wrong_shape"
    if root["format"] != ROOT_FORMAT:
        return "root.wrong_shape"
    try:
        text = canonical_json(root)
    except TypeError:
        return "root.wrong_shape"
    fault = find_signature_fault(text, document["key_id"], document["signature"], keys)
    return fault and f"root.{fault}"


def find_signed_proof_fault(proof: Mapping[str, Any], keys: Mapping[str, str]) -> str:
    """The same for the proof of one entry: its way to the root, and the root's signature; or for
    the proof that one root's list begins another's, and both their signatures."""
    if proof.get("format") == CONSISTENCY_FORMAT:
        if fault := find_consistency_fault(proof):
            return fault
        return find_root_fault(proof["first"], keys) or find_root_fault(proof["root"], keys)
    if fault := find_proof_fault(proof):
        return fault
    return find_root_fault(proof["root"], keys)


def parse_root(data: bytes) -> dict[str, Any]:
    """A signed root somebody kept: one alone, the later one of a proof, or the newest of a
    downloaded list. Raises Unreadable for anything else."""
    document = parse_document(data)
    if document.get("format") == TRAIL_FORMAT:
        found = parse_trail(data)["roots"][-1:]
    else:
        found = [document if set(document) == SIGNED else document.get("root")]
    if not found or not isinstance(found[0], dict) or set(found[0]) != SIGNED:
        raise Unreadable("not a signed root")
    return found[0]


def parse_trail(data: bytes) -> dict[str, Any]:
    """What ``/public/trail/roots.json`` answers. Raises Unreadable for anything else."""
    document = parse_document(data)
    county, roots, keys = (document.get(name) for name in ("county", "roots", "keys"))
    is_trail = (
        document.get("format") == TRAIL_FORMAT
        and isinstance(county, dict)
        and isinstance(county.get("code"), str)
        and isinstance(keys, list)
        and isinstance(roots, list)
        and all(isinstance(one, dict) for one in roots)
    )
    if not is_trail:
        raise Unreadable("not a list of roots")
    return document
