"""The signature below a root: no database, so that anybody can check it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from domain.canonical import canonical_json
from domain.trail import ROOT_FIELDS, ROOT_FORMAT, TRAIL_FORMAT, find_proof_fault
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
    """The same for the proof of one entry: its way to the root, and the root's signature."""
    if fault := find_proof_fault(proof):
        return fault
    return find_root_fault(proof["root"], keys)


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
