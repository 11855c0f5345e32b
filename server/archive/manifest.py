"""The list of a ZIP's files with their hashes: what is signed, and how anybody checks it again.
No database and no clock, so that it can be run anywhere."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from domain.canonical import canonical_json
from server.custody.signing import Unreadable, decode, parse_document

FORMAT = "suicha-archive/1"
MANIFEST, SIGNATURE, PDF = "manifest.json", "signature.json", "dossier.pdf"
MAX_MANIFEST_BYTES = 8 * 2**20
BLOCK_BYTES = 2**20


@dataclass(frozen=True, slots=True)
class Difference:
    """``code`` is stable; ``name`` the file it is about."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Checked:
    """``differences`` in the order of the list. ``is_signed``: a known key signed exactly this
    list; None where no key was given to check with."""

    manifest: Mapping[str, Any]
    differences: tuple[Difference, ...]
    is_signed: bool | None


def check_archive(path: Path, keys: Mapping[str, str] | None = None) -> Checked:
    """Recomputes every hash. ``keys``: base64url public keys by id. Raises Unreadable for what is
    no archive of ours; a damaged one is read as far as it goes."""
    try:
        with zipfile.ZipFile(path) as file:
            return _check(file, keys)
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError) as error:
        raise Unreadable(str(error)) from error


def _check(file: zipfile.ZipFile, keys: Mapping[str, str] | None) -> Checked:
    names = [one.filename for one in file.infolist()]
    manifest, found = _read_manifest(file)
    listed = [one["name"] for one in manifest["files"]]
    for one in manifest["files"]:
        if one["name"] not in names:
            found.append(Difference("archive.file_missing", one["name"]))
        elif code := _compare(file, one):
            found.append(Difference(code, one["name"]))
    digests = {one["name"]: one["sha256"] for one in manifest["files"]}
    for one in manifest["sheets"]:
        if digests.get(one["file"]) != one["digest"]:
            found.append(Difference("archive.sheet_differs", one["file"]))
    known = {*listed, MANIFEST, SIGNATURE}
    found += [Difference("archive.file_unlisted", name) for name in names if name not in known]
    found += [Difference("archive.file_twice", name) for name in known if names.count(name) > 1]
    is_signed = _is_signed(file, manifest, keys) if keys is not None else None
    if is_signed is False:
        found.append(Difference("archive.bad_signature", SIGNATURE))
    return Checked(manifest, tuple(found), is_signed)


def _read_manifest(file: zipfile.ZipFile) -> tuple[dict[str, Any], list[Difference]]:
    try:
        with file.open(MANIFEST) as entry:
            data = entry.read(MAX_MANIFEST_BYTES + 1)
    except (KeyError, zipfile.BadZipFile) as error:
        raise Unreadable("no list of files") from error
    if len(data) > MAX_MANIFEST_BYTES:
        raise Unreadable("the list of files is too long")
    manifest = parse_document(data)
    if manifest.get("format") != FORMAT or not _has_shape(manifest):
        raise Unreadable("not a list of ours")
    is_same = canonical_json(manifest).encode() == data
    return manifest, [] if is_same else [Difference("archive.not_canonical", MANIFEST)]


def _has_shape(manifest: Mapping[str, Any]) -> bool:
    files, sheets = manifest.get("files"), manifest.get("sheets")
    if not isinstance(files, list) or not isinstance(sheets, list):
        return False
    return all(
        isinstance(one, dict)
        and isinstance(one.get("name"), str)
        and isinstance(one.get("bytes"), int)
        and isinstance(one.get("sha256"), str)
        for one in files
    ) and all(
        isinstance(one, dict) and isinstance(one.get("file"), str) and "digest" in one
        for one in sheets
    )


def _compare(file: zipfile.ZipFile, told: Mapping[str, Any]) -> str:
    """Reads no byte more than the list promises."""
    try:
        with file.open(told["name"]) as entry:
            length, sha256 = hash_stream(entry, told["bytes"])
    except (zipfile.BadZipFile, EOFError, OSError, RuntimeError, NotImplementedError):
        return "archive.file_differs"  # its own checksum says so already
    if length != told["bytes"]:
        return "archive.size_differs"
    return "" if sha256 == told["sha256"] else "archive.file_differs"


def hash_stream(stream: IO[bytes], at_most: int | None = None) -> tuple[int, str]:
    """(bytes, SHA-256 in hex); stops one block after ``at_most``."""
    digest, length = hashlib.sha256(), 0
    while block := stream.read(BLOCK_BYTES):
        digest.update(block)
        length += len(block)
        if at_most is not None and length > at_most:
            break
    return length, digest.hexdigest()


def _is_signed(file: zipfile.ZipFile, manifest: Mapping[str, Any], keys: Mapping[str, str]) -> bool:
    try:
        with file.open(SIGNATURE) as entry:
            told = json.loads(entry.read(BLOCK_BYTES))
        public = Ed25519PublicKey.from_public_bytes(decode(keys[told["key_id"]]))
        public.verify(decode(told["signature"]), canonical_json(manifest).encode())
    except (InvalidSignature, KeyError, TypeError, ValueError, zipfile.BadZipFile):
        return False
    return True
